(* A network of any depth and any sizes. Its sizes are in its type: weights of a wrong shape cannot
   be written down. *)
From Backprop Require Export Letters.

Section Network.
Variable R : realType.
Implicit Types (n m p : nat).

(* Everything that happens to the weighted input z of a layer of n.+1 neurons, up to the p.+1
   outputs: the layer's activation f, then the weights w and biases b of the next layer, and so on.
   An activation is any map of vectors, so that softmax is allowed, in any layer. *)
Inductive net : nat -> nat -> Type :=
| Output n (f : vec R n -> vec R n) : net n n
| Hidden n m p (f : vec R n -> vec R n) (w : mat R m n) (b : vec R m) (N : net m p) : net n p.

(* (25), from the weighted input of a layer on *)
Fixpoint run n p (N : net n p) : vec R n -> vec R p :=
  match N with
  | Output _ f => f
  | Hidden _ _ _ f w b N => fun z => run N (w *m f z + b)
  end.

(* What comes before: layers of weights w, biases b and activation f, from the n0.+1 inputs on. *)
Inductive layers (n0 : nat) : nat -> Type :=
| Input : layers n0 n0
| Layer n m (A : layers n0 n) (w : mat R m n) (b : vec R m) (f : vec R m -> vec R m) : layers n0 m.

(* (25), the activation of the last of these layers for the input x *)
Fixpoint activation n0 n (A : layers n0 n) (x : vec R n0) : vec R n :=
  match A with
  | Input => x
  | Layer _ _ A w b f => f (w *m activation A x + b)
  end.

(* The cost of one example, as a function of the weighted input of a layer. *)
Definition cost_z n p (N : net n p) (C : vec R p -> R) : vec R n -> R := fun z => C (run N z).

(* (29)  δ_j is dC/dz_j. *)
Definition δ n p (N : net n p) (C : vec R p -> R) (z : vec R n) : vec R n := ∇ (cost_z N C) z.

(* The cost of the whole network for the input x: the layers A, then a layer of weights w and biases
   b, then the rest N. The first layer is the one where A is Input. *)
Definition cost n0 n m p (A : layers n0 n) (w : mat R m n) (b : vec R m) (N : net m p)
    (C : vec R p -> R) (x : vec R n0) : R := cost_z N C (w *m activation A x + b).

(* The same network seen from its next layer: so what is said for every A, w, b and N is said for
   every layer of every network. *)
Lemma next_layer n0 n m m' p (A : layers n0 n) (w : mat R m n) (b : vec R m) f (w' : mat R m' m)
    (b' : vec R m') (N : net m' p) C (x : vec R n0) :
  cost A w b (Hidden f w' b' N) C x = cost (Layer A w b f) w' b' N C x.
Proof. by []. Qed.

(* (23)  An activation function sigma of numbers, applied to each entry. *)
Definition elementwise n (s : R -> R) (z : vec R n) : vec R n := \col_j s (z@_j).
End Network.

Arguments Input {R n0}.
Arguments Output {R n}.

(* The algorithm computes the gradient, in every layer of a network of any depth. *)
From Backprop Require Export BP1 BP2 BP3 BP4 Program.

Section Backprop.
Variable R : realType.
Implicit Types (n m p : nat).

(* The errors, computed from the output backwards: (J) there, (BP2J) in every layer before. *)
Fixpoint backprop n p (N : net R n p) : (vec R p -> R) -> vec R n -> vec R n :=
  match N with
  | Output _ f => fun C z => (jacobian f z)^T *m ∇ C (f z)
  | Hidden _ _ _ f w b N => fun C z =>
      (jacobian f z)^T *m (w^T *m backprop N C (w *m f z + b))
  end.

(* All that is assumed: every activation is differentiable at the weighted input that it receives,
   and the cost at the output. A rectifier is, if its input is not zero. *)
Fixpoint smooth n p (N : net R n p) : (vec R p -> R) -> vec R n -> Prop :=
  match N with
  | Output _ f => fun C z => differentiable f z /\ differentiable C (f z)
  | Hidden _ _ _ f w b N => fun C z => differentiable f z /\ smooth N C (w *m f z + b)
  end.

Lemma differentiable_affine n m (w : mat R m n) (b : vec R m) a :
  differentiable (fun a : vec R n => w *m a + b) a.
Proof.
apply: differentiable_entries => k.
have -> : (fun u : vec R n => (w *m u + b)@_k) =
          (\sum_i (w k i *: (fun u : vec R n => u@_i : R))) + cst (b@_k).
  apply/funext => u; rewrite !mxE; congr (_ + _).
  by rewrite fct_sumE; apply: eq_bigr.
apply: differentiableD => //; apply: differentiable_sum => i.
exact/differentiableZ/differentiable_coord.
Qed.

(* A network is a program of two steps for each layer. *)
Fixpoint steps n p (N : net R n p) : program R n p :=
  match N with
  | Output _ f => Step f (Done R _)
  | Hidden _ _ _ f w b N => Step f (Step (fun a => w *m a + b) (steps N))
  end.

Lemma run_steps n p (N : net R n p) : value (steps N) = run N.
Proof. by elim: N => //= n' m' p' f w b N ->. Qed.

Lemma smooth_net n p (N : net R n p) C z : smooth N C z -> smooth_steps (steps N) C z.
Proof.
elim: N C z => [//|n' m' p' f w b N IH] C z [df /IH sN].
by split=> //; split; first exact: differentiable_affine.
Qed.

Lemma smooth_cost n p (N : net R n p) C z : smooth N C z -> differentiable (cost_z N C) z.
Proof. by move=> /smooth_net/smooth_program; rewrite run_steps. Qed.

Lemma backprop_steps n p (N : net R n p) C z : errors (steps N) C z = backprop N C z.
Proof.
elim: N C z => [//|n' m' p' f w b N IH] C z /=; rewrite IH; congr (_ *m (_^T *m _)).
by apply/matrixP => k i; rewrite mxE; have [_ ->] := weighted_input_derive w b (f z) i k.
Qed.

(* What it computes are the errors (29): a case of `program_gradient`.
   Assumed: every activation is differentiable at the weighted input that it receives, and the cost
   at the output. *)
Theorem backprop_delta n p (C : vec R p -> R) (N : net R n p) (z : vec R n) :
  smooth N C z -> ∇ (cost_z N C) z ∃= backprop N C z.
Proof. by move=> /smooth_net/program_gradient; rewrite run_steps backprop_steps. Qed.

(* And with them BP3 and BP4 give the derivative of the cost in every bias and every weight, of
   every layer (A, w, b, N) of every network.
   Assumed: every activation is differentiable at the weighted input that it receives, and the cost
   at the output. *)
Theorem backprop_gradient n0 n m p (C : vec R p -> R) (A : layers R n0 n) (w : mat R m n)
    (b : vec R m) (N : net R m p) (x : vec R n0) :
  let a := activation A x in
  let z := w *m a + b in
  let d := backprop N C z in
  smooth N C z ->
  (forall j, ∂_j (fun b : vec R m => cost A w b N C x) b ∃= d@_j) /\
  (forall (j : 'I_m.+1) (k : 'I_n.+1),
    ∂_[j, k] (fun w : mat R m n => cost A w b N C x) w ∃= (a@_k * d@_j)).
Proof.
move=> a z d sN; have dN := smooth_cost sN.
have dj j : ∂_j (cost_z N C) z ∃ by exact: diff_derivable.
have same : δ N C z = d.
  by apply/matrixP => j l; rewrite ord1 mxE; have [_ ->] := backprop_delta sN j.
by rewrite -same; split=> [j|j k]; [exact: BP3|exact: BP4].
Qed.

(* For elementwise activations the steps of the algorithm are (BP1a) and (BP2). *)
Lemma jacobian_elementwise n (σ : R -> R) (z g : vec R n) :
  (forall j, derivable σ (z@_j) 1) ->
  (jacobian (elementwise σ) z)^T *m g = g ⊙ elementwise σ^`() z.
Proof.
move=> ds; apply/matrixP => j l; rewrite ord1 !mxE -(sum_kronecker (fun k => g@_k)).
apply: eq_bigr => k _; rewrite !mxE mulrC; congr (_ * _).
by have [_ ->] := elementwise_derive k (ds j).
Qed.

(* For elementwise activations the first step of the algorithm is (BP1a),
   Assumed: σ has a derivative at every z_j. *)
Theorem backprop_output n (C : vec R n -> R) (σ : R -> R) (z : vec R n) :
  (forall j, derivable σ (z@_j) 1) ->
  backprop (Output (elementwise σ)) C z = ∇ C (elementwise σ z) ⊙ elementwise σ^`() z.
Proof. exact: jacobian_elementwise. Qed.

(* and every other step is (BP2).
   Assumed: σ has a derivative at every z_j. *)
Theorem backprop_hidden n m p (C : vec R p -> R) (σ : R -> R) (w : mat R m n) (b : vec R m)
    (N : net R m p) (z : vec R n) :
  (forall j, derivable σ (z@_j) 1) ->
  backprop (Hidden (elementwise σ) w b N) C z =
    (w^T *m backprop N C (w *m elementwise σ z + b)) ⊙ elementwise σ^`() z.
Proof. exact: jacobian_elementwise. Qed.

Lemma differentiable_elementwise n (σ : R -> R) (z : vec R n) :
  (forall j, derivable σ (z@_j) 1) -> differentiable (elementwise σ) z.
Proof.
move=> ds; apply: differentiable_entries => k.
have -> : (fun u : vec R n => (elementwise σ u)@_k) = σ \o (fun u : vec R n => u@_k).
  by apply/funext => u /=; rewrite mxE.
apply: differentiable_comp; first exact: differentiable_coord.
exact/derivable1_diffP.
Qed.
End Backprop.

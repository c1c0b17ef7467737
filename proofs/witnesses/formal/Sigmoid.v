(* The book's networks: sigmoid layers with the quadratic cost, and with softmax and log-likelihood.
   About them nothing is left to assume. *)
From Backprop Require Export Quadratic Softmax.

Section Sigmoid.
Variable R : realType.
Implicit Types (n m p : nat).

(* (3) *)
Definition sigmoid (z : R) : R := (1 + expR (- z))^-1.
Definition sigmoids n (z : vec R n) : vec R n := elementwise sigmoid z.

(* σ' = σ (1 - σ).
   Assumed: nothing. *)
Theorem sigmoid_derive (z : R) : is_derive z 1 sigmoid (sigmoid z * (1 - sigmoid z)).
Proof.
have D0 : 1 + expR (- z) != 0 by rewrite gt_eqF // addr_gt0 // expR_gt0.
pose g (z : R) := 1 + expR (- z).
have [dD DD] : is_derive z 1 g (- expR (- z)).
  have dN : is_derive z 1 (fun z : R => - z) (-1) by exact: is_deriveNid.
  have dE : differentiable (@expR R) (- z) by apply/derivable1_diffP; exact: derivable_expR.
  have := is_deriveD (is_derive_cst (1 : R) z (1 : R)) (chain_of_maps dE dN); congr is_derive.
  rewrite add0r linearN; congr (- _).
  by rewrite -deriveE // (@derive_val _ _ _ _ _ _ _ (is_derive_expR (- z))).
have dV : derivable (fun z => (g z)^-1) z 1 by exact: (@derivableV R _ g z 1 D0 dD).
have DV := @deriveV R _ g z 1 D0 dD.
split; first exact: dV.
rewrite [LHS]DV DD /sigmoid /g /GRing.scale /= -exprVn.
set u := (1 + expR (- z))^-1; have uE : u * (1 + expR (- z)) = 1 by rewrite mulVf.
have u1 : 1 - u = u * expR (- z) by rewrite -{1}uE mulrDr mulr1 addrAC subrr add0r.
by rewrite u1 mulNr mulrN opprK expr2 mulrA.
Qed.

Lemma sigmoid_derivable (z : R) : derivable sigmoid z 1.
Proof. by case: (sigmoid_derive z). Qed.

Lemma differentiable_sigmoid n (z : vec R n) : differentiable (elementwise sigmoid) z.
Proof. by apply: differentiable_elementwise => j; exact: sigmoid_derivable. Qed.

Lemma differentiable_softmax n (z : vec R n) : differentiable (softmax) z.
Proof.
have dE k : differentiable (fun z : vec R n => expR (z@_k)) z.
  apply: (@differentiable_comp _ _ _ _ (fun z : vec R n => z@_k) (@expR R)).
    exact: differentiable_coord.
  by apply/derivable1_diffP; exact: derivable_expR.
have dS : differentiable (@exp_sum R n) z.
  have -> : @exp_sum R n = \sum_k (fun z : vec R n => expR (z@_k)).
    by apply/funext => u; rewrite fct_sumE.
  exact: differentiable_sum.
have S0 : exp_sum z != 0 by rewrite gt_eqF // exp_sum_gt0.
apply: differentiable_entries => k.
have -> : (fun u => (softmax u)@_k) =
          (fun z : vec R n => expR (z@_k)) * (fun z : vec R n => (exp_sum z)^-1).
  by apply/funext => u; rewrite mxE.
apply: (differentiableM (dE k)); exact: differentiableV.
Qed.

(* Every activation is the sigmoid, but for that of the output layer. *)
Fixpoint sigmoid_net n p (N : net R n p) (output : forall n, vec R n -> vec R n) : Prop :=
  match N with
  | Output n f => f = output n
  | Hidden n _ _ f _ _ N => f = @sigmoids n /\ sigmoid_net N output
  end.

(* The sigmoid everywhere, quadratic cost: the algorithm returns every partial derivative of the
   cost, whatever the depth, the sizes, the weights and biases, the input x and the target y.
   Assumed: nothing, but that every activation from this layer on is the sigmoid. *)
Theorem backprop_sigmoid_quadratic n0 n m p (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) (y : vec R p) :
  let C := quadratic y in
  let a := activation A x in
  let d := backprop N C (w *m a + b) in
  sigmoid_net N (@sigmoids) ->
  (forall j, ∂_j (fun b : vec R m => cost A w b N C x) b ∃= d@_j) /\
  (forall (j : 'I_m.+1) (k : 'I_n.+1),
    ∂_[j, k] (fun w : mat R m n => cost A w b N C x) w ∃= (a@_k * d@_j)).
Proof.
move=> C a d sN; apply: backprop_gradient; rewrite /C.
elim: N y sN {d C} (w *m activation A x + b) => [q f y -> z|q m' p' f u c N IH y [-> sN] z].
  by split; [exact: differentiable_sigmoid|exact: differentiable_quadratic].
by split; [exact: differentiable_sigmoid|exact: IH].
Qed.

(* The same with softmax at the output and the log-likelihood cost.
   Assumed: nothing, but that the activations are these; the targets may be any numbers. *)
Theorem backprop_softmax_log_likelihood n0 n m p (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) (y : vec R p) :
  let C := log_likelihood y in
  let a := activation A x in
  let d := backprop N C (w *m a + b) in
  sigmoid_net N (@softmax R) ->
  (forall j, ∂_j (fun b : vec R m => cost A w b N C x) b ∃= d@_j) /\
  (forall (j : 'I_m.+1) (k : 'I_n.+1),
    ∂_[j, k] (fun w : mat R m n => cost A w b N C x) w ∃= (a@_k * d@_j)).
Proof.
move=> C a d sN; apply: backprop_gradient; rewrite /C.
elim: N y sN {d C} (w *m activation A x + b) => [q f y -> z|q m' p' f u c N IH y [-> sN] z].
  split; first exact: differentiable_softmax.
  by apply: differentiable_log_likelihood => k; exact: softmax_gt0.
by split; [exact: differentiable_sigmoid|exact: IH].
Qed.
End Sigmoid.

Arguments sigmoid {R} z.
Arguments sigmoids {R} n z.

(* The quadratic cost. *)
From Backprop Require Export Backprop.

Section Quadratic.
Variable R : realType.

(* (27)  C = 1/2 sum over j of (y_j - a_j)^2 *)
Definition quadratic n (y a : vec R n) : R := 2^-1 * \sum_j (y@_j - a@_j) ^+ 2.

Lemma quadratic_sum n (y : vec R n) :
  quadratic y = (2^-1 : R) *: \sum_j (cst (y@_j) - (fun a : vec R n => a@_j : R)) ^+ 2.
Proof. by apply/funext => a; rewrite /quadratic -[RHS]/(2^-1 * _) fct_sumE. Qed.

Lemma differentiable_quadratic n (y a : vec R n) : differentiable (quadratic y) a.
Proof.
rewrite quadratic_sum; apply: differentiableZ; apply: differentiable_sum => j.
apply: differentiableX; apply: differentiableB => //; exact: differentiable_coord.
Qed.

(* (Q)  dC/da_j = a_j - y_j.
   Assumed: nothing. *)
Theorem quadratic_derive n (y a : vec R n) (j : 'I_n.+1) :
  ∂_j (quadratic y) a ∃= (a@_j - y@_j).
Proof.
rewrite quadratic_sum.
have B k := is_deriveB (is_derive_cst (y@_k) a (e R j)) (entry_derive a j k).
have D k := is_deriveX 1 (B k).
have Z := is_deriveZ (2^-1 : R) (is_derive_sum D).
apply: (@is_derive_eq _ _ _ _ _ _ _ _ Z).
rewrite (bigD1 j) // big1 => [|k kj].
  rewrite /kronecker /= addr0 eqxx sub0r expr1 /GRing.scale /=.
  rewrite mulrN1 mulrN mulrA mulVf ?pnatr_eq0 // mul1r; exact: opprB.
by rewrite /kronecker eq_sym (negPf kj) subr0 scaler0.
Qed.

(* (30)  δ = (a - y) ⊙ σ'(z).
   Assumed: σ has a derivative at every z_j. *)
Theorem BP1_quadratic n (σ : R -> R) (y z : vec R n) :
  let a := elementwise σ z in
  (forall j, derivable σ (z@_j) 1) ->
  ∇ (cost_z (Output (elementwise σ)) (quadratic y)) z ∃= ((a - y) ⊙ elementwise σ^`() z).
Proof.
move=> a ds j; have := BP1 (differentiable_quadratic y a) (ds j); congr is_derive.
by rewrite [RHS]mxE; have [_ ->] := quadratic_derive y a j; rewrite !mxE.
Qed.
End Quadratic.

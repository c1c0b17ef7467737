(* Softmax at the output: where (38) is false, and when the error is a - y. *)
From mathcomp Require Export sequences exp.
From Backprop Require Export Backprop.

Section Softmax.
Variable R : realType.
Implicit Types (n : nat).

(* a_k = exp z_k / sum over i of exp z_i *)
Definition exp_sum n (z : vec R n) : R := \sum_i expR (z@_i).
Definition softmax n (z : vec R n) : vec R n := \col_k (expR (z@_k) / exp_sum z).
Arguments softmax {n} z.

(* The log-likelihood cost for targets y, which need be neither positive nor of sum 1:
   - sum over k of  y_k ln a_k *)
Definition log_likelihood n (y a : vec R n) : R := - \sum_k y@_k * ln (a@_k).

Lemma exp_sum_gt0 n (z : vec R n) : 0 < exp_sum z.
Proof.
rewrite /exp_sum big_ord_recl; apply: (lt_le_trans (expR_gt0 (z@_ord0))).
by rewrite -subr_ge0 addrC addKr sumr_ge0 // => i _; exact/ltW/expR_gt0.
Qed.

Lemma softmax_gt0 n (z : vec R n) k : 0 < (softmax z)@_k.
Proof. by rewrite mxE divr_gt0 ?expR_gt0 ?exp_sum_gt0. Qed.

Lemma exp_derive n (z : vec R n) j k :
  ∂_j (fun z : vec R n => expR (z@_k)) z ∃= (expR (z@_j) * [j = k]).
Proof.
have := elementwise_derive k (@derivable_expR R (z@_j)).
rewrite derive1E (@derive_val _ _ _ _ _ _ _ (is_derive_expR (z@_j))).
rewrite (_ : (fun z : vec R n => (elementwise expR z)@_k) = (fun z => expR (z@_k))) //.
by apply/funext => u; rewrite mxE.
Qed.

Lemma exp_sum_derive n (z : vec R n) j : ∂_j (@exp_sum n) z ∃= (expR (z@_j)).
Proof.
have -> : @exp_sum n = \sum_k (fun z : vec R n => expR (z@_k)).
  by apply/funext => u; rewrite fct_sumE.
have := is_derive_sum (fun k => exp_derive z j k); congr is_derive.
by under eq_bigr do rewrite -[_ * [_ = _]]mul1r; rewrite (sum_kronecker (fun _ => 1)) mul1r.
Qed.

(* (J2)  da_k/dz_j = a_k ([j = k] - a_j).
   Assumed: nothing. *)
Theorem softmax_derive n (z : vec R n) (j k : 'I_n.+1) :
  let a := softmax z in
  ∂_j (fun z : vec R n => (softmax z)@_k) z ∃= (a@_k * ([j = k] - a@_j)).
Proof.
have S0 : exp_sum z != 0 by rewrite gt_eqF // exp_sum_gt0.
have [dS DS] := exp_sum_derive z j.
have [dE DE] := exp_derive z j k.
have dV : ∂_j (fun z : vec R n => (exp_sum z)^-1) z ∃ by exact: (derivableV S0 dS).
have DV := deriveV S0 dS.
have -> : (fun z => (softmax z)@_k) =
          (fun z : vec R n => expR (z@_k)) * (fun z : vec R n => (exp_sum z)^-1).
  by apply/funext => u; rewrite mxE.
apply: DeriveDef; first exact: (derivableM dE dV).
rewrite (deriveM dE dV) DV DE DS !mxE /GRing.scale /= -exprVn.
set u := (exp_sum z)^-1; rewrite /kronecker; have [<-|_] := eqVneq j k.
  rewrite mulr1 mulNr mulrN expr2 mulrBr mulr1 addrC (mulrC u); congr (_ - _).
  by rewrite -!mulrA; congr (_ * _); rewrite mulrC -mulrA; congr (_ * _); rewrite mulrC.
rewrite !mulr0 addr0 sub0r mulNr !mulrN expr2 -!mulrA; congr (- (_ * (_ * _))).
by rewrite mulrC.
Qed.

(* (S)  δ_j = sum over k of  dC/da_k a_k ([j = k] - a_j): no term need be zero.
   Assumed: C is differentiable at a. *)
Theorem softmax_error n (C : vec R n -> R) (z : vec R n) (j : 'I_n.+1) :
  let a := softmax z in
  differentiable C a ->
  ∂_j (cost_z (Output softmax) C) z ∃= (\sum_k ∂_k C a * (a@_k * ([j = k] - a@_j))).
Proof. by move=> a dC; exact: (chain_rule dC (fun k => softmax_derive z j k)). Qed.

Lemma ln_derivable (x : R) : 0 < x -> derivable (@ln R) x 1.
Proof. by move=> x0; have [] := is_derive1_ln x0. Qed.

Lemma ln_sum n (y : vec R n) :
  log_likelihood y = - \sum_k (y@_k *: (fun a : vec R n => (elementwise (@ln R) a)@_k : R)).
Proof.
apply/funext => a; rewrite /log_likelihood -[RHS]/(- (_ a)) fct_sumE; congr (- _).
by apply: eq_bigr => k _; rewrite -[RHS]/(_ * _) mxE.
Qed.

(* (LL)  dC/da_k = - y_k / a_k.
   Assumed: a_k is positive; the other entries may be anything. *)
Theorem log_likelihood_derive n (y a : vec R n) (k : 'I_n.+1) :
  0 < a@_k -> ∂_k (log_likelihood y) a ∃= (- (y@_k / a@_k)).
Proof.
move=> a0; rewrite ln_sum; apply: is_deriveN.
have dl i := elementwise_derive i (ln_derivable a0).
have := is_derive_sum (fun i => is_deriveZ (y@_i) (dl i)); congr is_derive.
rewrite (sum_kronecker (fun i => y@_i)) derive1E; congr (_ * _).
by have [_ ->] := is_derive1_ln a0.
Qed.

Lemma differentiable_log_likelihood n (y a : vec R n) :
  (forall k, 0 < a@_k) -> differentiable (log_likelihood y) a.
Proof.
move=> a0; rewrite ln_sum; apply: differentiableN; apply: differentiable_sum => k.
apply: differentiableZ.
have -> : (fun a : vec R n => (elementwise (@ln R) a)@_k : R) = @ln R \o (fun a => a@_k).
  by apply/funext => u /=; rewrite mxE.
apply: differentiable_comp; first exact: differentiable_coord.
exact/derivable1_diffP/ln_derivable.
Qed.

(* (S-LL)  δ_j = a_j (sum over k of  y_k) - y_j, for any targets.
   Assumed: nothing. *)
Theorem softmax_log_likelihood n (y z : vec R n) (j : 'I_n.+1) :
  let a := softmax z in
  ∂_j (cost_z (Output softmax) (log_likelihood y)) z ∃= (a@_j * (\sum_k y@_k) - y@_j).
Proof.
move=> a; have a0 k := softmax_gt0 z k.
have := softmax_error j (differentiable_log_likelihood y a0); congr is_derive.
have -> : \sum_k ∂_k (log_likelihood y) a * (a@_k * ([j = k] - a@_j)) =
          \sum_k (a@_j * y@_k - y@_k * (1 * [j = k])).
  apply: eq_bigr => k _; have [_ ->] := log_likelihood_derive y (a0 k).
  rewrite mul1r mulrA mulNr -mulrA mulVf ?mulr1; last by rewrite gt_eqF // a0.
  by rewrite mulrBr !mulNr opprK addrC (mulrC y@_k).
by rewrite sumrB -mulr_sumr (sum_kronecker (fun k => y@_k)) mulr1.
Qed.

(* (84)  δ_j = a_j - y_j.
   Assumed: the targets sum to 1. *)
Theorem softmax_log_likelihood_delta n (y z : vec R n) (j : 'I_n.+1) :
  let a := softmax z in
  \sum_k y@_k = 1 ->
  ∂_j (cost_z (Output softmax) (log_likelihood y)) z ∃= (a@_j - y@_j).
Proof.
move=> a y1; have := softmax_log_likelihood y z j.
by rewrite /= y1 mulr1.
Qed.

(* ---- (38) is false for softmax ---- *)

(* Its right side. *)
Definition rhs_38 n (C : vec R n -> R) (a : vec R n -> vec R n) (z : vec R n) (j : 'I_n.+1) : R :=
  ∂_j C (a z) * ∂_j (fun z : vec R n => (a z)@_j) z.

(* By how much it misses the error: a_j times the targets of all the other classes.
   Assumed: nothing. *)
Theorem softmax_38_misses n (y z : vec R n) (j : 'I_n.+1) :
  let a := softmax z in
  ∂_j (cost_z (Output softmax) (log_likelihood y)) z =
    rhs_38 (log_likelihood y) softmax z j + a@_j * (\sum_(k | k != j) y@_k).
Proof.
move=> a; have a0 : 0 < a@_j := softmax_gt0 z j.
have [_ ->] := softmax_log_likelihood y z j.
rewrite /rhs_38; have [_ ->] := log_likelihood_derive y a0; have [_ ->] := softmax_derive z j j.
rewrite /kronecker eqxx -/a.
have -> : - (y@_j / a@_j) * (a@_j * (1 - a@_j)) = a@_j * y@_j - y@_j.
  rewrite mulrA mulNr -mulrA mulVf ?mulr1; last by rewrite gt_eqF.
  by rewrite mulrBr !mulNr opprK mulr1 addrC (mulrC a@_j).
by rewrite (bigD1 j) //= mulrDr addrAC.
Qed.

(* If the target is one class c, it is 0 at EVERY z and for EVERY other class j; the error is a_j,
   which is positive.
   Assumed: nothing. *)
Theorem softmax_38_wrong n (c : 'I_n.+1) (z : vec R n) (j : 'I_n.+1) :
  let a := softmax z in
  j != c ->
  rhs_38 (log_likelihood (e R c)) softmax z j = 0 /\
  ∂_j (cost_z (Output softmax) (log_likelihood (e R c))) z = a@_j /\ 0 < a@_j.
Proof.
move=> a jc; have a0 : 0 < a@_j := softmax_gt0 z j.
have y0 : (e R c)@_j = 0 by rewrite mxE (negPf jc).
have y1 : \sum_k (e R c)@_k = 1.
  rewrite (bigD1 c) //= big1 => [|k /negPf kc]; last by rewrite mxE kc.
  by rewrite mxE !eqxx addr0.
split; [|split] => //.
  rewrite /rhs_38; have [_ ->] := log_likelihood_derive (e R c) a0.
  by rewrite y0 !mul0r oppr0 mul0r.
by have [_ ->] := softmax_log_likelihood_delta z j y1; rewrite y0 subr0.
Qed.

(* So (38) holds for no softmax layer of two neurons or more: at no z, for no neuron j is it true
   of every cost that is differentiable there.
   Assumed: nothing. *)
Theorem BP1_local_false_for_softmax n (z : vec R n.+1) (j : 'I_n.+2) :
  ~ (forall C : vec R n.+1 -> R,
       differentiable C (softmax z) ->
       ∂_j (cost_z (Output softmax) C) z ∃=
         (∂_j C (softmax z) * ∂_j (fun z : vec R n.+1 => (softmax z)@_j) z)).
Proof.
have [c jc] : exists c, j != c.
  by have [->|j0] := eqVneq j ord0; [exists (lift ord0 ord0)|exists ord0].
move=> all; have [zero [error a0]] := softmax_38_wrong z jc.
have [_] := all _ (differentiable_log_likelihood (e R c) (softmax_gt0 z)).
by rewrite error -[RHS]/(rhs_38 _ _ _ _) zero => a_is_0; rewrite a_is_0 ltxx in a0.
Qed.
End Softmax.

Arguments softmax {R n} z.

(* Attention: position j takes the share P_jk of the value of position k, and a row of P is the softmax
   of a row of scores. Queries, keys, values and scores have a row for each position. *)
From mathcomp Require Import sequences exp.
From Backprop Require Export Shared.

Section Attention.
Variables (R : realType) (T n m : nat).
Implicit Types (Q K : mat R T n) (V : mat R T m) (S P M : mat R T T) (i j k : 'I_T.+1).

(* (A-S), (A-P), (A-O)  The mask M is 1 where j may look at k, and 0 elsewhere. *)
Definition scores Q K : mat R T T := (Num.sqrt n.+1%:R)^-1 *: (Q *m K^T).
Definition all_of M S j : R := \sum_k M j k * expR (S j k).
Definition shares M S : mat R T T := \matrix_(j, k) (M j k * expR (S j k) / all_of M S j).

Lemma weighed_derive M S j i j' k :
  ∂_[j, i] (fun S => M j' k * expR (S j' k) : R) S ∃=
    (M j' k * expR (S j' k) * ([j = j'] * [i = k])).
Proof.
have dx : differentiable (@expR R) (S j' k) by apply/derivable1_diffP.
have de := chain_of_maps (g := fun S : mat R T T => S j' k) dx (matrix_entry_derive S j i j' k).
have := is_deriveZ (M j' k) de; congr is_derive.
rewrite diff1E // derive1E (@derive_val _ _ _ _ _ _ _ (is_derive_expR (S j' k))).
by rewrite -[LHS]/(_ * (_ * _)) -mulrA; congr (_ * _); rewrite mulrC.
Qed.

(* (A-J)  dP_jk/dS_ji = P_jk ([i = k] - P_ji), and nothing in the other rows.
   Assumed: the row has something to look at, so that its denominator is not 0. *)
Theorem shares_derive M S j i j' k :
  let P := shares M S in
  all_of M S j' != 0 ->
  ∂_[j, i] (fun S => shares M S j' k) S ∃= ([j = j'] * (P j' k * ([i = k] - P j' i))).
Proof.
move=> P a0; pose W k := M j' k * expR (S j' k).
have dA : ∂_[j, i] (fun S => all_of M S j') S ∃= ([j = j'] * W i).
  have -> : (fun S => all_of M S j') = \sum_k (fun S : mat R T T => M j' k * expR (S j' k)).
    by apply/funext => u; rewrite fct_sumE.
  have := sum_derive (fun k => weighed_derive M S j i j' k); congr is_derive.
  by under eq_bigr do rewrite mulrA; rewrite (sum_delta (fun k => W k * _)) mulrC.
have -> : (fun S => shares M S j' k) = (fun S => M j' k * expR (S j' k) / all_of M S j').
  by apply/funext => u; rewrite mxE.
have := quotient_derive (g := fun S => all_of M S j') a0 (weighed_derive M S j i j' k) dA.
congr is_derive; rewrite /P !mxE -/(W k) -/(W i).
move: (W k) (W i) [j = j'] [i = k] (all_of M S j')^-1 => u v J D r.
rewrite [LHS]mulrBl !mulrBr; congr (_ - _).
  by rewrite [u * (J * D)]mulrCA -!mulrA; congr (_ * (_ * _)); rewrite mulrC.
by rewrite [u * r * (J * v)]mulrCA -!mulrA.
Qed.

(* (dV)  The value of k is read by every position j, with the share P_jk.
   Assumed: D is differentiable at the outputs. *)
Theorem values_error (D : mat R T m -> R) P V k q :
  let O V := P *m V in
  differentiable D (O V) ->
  ∂_[k, q] (fun V => D (O V)) V ∃= (\sum_j P j k * ∂_[j, q] D (O V)).
Proof. exact: product_error. Qed.

(* (dP)  A share multiplies every number of its value.
   Assumed: D is differentiable at the outputs. *)
Theorem shares_error (D : mat R T m -> R) P V j k :
  let O P := P *m V in
  differentiable D (O P) ->
  ∂_[j, k] (fun P => D (O P)) P ∃= (\sum_q ∂_[j, q] D (O P) * V k q).
Proof. exact: left_product_error. Qed.

Lemma scores_of_query Q K : scores Q K = Q *m ((Num.sqrt n.+1%:R)^-1 *: K^T).
Proof. by rewrite -scalemxAr. Qed.

(* (dQ)  A query is read by every score of its row.
   Assumed: D is differentiable at the scores. *)
Theorem queries_error (D : mat R T T -> R) Q K j (i : 'I_n.+1) :
  differentiable D (scores Q K) ->
  ∂_[j, i] (fun Q => D (scores Q K)) Q ∃=
    ((\sum_k ∂_[j, k] D (scores Q K) * K k i) / Num.sqrt n.+1%:R).
Proof.
have -> : (fun Q => D (scores Q K)) = (fun Q => D (Q *m ((Num.sqrt n.+1%:R)^-1 *: K^T))).
  by apply/funext => X; rewrite scores_of_query.
rewrite scores_of_query => dD; have := left_product_error j i dD; congr is_derive.
by rewrite mulr_suml; apply: eq_bigr => k _; rewrite !mxE [_ * K k i]mulrC mulrA.
Qed.

(* (dK)  A key is read by every position that looks at it.
   Assumed: D is differentiable at the scores. *)
Theorem keys_error (D : mat R T T -> R) Q K k (i : 'I_n.+1) :
  differentiable D (scores Q K) ->
  ∂_[k, i] (fun K => D (scores Q K)) K ∃=
    ((\sum_j ∂_[j, k] D (scores Q K) * Q j i) / Num.sqrt n.+1%:R).
Proof.
move=> dD; set r := (Num.sqrt n.+1%:R)^-1.
have dS j q : ∂_[k, i] (fun K => scores Q K j q : R) K ∃= (r * Q j i * [k = q]).
  have -> : (fun K => scores Q K j q : R) = \sum_l (r * Q j l *: (fun K : mat R T n => K q l : R)).
    apply/funext => Z; rewrite !mxE fct_sumE mulr_sumr; apply: eq_bigr => l _.
    by rewrite !mxE -[RHS]/(_ * _) mulrA.
  have := sum_derive (fun l => is_deriveZ (r * Q j l) (matrix_entry_derive K k i q l)).
  congr is_derive; rewrite -(sum_delta (fun l => r * Q j l)) mulr_suml; apply: eq_bigr => l _.
  by rewrite -[LHS]/(_ * _) mulrCA mulrC.
have := chain_rule_matrix (a := scores Q) dD dS; congr is_derive.
rewrite mulr_suml; apply: eq_bigr => j _; under eq_bigr do rewrite mulrA.
by rewrite (sum_delta (fun q => ∂_[j, q] D _ * (r * Q j i))) mulrCA mulrC.
Qed.

Variables (M : mat R T T) (S : mat R T T) (C : mat R T T -> R).
Hypothesis seen : forall j, all_of M S j != 0.

(* (dS-2)  A score moves all shares of its row: no term of the sum need be zero.
   Assumed: every row has something to look at; C is differentiable at the shares. *)
Theorem scores_sum j i :
  let P := shares M S in
  differentiable C P ->
  ∂_[j, i] (fun S => C (shares M S)) S ∃= (\sum_k ∂_[j, k] C P * P j k * ([i = k] - P j i)).
Proof.
move=> P dC.
have := chain_rule_matrix (a := shares M) dC (fun j' k => shares_derive j i k (seen j')).
congr is_derive; rewrite -/P.
rewrite -[RHS](sum_delta (fun j' => \sum_k ∂_[j', k] C P * P j' k * ([i = k] - P j' i))).
apply: eq_bigr => j' _; rewrite mulr_suml; apply: eq_bigr => k _.
by rewrite mulrCA [RHS]mulrC -!mulrA.
Qed.

(* (dS-1)  The chain rule through every share of the row.
   Assumed: every row has something to look at; C is differentiable at the shares. *)
Theorem scores_chain j i :
  let P := shares M S in
  differentiable C P ->
  ∂_[j, i] (fun S => C (shares M S)) S ∃=
    (\sum_k ∂_[j, k] C P * ∂_[j, i] (fun S => shares M S j k) S).
Proof.
move=> P dC; have := scores_sum j i dC; congr is_derive; apply: eq_bigr => k _.
have [_ ->] := shares_derive j i k (seen j).
by rewrite /kronecker eqxx mul1r mulrA.
Qed.

(* (dS)  The error of a score: its share, times how far the error of the share lies above the average
   of its row.
   Assumed: every row has something to look at; C is differentiable at the shares. *)
Theorem scores_error j i :
  let P := shares M S in
  differentiable C P ->
  ∂_[j, i] (fun S => C (shares M S)) S ∃=
    (P j i * (∂_[j, i] C P - \sum_k ∂_[j, k] C P * P j k)).
Proof.
move=> P dC; have := scores_sum j i dC; congr is_derive; rewrite -/P.
under eq_bigr do rewrite mulrBr; rewrite sumrB sum_delta -mulr_suml mulrBr.
by congr (_ - _); rewrite mulrC.
Qed.
End Attention.

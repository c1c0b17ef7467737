(* Images and sequences with channels: convolution, pooling, batch norm. *)
From Backprop Require Export Norm Shared.

(* Output channel j has a kernel w_j, with a row for each input channel; it moves on by r places and
   reads every d-th number. *)
Section Channels.
Variables (R : realType) (m n k l p r d : nat).
Implicit Types (w : 'I_m.+1 -> mat R k l) (x : mat R k l) (a : mat R k n) (b : vec R m).
Implicit Types (C : mat R m p -> R).

Definition under (k' : 'I_k.+1) (p' : nat) (q : 'I_l.+1) := place k n k' (r * p' + d * q).
Definition channels w a b : mat R m p :=
  \matrix_(j, p') (\sum_k' \sum_q w j k' q * at_place a (under k' p' q) + b@_j).

(* (ch-b)  Every place of its channel reads the bias, and no other channel does.
   Assumed: C is differentiable at z. *)
Theorem channels_bias C w a b j :
  let z := channels w a b in
  differentiable C z ->
  ∂_j (fun b => C (channels w a b)) b ∃= (\sum_p' ∂_[j, p'] C z).
Proof.
move=> z dC.
have db i p' : ∂_j (fun b => channels w a b i p' : R) b ∃= [j = i].
  pose c := \sum_k' \sum_q w i k' q * at_place a (under k' p' q).
  have -> : (fun b => channels w a b i p' : R) = cst c + (fun b : vec R m => b@_i : R).
    by apply/funext => x; rewrite mxE.
  by have := is_deriveD (is_derive_cst c b (e R j)) (entry_derive b j i); rewrite add0r.
have := chain_rule_matrix (a := channels w a) dC db; congr is_derive.
rewrite exchange_big; apply: eq_bigr => p' _; exact: (sum_delta (fun i => ∂_[i, p'] C z)).
Qed.

(* The kernel of channel j alone is moved. *)
Definition with_kernel w j x i := if i == j then x else w i.

(* (ch-w)  What the weight has met, times the error there, over all places of its channel.
   Assumed: C is differentiable at z. *)
Theorem channels_weight C w a b j k' q :
  let z := channels w a b in
  differentiable C z ->
  ∂_[k', q] (fun x => C (channels (with_kernel w j x) a b)) (w j) ∃=
    (\sum_p' ∂_[j, p'] C z * at_place a (under k' p' q)).
Proof.
move=> z dC.
have same : channels (with_kernel w j (w j)) a b = z.
  apply/matrixP => i p'; rewrite !mxE /with_kernel; congr (_ + _).
  by apply: eq_bigr => k1 _; apply: eq_bigr => q1 _; case: eqP => [->|].
have dw i p' : ∂_[k', q] (fun x => channels (with_kernel w j x) a b i p' : R) (w j) ∃=
               (at_place a (under k' p' q) * [j = i]).
  rewrite /kronecker [j == i]eq_sym; have [->|ij] := eqVneq i j.
    rewrite mulr1; pose c (k1 : 'I_k.+1) q1 := at_place a (under k1 p' q1).
    have -> : (fun x => channels (with_kernel w j x) a b j p' : R) =
              \sum_k1 \sum_q1 (c k1 q1 *: (fun x : mat R k l => x k1 q1 : R)) + cst b@_j.
      apply/funext => x; rewrite mxE /with_kernel eqxx -[RHS]/(_ + _) fct_sumE; congr (_ + _).
      apply: eq_bigr => k1 _; rewrite fct_sumE; apply: eq_bigr => q1 _; exact: mulrC.
    have ds := sum_derive (fun k1 => sum_derive (fun q1 =>
      is_deriveZ (c k1 q1) (matrix_entry_derive (w j) k' q k1 q1))).
    have := is_deriveD ds (is_derive_cst b@_j (w j) (delta_mx k' q)); congr is_derive.
    by rewrite addr0 -[RHS](sum_deltas c).
  have -> : (fun x => channels (with_kernel w j x) a b i p' : R) = cst (z i p').
    apply/funext => x; rewrite !mxE /with_kernel (negPf ij); congr (_ + _).
  by rewrite mulr0; exact: is_derive_cst.
have dC' : differentiable C (channels (with_kernel w j (w j)) a b) by rewrite same.
have := chain_rule_matrix (a := fun x => channels (with_kernel w j x) a b) dC' dw; congr is_derive.
rewrite same exchange_big; apply: eq_bigr => p' _; under eq_bigr do rewrite mulrA.
exact: (sum_delta (fun i => ∂_[i, p'] C z * at_place a (under k' p' q))).
Qed.

(* (ch-a)  An input is read by every output channel, at the places where a weight has met it.
   Assumed: C is differentiable at z. *)
Theorem channels_input C w a b k' i :
  let z := channels w a b in
  differentiable C z ->
  ∂_[k', i] (fun a => C (channels w a b)) a ∃=
    (\sum_j \sum_p' ∂_[j, p'] C z * \sum_(q : 'I_l.+1 | (r * p' + d * q == i)%N) w j k' q).
Proof.
move=> z dC; apply: (chain_rule_matrix (a := fun a => channels w a b)) => // j p'.
have -> : (fun a => channels w a b j p' : R) =
    \sum_k1 \sum_q1 (w j k1 q1 *: (fun a => at_place a (under k1 p' q1) : R)) + cst b@_j.
  apply/funext => x; rewrite mxE -[RHS]/(_ + _) fct_sumE; congr (_ + _).
  by apply: eq_bigr => k1 _; rewrite fct_sumE.
have ds := sum_derive (fun k1 => sum_derive (fun q1 =>
  is_deriveZ (w j k1 q1) (at_place_derive a k' i (under k1 p' q1)))).
have := is_deriveD ds (is_derive_cst b@_j a (delta_mx k' i)); congr is_derive.
rewrite addr0 (bigD1 k') //= [X in _ + X]big1 ?addr0 => [|k1 k1k].
  rewrite [RHS]big_mkcond; apply: eq_bigr => q _.
  rewrite -[LHS]/(_ * _) /under at_a_place eqxx; by case: eqP; rewrite ?mulr1 ?mulr0.
apply: big1 => q _; rewrite -[LHS]/(_ * _) /under at_a_place.
by rewrite -[(k1 : nat) == _]/(k1 == k') (negPf k1k) mulr0.
Qed.
End Channels.

Section Pooling.
Variable R : realType.

(* (avg), (pool)  Result p is a sum over its window, where M is 1, and 0 elsewhere; an average is that
   over the number of terms d. The largest number is such a sum of one term, as long as it wins.
   Assumed: C is differentiable at a. *)
Theorem pooled_error m n (C : vec R n -> R) (M : mat R n m) (d : R) (z : vec R m) i :
  let a z := d^-1 *: (M *m z) in
  differentiable C (a z) ->
  ∂_i (fun z => C (a z)) z ∃= ((\sum_p M p i * ∂_p C (a z)) / d).
Proof.
move=> a dC.
have da p : ∂_i (fun z => (a z)@_p : R) z ∃= (d^-1 * M p i).
  have -> : (fun z => (a z)@_p : R) = d^-1 *: (fun z => (M *m z + 0)@_p : R).
    by apply/funext => x; rewrite -[RHS]/(_ * _) addr0 mxE.
  have := is_deriveZ d^-1 (affine_derive M 0 (fun k => entry_derive z i k) p); congr is_derive.
  by rewrite sum_delta.
have := chain_rule (a := a) dC da; congr is_derive; rewrite mulr_suml; apply: eq_bigr => p _.
by rewrite mulrCA mulrC [M p i * _]mulrC.
Qed.
End Pooling.

(* Batch norm of images: a channel has one mean and one spread for all numbers of all its images and
   places. It is batch norm of these numbers in a row; φ says where each of them stands, ψ which of
   them stands at a place. *)
Section ImageNorm.
Variables (R : realType) (m n N : nat).
Variables (φ : 'I_N.+1 -> 'I_m.+1 * 'I_n.+1) (ψ : 'I_m.+1 * 'I_n.+1 -> 'I_N.+1).
Hypothesis φK : cancel φ ψ.
Hypothesis ψK : cancel ψ φ.
Implicit Types (z : mat R m n) (v : vec R N) (C : mat R m n -> R) (eps g b : R).

Definition in_a_row z : vec R N := \col_i z (φ i).1 (φ i).2.
Definition in_place v : mat R m n := \matrix_(j, p) v@_(ψ (j, p)).
Definition image_normalised eps z : mat R m n := in_place (normalised eps (in_a_row z)).
Definition image_norm eps g b z : mat R m n := in_place (batch_norm eps g b (in_a_row z)).

Lemma differentiable_in_place v : differentiable in_place v.
Proof.
have -> : in_place = \sum_i (fun v => v@_i *: delta_mx (φ i).1 (φ i).2).
  apply/funext => u; rewrite fct_sumE; apply/matrixP => j p; rewrite mxE summxE.
  rewrite (bigD1 (ψ (j, p))) //= big1 ?addr0 => [|i ip]; rewrite !mxE.
    by rewrite ψK !eqxx mulr1.
  by rewrite -xpair_eqE -surjective_pairing eq_sym (can2_eq φK ψK) (negPf ip) mulr0.
apply: differentiable_sum => i; apply: differentiableZl; exact: differentiable_coord.
Qed.

Lemma in_place_derive C v i :
  differentiable C (in_place v) ->
  ∂_i (fun v => C (in_place v)) v ∃= (∂_[(φ i).1, (φ i).2] C (in_place v)).
Proof.
move=> dC; have := derivableP (diff_derivable (v := delta_mx (φ i).1 (φ i).2) dC).
apply: same_on_line => h; congr C; apply/matrixP => j p; rewrite !mxE andbT.
by rewrite -xpair_eqE -surjective_pairing [(j, p) == _]eq_sym (can2_eq φK ψK) [_ == i]eq_sym.
Qed.

Lemma sum_in_place (F : 'I_m.+1 -> 'I_n.+1 -> R) :
  \sum_i F (φ i).1 (φ i).2 = \sum_j \sum_p F j p.
Proof.
rewrite pair_big /= (reindex φ) //=; exists ψ => x _; [exact: φK | exact: ψK].
Qed.

Lemma image_normE eps g b z : image_norm eps g b z = \matrix_(j, p) (g * image_normalised eps z j p + b).
Proof. by apply/matrixP => j p; rewrite [LHS]mxE batch_norm_entry [RHS]mxE [image_normalised _ _ _ _]mxE. Qed.

(* (BN-i)  It is (BN), with means over all numbers of the channel.
   Assumed: the mean square, with eps, is positive; C is differentiable at a. *)
Theorem image_norm_error eps g b C z j p :
  let a := image_norm eps g b z in
  let x := image_normalised eps z in
  0 < mean_square eps (centred (in_a_row z)) ->
  differentiable C a ->
  ∂_[j, p] (fun z => C (image_norm eps g b z)) z ∃=
    (g * (∂_[j, p] C a - N.+1%:R^-1 * (\sum_k \sum_q ∂_[k, q] C a)
          - x j p * (N.+1%:R^-1 * (\sum_k \sum_q ∂_[k, q] C a * x k q)))
     / spread eps (centred (in_a_row z))).
Proof.
move=> a x v0 dC; pose C' v := C (in_place v).
have dC' : differentiable C' (batch_norm eps g b (in_a_row z)).
  by apply: differentiable_comp => //; exact: differentiable_in_place.
have D i : ∂_i C' (batch_norm eps g b (in_a_row z)) = ∂_[(φ i).1, (φ i).2] C a.
  by have [_ ->] := in_place_derive i dC.
have xE i : (normalised eps (in_a_row z))@_i = x (φ i).1 (φ i).2.
  by rewrite /x /image_normalised; move: (normalised _ _) => u; rewrite mxE -surjective_pairing φK.
have := batch_norm_error (ψ (j, p)) v0 dC'.
under eq_bigr do rewrite D.
under [in X in _ - _ * (_ * X)]eq_bigr do rewrite D xE.
rewrite (sum_in_place (fun k q => ∂_[k, q] C a)).
rewrite (sum_in_place (fun k q => ∂_[k, q] C a * x k q)) D xE ψK /=.
apply: same_on_line => h; congr (C (in_place (batch_norm _ _ _ _))).
apply/colP => i; rewrite !mxE eqxx andbT.
by rewrite -xpair_eqE -!surjective_pairing (can2_eq φK ψK).
Qed.

(* (BN-ig)  Every number of the channel reads the one scale.
   Assumed: C is differentiable at a. *)
Theorem image_norm_scale eps g b C z :
  let a := image_norm eps g b z in
  differentiable C a ->
  'D_(1 : R) (fun g => C (image_norm eps g b z)) g ∃=
    (\sum_k \sum_q ∂_[k, q] C a * image_normalised eps z k q).
Proof.
move=> a dC.
have dC' : differentiable (fun v => C (in_place v)) (batch_norm eps g b (in_a_row z)).
  by apply: differentiable_comp => //; exact: differentiable_in_place.
have := batch_norm_scale dC'; congr is_derive.
rewrite -(sum_in_place (fun k q => ∂_[k, q] C a * image_normalised eps z k q)).
apply: eq_bigr => i _; have [_ ->] := in_place_derive i dC; congr (_ * _).
by rewrite [RHS]mxE -surjective_pairing φK.
Qed.
End ImageNorm.

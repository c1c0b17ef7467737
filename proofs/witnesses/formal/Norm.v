(* Layer norm, RMSNorm and, with examples for neurons, batch norm: what shares a mean and a spread. *)
From mathcomp Require Import realfun.
From Backprop Require Export Program.

Section Norm.
Variables (R : realType) (n : nat).
Implicit Types (z a c γ β : vec R n) (eps g b : R) (j k : 'I_n.+1).

Lemma sqrt_derive (x : R) : 0 < x -> is_derive x 1 Num.sqrt ((Num.sqrt x + Num.sqrt x)^-1).
Proof.
move=> x0; have s0 : 0 < Num.sqrt x by rewrite sqrtr_gt0.
rewrite -{1}(sqr_sqrtr (ltW x0)) expr2; set s := Num.sqrt x in s0 *.
have ds (u : R) : is_derive u 1 (@id R * @id R) (u + u).
  have := is_deriveM (is_derive_id u (1 : R)) (is_derive_id u (1 : R)).
  by congr is_derive; rewrite /GRing.scale /= !mulr1.
have near_s : nbhs s [set u : R | 0 < u] by apply: open_nbhs_nbhs; split=> //; exact: open_gt.
apply: (is_derive_inverse (f := @id R * @id R) _ _ (ds s)).
- by apply: filterS near_s => u u0; rewrite -[(_ * _) u]/(u * u) -expr2 sqrtr_sqr gtr0_norm.
- by apply: filterS near_s => u _; apply/differentiable_continuous/derivable1_diffP; case: (ds u).
- by rewrite gt_eqF // addr_gt0.
Qed.

(* (N-s)  The spread of some numbers is the root of their mean square; eps keeps it from zero. *)
Definition mean_square eps c : R := n.+1%:R^-1 * (\sum_i c@_i * c@_i) + eps.
Definition spread eps c : R := Num.sqrt (mean_square eps c).
Definition divided eps c : vec R n := \col_k (c@_k / spread eps c).

(* What layer norm and RMSNorm have in common: the numbers c, which are z or z without its mean. *)
Section Divided.
Variables (c : vec R n -> vec R n) (d : 'I_n.+1 -> 'I_n.+1 -> R) (eps : R) (z : vec R n).
Hypothesis dc : forall j k, ∂_j (fun z => (c z)@_k : R) z ∃= (d j k).
Hypothesis dcc : forall j, \sum_i (c z)@_i * d j i = (c z)@_j.
Hypothesis positive : 0 < mean_square eps (c z).
Let s := spread eps (c z).
Let a := divided eps (c z).

Lemma mean_square_derive j :
  ∂_j (fun z => mean_square eps (c z)) z ∃= (n.+1%:R^-1 * ((c z)@_j + (c z)@_j)).
Proof.
pose ck k := (fun z => (c z)@_k : R).
have -> : (fun z => mean_square eps (c z)) = n.+1%:R^-1 *: (\sum_i (ck i * ck i)) + cst eps.
  by apply/funext => u; rewrite -[RHS]/(_ * _ + _) fct_sumE.
have ds := is_deriveZ n.+1%:R^-1 (is_derive_sum (fun i => is_deriveM (dc j i) (dc j i))).
have := is_deriveD ds (is_derive_cst eps z (e R j)); congr is_derive.
by rewrite addr0 -[LHS]/(_ * _) big_split /= -[in RHS](dcc j).
Qed.

Lemma spread_derive j : ∂_j (fun z => spread eps (c z)) z ∃= (n.+1%:R^-1 * a@_j).
Proof.
have dr : differentiable Num.sqrt (mean_square eps (c z)).
  by apply/derivable1_diffP; case: (sqrt_derive positive).
have := chain_of_maps (g := fun z => mean_square eps (c z)) dr (mean_square_derive j).
congr is_derive.
rewrite diff1E // derive1E (@derive_val _ _ _ _ _ _ _ (sqrt_derive positive)) -/s mxE.
rewrite -[LHS]/(_ * _) -mulrA; congr (_ * _).
by rewrite -!mulr2n -[_ *+ 2]mulr_natr -[s *+ 2]mulr_natr invfM mulrACA divff ?mulr1 ?pnatr_eq0.
Qed.

Lemma divided_derive j k :
  ∂_j (fun z => (divided eps (c z))@_k : R) z ∃= ((d j k - n.+1%:R^-1 * (a@_j * a@_k)) / s).
Proof.
have s0 : s != 0 by rewrite gt_eqF // sqrtr_gt0.
have -> : (fun z => (divided eps (c z))@_k) = (fun z => (c z)@_k / spread eps (c z)).
  by apply/funext => u; rewrite mxE.
have := quotient_derive (g := fun z => spread eps (c z)) s0 (dc j k) (spread_derive j).
congr is_derive; congr ((_ - _) / _).
by rewrite [a@_k]mxE mulrCA [a@_j * _]mulrC.
Qed.

(* Assumed: C is differentiable at a. *)
Lemma divided_error (C : vec R n -> R) j :
  differentiable C a ->
  ∂_j (fun z => C (divided eps (c z))) z ∃=
    ((\sum_k ∂_k C a * d j k - a@_j * (n.+1%:R^-1 * (\sum_k ∂_k C a * a@_k))) / s).
Proof.
move=> dC; have := chain_rule (a := fun z => divided eps (c z)) dC (divided_derive j).
congr is_derive; rewrite -/a !mulr_sumr -sumrB mulr_suml; apply: eq_bigr => k _.
rewrite mulrA mulrBr; congr ((_ - _) / _).
by rewrite mulrCA [RHS]mulrCA; congr (_ * _); rewrite [RHS]mulrCA.
Qed.
End Divided.

(* Layer norm *)

Definition mean z : R := n.+1%:R^-1 * \sum_i z@_i.
Definition centred z : vec R n := \col_k (z@_k - mean z).
Definition normalised eps z : vec R n := divided eps (centred z).

Lemma mean_derive z j : ∂_j mean z ∃= (n.+1%:R^-1).
Proof.
have -> : mean = n.+1%:R^-1 *: \sum_i (fun z : vec R n => z@_i : R).
  by apply/funext => u; rewrite -[RHS]/(_ * _) fct_sumE.
have := is_deriveZ n.+1%:R^-1 (is_derive_sum (fun i => entry_derive z j i)); congr is_derive.
under eq_bigr do rewrite -[[_ = _]]mul1r; by rewrite (sum_delta (fun _ => 1)) [_ *: _]mulr1.
Qed.

Lemma centred_derive z j k :
  ∂_j (fun z => (centred z)@_k : R) z ∃= ([j = k] - n.+1%:R^-1).
Proof.
have -> : (fun z => (centred z)@_k : R) = (fun z : vec R n => z@_k : R) - mean.
  by apply/funext => u; rewrite mxE.
exact: is_deriveB (entry_derive z j k) (mean_derive z j).
Qed.

Lemma sum_centred z : \sum_i (centred z)@_i = 0.
Proof.
rewrite (eq_bigr (fun i => z@_i - mean z)); last by move=> i _; rewrite mxE.
rewrite sumrB sumr_const card_ord -[mean z *+ _]mulr_natl /mean mulrA mulfV ?pnatr_eq0 //.
by rewrite mul1r subrr.
Qed.

Lemma centred_twice z j : \sum_i (centred z)@_i * ([j = i] - n.+1%:R^-1) = (centred z)@_j.
Proof.
under eq_bigr do rewrite mulrBr.
by rewrite sumrB sum_delta -mulr_suml sum_centred mul0r subr0.
Qed.

(* (N-J)  da_k/dz_j = ([j = k] - 1/n - a_j a_k/n) / s, where a are the normalised numbers and s is
   their spread before: the mean and the spread depend on every z_j, and so no entry need be zero.
   Assumed: the mean square, with eps, is positive. *)
Theorem normalised_derive eps z j k :
  let a := normalised eps z in
  0 < mean_square eps (centred z) ->
  ∂_j (fun z => (normalised eps z)@_k : R) z ∃=
    (([j = k] - n.+1%:R^-1 - n.+1%:R^-1 * (a@_j * a@_k)) / spread eps (centred z)).
Proof. by move=> a v0; exact: (divided_derive (centred_derive z) (centred_twice z) v0 j k). Qed.

(* (N)  The error before a normalisation: that behind it, less its mean, less a_j times the mean of
   its products with a; over the spread.
   Assumed: the mean square, with eps, is positive; C is differentiable at a. *)
Theorem normalised_error eps (C : vec R n -> R) z j :
  let a := normalised eps z in
  0 < mean_square eps (centred z) ->
  differentiable C a ->
  ∂_j (fun z => C (normalised eps z)) z ∃=
    ((∂_j C a - n.+1%:R^-1 * (\sum_k ∂_k C a) - a@_j * (n.+1%:R^-1 * (\sum_k ∂_k C a * a@_k)))
     / spread eps (centred z)).
Proof.
move=> a v0 dC.
have := divided_error (centred_derive z) (centred_twice z) v0 j dC; congr is_derive.
congr ((_ - _) / _); under eq_bigr do rewrite mulrBr.
by rewrite sumrB sum_delta -mulr_suml mulrC.
Qed.

(* (RMS)  Where no mean is taken off, none is taken off the errors.
   Assumed: the mean square, with eps, is positive; C is differentiable at a. *)
Theorem rms_error eps (C : vec R n -> R) z j :
  let a := divided eps z in
  0 < mean_square eps z ->
  differentiable C a ->
  ∂_j (fun z => C (divided eps z)) z ∃=
    ((∂_j C a - a@_j * (n.+1%:R^-1 * (\sum_k ∂_k C a * a@_k))) / spread eps z).
Proof.
move=> a v0 dC.
have := divided_error (c := id) (entry_derive z) (sum_delta (fun k => z@_k)) v0 j dC.
by congr is_derive; rewrite sum_delta.
Qed.

(* (N-a)  A scale and a shift for each number. *)
Definition scaled γ β a : vec R n := γ ⊙ a + β.

Lemma scaled_derive γ β a j k :
  ∂_j (fun a => (scaled γ β a)@_k : R) a ∃= (γ@_k * [j = k]).
Proof.
have -> : (fun a => (scaled γ β a)@_k : R) = (γ@_k *: (fun a : vec R n => a@_k : R)) + cst β@_k.
  by apply/funext => u; rewrite !mxE.
have := is_deriveD (is_deriveZ γ@_k (entry_derive a j k)) (is_derive_cst β@_k a (e R j)).
by congr is_derive; rewrite addr0.
Qed.

(* (N-h)  A scale and a shift for each number: the error times the scale.
   Assumed: C is differentiable at the numbers scaled and shifted. *)
Theorem scaled_error (C : vec R n -> R) γ β a j :
  differentiable C (scaled γ β a) ->
  ∂_j (fun a => C (scaled γ β a)) a ∃= (γ@_j * ∂_j C (scaled γ β a)).
Proof.
move=> dC; have := chain_rule dC (fun k => scaled_derive γ β a j k); congr is_derive.
by under eq_bigr do rewrite mulrA; rewrite (sum_delta (fun k => _ * γ@_k)) mulrC.
Qed.

Lemma differentiable_scaled γ β a : differentiable (scaled γ β) a.
Proof.
apply: differentiable_entries => k.
have -> : (fun a => (scaled γ β a)@_k : R) = (γ@_k *: (fun a : vec R n => a@_k : R)) + cst β@_k.
  by apply/funext => u; rewrite !mxE.
by apply: differentiableD => //; exact/differentiableZ/differentiable_coord.
Qed.

(* ---- Batch norm: z are the numbers of one neuron on all examples, with one scale g and one shift
   b for all of them. ---- *)

Definition batch_norm eps g b z : vec R n := scaled (const_mx g) (const_mx b) (normalised eps z).

Lemma batch_norm_entry eps g b z k : (batch_norm eps g b z)@_k = g * (normalised eps z)@_k + b.
Proof. by rewrite /batch_norm; move: (normalised eps z) => x; rewrite !mxE. Qed.

(* (BN)  It is (N), and the scale in front.
   Assumed: the mean square, with eps, is positive; C is differentiable at a. *)
Theorem batch_norm_error eps g b (C : vec R n -> R) z j :
  let a := batch_norm eps g b z in
  let x := normalised eps z in
  0 < mean_square eps (centred z) ->
  differentiable C a ->
  ∂_j (fun z => C (batch_norm eps g b z)) z ∃=
    (g * (∂_j C a - n.+1%:R^-1 * (\sum_k ∂_k C a) - x@_j * (n.+1%:R^-1 * (\sum_k ∂_k C a * x@_k)))
     / spread eps (centred z)).
Proof.
move=> a x v0 dC; pose C' y := C (scaled (const_mx g) (const_mx b) y).
have dC' : differentiable C' x by apply: differentiable_comp => //; exact: differentiable_scaled.
have := normalised_error (C := C') j v0 dC'; congr is_derive; congr (_ / _); rewrite -/x.
have D k : ∂_k C' x = g * ∂_k C a.
  by have [_ ->] := scaled_error (γ := const_mx g) (β := const_mx b) k dC; rewrite mxE.
have -> : \sum_k ∂_k C' x = g * \sum_k ∂_k C a by rewrite mulr_sumr; apply: eq_bigr => k _; rewrite D.
have -> : \sum_k ∂_k C' x * x@_k = g * \sum_k ∂_k C a * x@_k.
  by rewrite mulr_sumr; apply: eq_bigr => k _; rewrite D mulrA.
move: (\sum_k _ * _) (\sum_k _) (n.+1%:R^-1) (x@_j) => U W M u.
by rewrite D !mulrBr [M * (g * W)]mulrCA [M * (g * U)]mulrCA [u * (g * _)]mulrCA.
Qed.

(* (BN-g)  Every example reads the one scale.
   Assumed: C is differentiable at a. *)
Theorem batch_norm_scale eps g b (C : vec R n -> R) z :
  let a := batch_norm eps g b z in
  differentiable C a ->
  'D_(1 : R) (fun g => C (batch_norm eps g b z)) g ∃= (\sum_k ∂_k C a * (normalised eps z)@_k).
Proof.
move=> a dC; apply: (chain_rule (a := fun g => batch_norm eps g b z)) => // k.
set x := (normalised eps z)@_k.
have -> : (fun g => (batch_norm eps g b z)@_k : R) = x *: (@id R) + cst b.
  by apply/funext => u; rewrite batch_norm_entry mulrC.
have := is_deriveD (is_deriveZ x (is_derive_id g (1 : R))) (is_derive_cst b g (1 : R)).
by congr is_derive; rewrite addr0 [_ *: _]mulr1.
Qed.

(* (BN-b)  Every example reads the one shift.
   Assumed: C is differentiable at a. *)
Theorem batch_norm_shift eps g b (C : vec R n -> R) z :
  let a := batch_norm eps g b z in
  differentiable C a ->
  'D_(1 : R) (fun b => C (batch_norm eps g b z)) b ∃= (\sum_k ∂_k C a).
Proof.
move=> a dC.
have db k : 'D_(1 : R) (fun b => (batch_norm eps g b z)@_k : R) b ∃= 1.
  have -> : (fun b => (batch_norm eps g b z)@_k : R) = (@id R) + cst (g * (normalised eps z)@_k).
    by apply/funext => u; rewrite batch_norm_entry addrC.
  have := is_deriveD (is_derive_id b (1 : R)) (is_derive_cst (g * (normalised eps z)@_k) b (1 : R)).
  by congr is_derive; rewrite addr0.
have := chain_rule (a := fun b => batch_norm eps g b z) dC db; congr is_derive.
by apply: eq_bigr => k _; rewrite mulr1.
Qed.
End Norm.

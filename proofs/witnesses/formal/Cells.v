(* Cells and their gates, GELU, turned pairs, and the weights that all times share. *)
From mathcomp Require Import trigo.
From Backprop Require Export Gates Shared.

Section Cells.
Variable R : realType.

Definition tanh (z : R) : R := (expR z - expR (- z)) / (expR z + expR (- z)).

(* tanh' = 1 - tanh².
   Assumed: nothing. *)
Theorem tanh_derive (z : R) : is_derive z 1 tanh (1 - tanh z * tanh z).
Proof.
have S0 : expR z + expR (- z) != 0 by rewrite gt_eqF // addr_gt0 // expR_gt0.
have dN : is_derive z 1 (fun z : R => expR (- z)) (- expR (- z)).
  have dE : differentiable (@expR R) (- z) by apply/derivable1_diffP; exact: derivable_expR.
  have := chain_of_maps dE (is_deriveNid z (1 : R)); congr is_derive.
  by rewrite linearN -deriveE // (@derive_val _ _ _ _ _ _ _ (is_derive_expR (- z))).
have dD := is_deriveB (is_derive_expR z) dN.
have dS := is_deriveD (is_derive_expR z) dN.
have [dT DT] := @quotient_derive R R _ _ z 1 _ _ S0 dD dS.
split; first exact: dT.
rewrite [LHS]DT opprK -[LHS]/((_ - tanh z * (expR z - expR (- z))) / (expR z + expR (- z))).
by rewrite mulrBl divff // -mulrA.
Qed.

(* A number that is used twice: in column 0 of the matrix and in column 1. *)
Lemma two_readers n (C : mat R n 1 -> R) (p q : 'I_n.+1 -> R) (both : vec R n -> mat R n 1) c j :
  differentiable C (both c) ->
  (forall k, ∂_j (fun c => both c k ord0 : R) c ∃= (p k * [j = k])) ->
  (forall k, ∂_j (fun c => both c k ord_max : R) c ∃= (q k * [j = k])) ->
  ∂_j (fun c => C (both c)) c ∃= (∂_[j, ord0] C (both c) * p j + ∂_[j, ord_max] C (both c) * q j).
Proof.
move=> dC dp dq.
have da k t : ∂_j (fun c => both c k t : R) c ∃= ((if t == ord0 then p k else q k) * [j = k]).
  case: (t =P ord0) => [->|t0]; first exact: dp.
  have -> : t = ord_max by apply/val_inj; case: t t0 => -[|[|]] //= i []; exact/val_inj.
  exact: dq.
have := chain_rule_matrix (a := both) dC da; congr is_derive.
have two (f : 'I_2 -> R) : \sum_t f t = f ord0 + f ord_max.
  by rewrite big_ord_recr big_ord_recl big_ord0 /= addr0; congr (f _ + _); apply/val_inj.
have each (x y s t d : R) : x * (s * d) + y * (t * d) = x * s * d + y * t * d by rewrite !mulrA.
rewrite (eq_bigr _ (fun k _ => etrans (two _) (each _ _ _ _ _))) /=.
rewrite big_split /= (sum_delta (fun k => ∂_[k, ord0] C (both c) * p k)).
by rewrite (sum_delta (fun k => ∂_[k, ord_max] C (both c) * q k)).
Qed.

(* (LSTM-c)  A cell is read by the output of its time, through tanh, in column 0, and by the next
   cell, which keeps a share of it, in column 1.
   Assumed: C is differentiable there. *)
Theorem cell_error n (C : mat R n 1 -> R) (o f v c : vec R n) j :
  let both c : mat R n 1 :=
    \matrix_(k, t) (if t == ord0 then o ⊙ elementwise tanh c else f ⊙ c + v)@_k in
  differentiable C (both c) ->
  ∂_j (fun c => C (both c)) c ∃=
    (∂_[j, ord0] C (both c) * (o@_j * (1 - tanh c@_j * tanh c@_j))
     + ∂_[j, ord_max] C (both c) * f@_j).
Proof.
move=> both dC; have [ds Ds] := tanh_derive c@_j.
have := two_readers (p := fun k => o@_k * (1 - tanh c@_j * tanh c@_j)) (q := fun k => f@_k) dC.
apply=> k.
  have -> : (fun c => both c k ord0 : R) = o@_k *: (fun c => (elementwise tanh c)@_k : R).
    by apply/funext => u; rewrite -[RHS]/(_ * _) !mxE.
  have := is_deriveZ o@_k (elementwise_derive k ds); congr is_derive.
  by rewrite derive1E Ds -[LHS]/(_ * _) mulrA.
have -> : (fun c => both c k ord_max : R) = (fun c => (scaled f v c)@_k : R).
  by apply/funext => u; rewrite mxE.
exact: scaled_derive.
Qed.

(* (LSTM-f)  A gate multiplies the cell: the error times the cell, and the slope of the sigmoid.
   Assumed: C is differentiable at the next cell. *)
Theorem gate_error n (C : vec R n -> R) (c v z : vec R n) j :
  let u z := c ⊙ elementwise (@sigmoid R) z + v in
  differentiable C (u z) ->
  ∂_j (fun z => C (u z)) z ∃= (∂_j C (u z) * c@_j * (sigmoid z@_j * (1 - sigmoid z@_j))).
Proof.
move=> u dC; have [ds Ds] := sigmoid_derive z@_j.
have du k : ∂_j (fun z => (u z)@_k : R) z ∃= (c@_k * (sigmoid^`() z@_j * [j = k])).
  have -> : (fun z => (u z)@_k : R) = c@_k *: (fun z => (elementwise (@sigmoid R) z)@_k : R) + cst v@_k.
    by apply/funext => x; rewrite -[RHS]/(_ * _ + _) !mxE.
  have := is_deriveD (is_deriveZ c@_k (elementwise_derive k ds)) (is_derive_cst v@_k z (e R j)).
  by congr is_derive; rewrite addr0.
have := chain_rule (a := u) dC du; congr is_derive.
under eq_bigr do rewrite 2!mulrA.
by rewrite (sum_delta (fun k => ∂_k C (u z) * c@_k * _)) derive1E Ds.
Qed.

(* A number that is multiplied by a share g of itself, whatever share that is.
   Assumed: g has the slope d at z. *)
Lemma gated_derive (g : R -> R) (z d : R) :
  is_derive z 1 g d -> is_derive z 1 (fun z => z * g z) (g z + z * d).
Proof.
move=> dg; have := is_deriveM (is_derive_id z (1 : R)) dg; congr is_derive.
by rewrite /GRing.scale /= mulr1 addrC.
Qed.

(* (GELU)  The error before it.
   Assumed: C is differentiable at a; g, the share of a normal distribution that lies below, has the
   density φ for its slope at z_j. *)
Theorem gelu_error n (C : vec R n -> R) (g φ : R -> R) (z : vec R n) j :
  let a := elementwise (fun z => z * g z) in
  differentiable C (a z) ->
  is_derive z@_j 1 g (φ z@_j) ->
  ∂_j (fun z => C (a z)) z ∃= (∂_j C (a z) * (g z@_j + z@_j * φ z@_j)).
Proof.
move=> a dC /gated_derive [ds Ds].
by have := BP1 dC ds; congr is_derive; rewrite derive1E Ds.
Qed.

(* The share below, by tanh: κ is the root of 2/π and c is 0.044715, but any two numbers will do. *)
Definition below_by_tanh κ c (z : R) : R := 2^-1 * (1 + tanh (κ * (z + c * (z * z * z)))).

Lemma cubic_derive κ c (z : R) :
  is_derive z 1 (fun z => κ * (z + c * (z * z * z))) (κ * (1 + 3 * c * (z * z))).
Proof.
have d1 := is_derive_id z (1 : R).
have := is_deriveZ κ (is_deriveD d1 (is_deriveZ c (is_deriveM (is_deriveM d1 d1) d1))).
congr is_derive; rewrite /GRing.scale /= !mulr1; congr (κ * (1 + _)).
by rewrite -[(_ * _) z]/(z * z) [z * (z + z)]mulrDr [3 * c]mulrC -mulrA mulr_natl !mulrS mulr0n addr0.
Qed.

Lemma below_by_tanh_derive κ c (z : R) :
  let g := below_by_tanh κ c z in
  is_derive z 1 (below_by_tanh κ c) (2 * g * (1 - g) * (κ * (1 + 3 * c * (z * z)))).
Proof.
set x := κ * (z + c * (z * z * z)); move=> g.
have dt : differentiable tanh x by apply/derivable1_diffP; case: (tanh_derive x).
have := chain_of_maps (g := fun z : R => κ * (z + c * (z * z * z))) dt (cubic_derive κ c z).
rewrite diff1E // derive1E (@derive_val _ _ _ _ _ _ _ (tanh_derive x)) => dx.
have := is_deriveZ 2^-1 (is_deriveD (is_derive_cst (1 : R) z (1 : R)) dx).
congr is_derive; rewrite add0r /GRing.scale /= [LHS]mulrCA [RHS]mulrC; congr (_ * _).
have half : 2^-1 * (1 + 1) = 1 :> R by rewrite mulVf // pnatr_eq0.
have -> : 1 - g = 2^-1 * (1 - tanh x).
  by rewrite -[X in X - g]half -mulrBr opprD addrACA subrr add0r.
have -> : 2 * g = 1 + tanh x by rewrite mulrA divff ?mul1r // pnatr_eq0.
move: (tanh x) => u; rewrite mulrCA; congr (_ * _).
by rewrite mulrDl mul1r mulrBr mulr1 addrA subrK.
Qed.

(* (GELU-t)
   Assumed: C is differentiable at a. *)
Theorem gelu_tanh_error n (C : vec R n -> R) κ c (z : vec R n) j :
  let a := elementwise (fun z => z * below_by_tanh κ c z) in
  let g := below_by_tanh κ c z@_j in
  differentiable C (a z) ->
  ∂_j (fun z => C (a z)) z ∃=
    (∂_j C (a z) * (g + z@_j * (2 * g * (1 - g) * (κ * (1 + 3 * c * (z@_j * z@_j)))))).
Proof.
move=> a g dC.
exact: (gelu_error (φ := fun z : R => let g := below_by_tanh κ c z in _) dC (below_by_tanh_derive κ c z@_j)).
Qed.

(* (RoPE), (RoPE-u)  Pairs z_k and u_k are turned by the angles θ_k; the first of each turned pair is
   in column 0, the second in column 1. The errors are turned back.
   Assumed: C is differentiable there. *)
Theorem turned_error n (C : mat R n 1 -> R) (θ z u : vec R n) j :
  let c := elementwise cos θ in
  let s := elementwise sin θ in
  let turned z u : mat R n 1 :=
    \matrix_(k, t) (if t == ord0 then c ⊙ z - s ⊙ u else s ⊙ z + c ⊙ u)@_k in
  differentiable C (turned z u) ->
  ∂_j (fun z => C (turned z u)) z ∃=
    (∂_[j, ord0] C (turned z u) * cos θ@_j + ∂_[j, ord_max] C (turned z u) * sin θ@_j) /\
  ∂_j (fun u => C (turned z u)) u ∃=
    (∂_[j, ord0] C (turned z u) * - sin θ@_j + ∂_[j, ord_max] C (turned z u) * cos θ@_j).
Proof.
move=> c s turned dC.
have dz (w v x : vec R n) k d : w@_k = d -> ∂_j (fun x => (w ⊙ x + v)@_k : R) x ∃= (d * [j = k]).
  by move=> <-; exact: scaled_derive.
split.
  apply: (two_readers (p := fun k => cos θ@_k) (q := fun k => sin θ@_k) (both := turned^~ u)) => // k.
    have -> : (fun z => turned z u k ord0 : R) = (fun z => (c ⊙ z + - (s ⊙ u))@_k).
      by apply/funext => x; rewrite mxE.
    by apply: dz; rewrite mxE.
  have -> : (fun z => turned z u k ord_max : R) = (fun z => (s ⊙ z + c ⊙ u)@_k).
    by apply/funext => x; rewrite mxE.
  by apply: dz; rewrite mxE.
apply: (two_readers (p := fun k => - sin θ@_k) (q := fun k => cos θ@_k) (both := turned z)) => // k.
  have -> : (fun u => turned z u k ord0 : R) = (fun u => ((- s) ⊙ u + c ⊙ z)@_k).
    by apply/funext => x; rewrite !mxE /= mulNr addrC.
  by apply: dz; rewrite !mxE.
have -> : (fun u => turned z u k ord_max : R) = (fun u => (c ⊙ u + s ⊙ z)@_k).
  by apply/funext => x; rewrite !mxE /= addrC.
by apply: dz; rewrite mxE.
Qed.

(* (BPTT-w)  Weights in time: row p of a is the state before time p, and all times share w.
   Assumed: C is differentiable at the weighted inputs. *)
Theorem weights_in_time m n p (C : mat R p n -> R) (w : mat R n m) (a : mat R p m) k j :
  let u w := a *m w^T in
  differentiable C (u w) ->
  ∂_[k, j] (fun w => C (u w)) w ∃= (\sum_t ∂_[t, k] C (u w) * a t j).
Proof.
move=> u dC.
have du t q : ∂_[k, j] (fun w => u w t q : R) w ∃= (a t j * [k = q]).
  have -> : (fun w => u w t q : R) = \sum_l (a t l *: (fun w : mat R n m => w q l : R)).
    by apply/funext => x; rewrite mxE fct_sumE; apply: eq_bigr => l _; rewrite mxE.
  have := sum_derive (fun l => is_deriveZ (a t l) (matrix_entry_derive w k j q l)).
  congr is_derive; rewrite -(sum_delta (fun l => a t l)) mulr_suml; apply: eq_bigr => l _.
  by rewrite -[LHS]/(_ * (_ * _)) mulrA mulrAC.
have := chain_rule_matrix (a := u) dC du; congr is_derive; apply: eq_bigr => t _.
under eq_bigr do rewrite mulrA.
exact: (sum_delta (fun q => ∂_[t, q] C (u w) * a t j)).
Qed.

(* (text)  Softmax outputs at every place of a text, and the average of their costs with weights g.
   Assumed: the targets of every place sum to 1. *)
Theorem text_error m n (g : vec R m) (y z : mat R m n) p j :
  let place (x : mat R m n) q : vec R n := (row q x)^T in
  let G := \sum_q g@_q in
  (forall q, \sum_k y q k = 1) ->
  ∂_[p, j] (fun z => (\sum_q g@_q * log_likelihood (place y q) (softmax (place z q))) / G) z ∃=
    (g@_p / G * ((softmax (place z p))@_j - y p j)).
Proof.
move=> place G y1; pose F q z := log_likelihood (place y q) (softmax (place z q)).
have dF q : ∂_[p, j] (F q) z ∃= (((softmax (place z q))@_j - y q j) * [p = q]).
  rewrite /kronecker; case: eqP => [<-|/eqP pq].
    rewrite mulr1; have y1' : \sum_k (place y p)@_k = 1 by under eq_bigr do rewrite !mxE.
    have := softmax_log_likelihood_delta (place z p) j y1'.
    have -> : (place y p)@_j = y p j by rewrite !mxE.
    apply: same_on_line => h; congr (log_likelihood _ (softmax _)).
    by apply/matrixP => i l; rewrite !mxE !ord1 !eqxx andbT.
  rewrite mulr0; have := is_derive_cst (F q z) (0 : R) (1 : R).
  apply: same_on_line => h; congr (log_likelihood _ (softmax _)).
  by apply/matrixP => i l; rewrite !mxE eq_sym (negPf pq) mulr0 add0r.
have -> : (fun z => (\sum_q g@_q * log_likelihood (place y q) (softmax (place z q))) / G) =
          G^-1 *: \sum_q (g@_q *: F q).
  by apply/funext => x; rewrite -[RHS]/(_ * _) fct_sumE mulrC.
have := is_deriveZ G^-1 (sum_derive (fun q => is_deriveZ g@_q (dF q))); congr is_derive.
rewrite -[LHS]/(_ * _); under eq_bigr do rewrite -[_ *: _]/(_ * _) mulrA.
by rewrite (sum_delta (fun q => g@_q * _)) mulrA [G^-1 * _]mulrC.
Qed.
End Cells.

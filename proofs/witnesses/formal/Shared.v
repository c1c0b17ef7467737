(* Numbers that are read in many places: the weights of a convolution, a row of an embedding, a
   stream, a state. Weights, inputs and outputs stand in matrices, of one column if need be. *)
From Backprop Require Export BP1.

Section Shared.
Variable R : realType.

Lemma sum_derive (T : finType) (V : normedModType R) (f : T -> V -> R) (x v : V) d :
  (forall t, 'D_v (f t) x ∃= (d t)) -> 'D_v (\sum_t f t) x ∃= (\sum_t d t).
Proof.
move=> df; apply: (big_rec2 (fun g e => 'D_v g x ∃= e)) => [|t e g _ dg].
  exact: is_derive_cst.
exact: is_deriveD.
Qed.

(* An entry of a matrix moves along its own direction alone. *)
Lemma matrix_entry_derive m n (x : mat R m n) j k p q :
  ∂_[j, k] (fun x : mat R m n => x p q : R) x ∃= ([j = p] * [k = q]).
Proof.
apply: (@same_on_line _ _ _ _ _ (@id R) _ _ (x p q) ([j = p] * [k = q] : R)) => h.
rewrite !mxE /kronecker -natrM mulnb [p == _]eq_sym [q == _]eq_sym; by [].
Qed.

(* Of a double sum with two of Kronecker's deltas one term is left. *)
Lemma sum_deltas m n (f : 'I_m.+1 -> 'I_n.+1 -> R) j k :
  \sum_p \sum_q f p q * ([j = p] * [k = q]) = f j k.
Proof.
rewrite -[RHS](sum_delta (fun p => f p k)); apply: eq_bigr => p _.
by rewrite -[f p k](sum_delta (f p)) mulr_suml; apply: eq_bigr => q _; rewrite mulrA mulrAC.
Qed.

(* The number at a place; outside there are zeros, which is what padding means. *)
Definition at_place m n (x : mat R m n) (place : option ('I_m.+1 * 'I_n.+1)) : R :=
  if place is Some (j, k) then x j k else 0.

Lemma at_place_derive m n (x : mat R m n) j k place :
  ∂_[j, k] (fun x : mat R m n => at_place x place : R) x ∃= ((place == Some (j, k))%:R).
Proof.
case: place => [[p q]|] /=; last exact: is_derive_cst.
have := matrix_entry_derive x j k p q; congr is_derive.
by rewrite /kronecker -natrM mulnb [j == p]eq_sym [k == q]eq_sym.
Qed.

(* Any sum of products of a weight and an input: term t of output pq reads the weight at place u pq t,
   and the input at place s pq t. These two maps make it a linear layer, or a convolution with any
   stride, padding, dilation, groups and channels. *)
Section Places.
Variables (m n k l p q : nat) (T : finType).
Variables (u : 'I_p.+1 -> 'I_q.+1 -> T -> option ('I_m.+1 * 'I_n.+1)).
Variables (s : 'I_p.+1 -> 'I_q.+1 -> T -> option ('I_k.+1 * 'I_l.+1)).
Implicit Types (w : mat R m n) (a : mat R k l) (b : mat R p q) (C : mat R p q -> R).

Definition shared w a b : mat R p q :=
  \matrix_(i, j) (\sum_t at_place w (u i j t) * at_place a (s i j t) + b i j).

(* (BP4) for shared weights: the sum over all places where the weight is read.
   Assumed: C is differentiable at z. *)
Theorem BP4_shared C w a b i j :
  let z := shared w a b in
  differentiable C z ->
  ∂_[i, j] (fun w => C (shared w a b)) w ∃=
    (\sum_p' \sum_q' ∂_[p', q'] C z * \sum_(t | u p' q' t == Some (i, j)) at_place a (s p' q' t)).
Proof.
move=> z dC; apply: (chain_rule_matrix (a := fun w => shared w a b)) => // p' q'.
have -> : (fun w => shared w a b p' q' : R) =
          \sum_t (at_place a (s p' q' t) *: (fun w => at_place w (u p' q' t) : R)) + cst (b p' q').
  apply/funext => w'; rewrite mxE -[RHS]/(_ + _) fct_sumE; congr (_ + _).
  by apply: eq_bigr => t _; rewrite mulrC.
have dt := sum_derive (fun t => is_deriveZ (at_place a (s p' q' t)) (at_place_derive w i j (u p' q' t))).
have := is_deriveD dt (is_derive_cst (b p' q') w (delta_mx i j)); congr is_derive.
rewrite addr0 [RHS]big_mkcond; apply: eq_bigr => t _.
by rewrite -[LHS]/(_ * _); case: (_ == _); rewrite ?mulr1 ?mulr0.
Qed.
End Places.

Section Swapped.
Variables (m n k l p q : nat) (T : finType).
Variables (u : 'I_p.+1 -> 'I_q.+1 -> T -> option ('I_m.+1 * 'I_n.+1)).
Variables (s : 'I_p.+1 -> 'I_q.+1 -> T -> option ('I_k.+1 * 'I_l.+1)).

(* (BP2) for shared weights: the sum over all places to which the input goes.
   Assumed: C is differentiable at z. *)
Theorem BP2_shared (C : mat R p q -> R) (w : mat R m n) (a : mat R k l) (b : mat R p q) i j :
  let z := shared u s w a b in
  differentiable C z ->
  ∂_[i, j] (fun a => C (shared u s w a b)) a ∃=
    (\sum_p' \sum_q' ∂_[p', q'] C z * \sum_(t | s p' q' t == Some (i, j)) at_place w (u p' q' t)).
Proof.
have swap x y : shared u s x y b = shared s u y x b.
  by apply/matrixP => p' q'; rewrite !mxE; congr (_ + _); apply: eq_bigr => t _; rewrite mulrC.
move=> z; rewrite /z swap => dC.
have -> : (fun a => C (shared u s w a b)) = (fun a => C (shared s u a w b)).
  by apply/funext => y; rewrite swap.
exact: BP4_shared.
Qed.

(* (BP3) where one bias stands at all places: the sum over them.
   Assumed: C is differentiable at z. *)
Theorem BP3_shared (C : mat R p q -> R) (w : mat R m n) (a : mat R k l) (b : R) :
  let z := shared u s w a (const_mx b) in
  differentiable C z ->
  'D_(1 : R) (fun b => C (shared u s w a (const_mx b))) b ∃= (\sum_p' \sum_q' ∂_[p', q'] C z).
Proof.
move=> z dC.
have db p' q' : 'D_(1 : R) (fun b => shared u s w a (const_mx b) p' q' : R) b ∃= 1.
  pose c := \sum_t at_place w (u p' q' t) * at_place a (s p' q' t).
  have -> : (fun b => shared u s w a (const_mx b) p' q' : R) = cst c + @id R.
    by apply/funext => y; rewrite !mxE.
  have := is_deriveD (is_derive_cst c b (1 : R)) (is_derive_id b (1 : R)).
  by congr is_derive; rewrite add0r.
have := chain_rule_matrix (a := fun b => shared u s w a (const_mx b)) dC db; congr is_derive.
by apply: eq_bigr => p' _; apply: eq_bigr => q' _; rewrite mulr1.
Qed.
End Swapped.

(* Convolution of an image, of k.+1 rows and l.+1 columns, by a kernel of m.+1 by n.+1; a sequence is
   an image of one column. The strides are r and r', the dilations d and d'. *)
Section Convolution.
Variables (m n k l p q r r' d d' : nat).
Implicit Types (w : mat R m n) (a : mat R k l) (b : R) (C : mat R p q -> R).

Definition place K L (i j : nat) : option ('I_K.+1 * 'I_L.+1) :=
  if (insub i, insub j) is (Some i', Some j') then Some (i', j') else None.

Lemma insub_is K (i' : nat) (i : 'I_K.+1) :
  ((insub i' : option 'I_K.+1) == Some i) = (i' == i :> nat).
Proof.
case: insubP => [x _ <- //|i0]; apply/esym/negbTE; apply: contraNneq i0 => ->; exact: ltn_ord.
Qed.

Lemma at_a_place K L i' j' (i : 'I_K.+1) (j : 'I_L.+1) :
  (place K L i' j' == Some (i, j)) = (i' == i :> nat) && (j' == j :> nat).
Proof.
rewrite -insub_is -(insub_is j' j) /place; case: (insub i') => [x|//].
by case: (insub j') => [y|]; rewrite ?andbF.
Qed.

Definition under (p' : 'I_p.+1) (q' : 'I_q.+1) (t : 'I_m.+1 * 'I_n.+1) :=
  place k l (r * p' + d * t.1) (r' * q' + d' * t.2).

Definition convolution w a b : mat R p q :=
  shared (fun _ _ => some) under w a (const_mx b).

(* At place pq it is the sum over the kernel of  w_ij a_(rp + di)(r'q + d'j), and the bias. *)
Lemma convolutionE w a b p' q' :
  convolution w a b p' q' =
    \sum_i \sum_j w i j * at_place a (place k l (r * p' + d * i) (r' * q' + d' * j)) + b.
Proof. by rewrite !mxE pair_big; congr (_ + _); apply: eq_bigr => -[i j] _. Qed.

(* (conv-w), (img-w)  (BP4) at each place, and the sum over all places.
   Assumed: C is differentiable at z. *)
Theorem convolution_weight C w a b i j :
  let z := convolution w a b in
  differentiable C z ->
  ∂_[i, j] (fun w => C (convolution w a b)) w ∃=
    (\sum_p' \sum_q' ∂_[p', q'] C z *
       at_place a (place k l (r * p' + d * i) (r' * q' + d' * j))).
Proof.
move=> z dC; have := BP4_shared (w := w) i j dC; congr is_derive.
apply: eq_bigr => p' _; apply: eq_bigr => q' _; congr (_ * _).
by rewrite (big_pred1 (i, j)).
Qed.

(* (conv-a), (img-a)  An input gets the error of each place with the weight that has read it there.
   Assumed: C is differentiable at z. *)
Theorem convolution_input C w a b i j :
  let z := convolution w a b in
  differentiable C z ->
  ∂_[i, j] (fun a => C (convolution w a b)) a ∃=
    (\sum_p' \sum_q' ∂_[p', q'] C z *
       \sum_(t : 'I_m.+1 * 'I_n.+1 | (r * p' + d * t.1 == i)%N && (r' * q' + d' * t.2 == j)%N) w t.1 t.2).
Proof.
move=> z dC; have := BP2_shared (a := a) i j dC; congr is_derive.
apply: eq_bigr => p' _; apply: eq_bigr => q' _; congr (_ * _).
by apply: eq_big => [t|[t t'] _] //; rewrite /under at_a_place.
Qed.

(* (conv-b), (img-b)  Every place reads the one bias.
   Assumed: C is differentiable at z. *)
Theorem convolution_bias C w a b :
  let z := convolution w a b in
  differentiable C z ->
  'D_(1 : R) (fun b => C (convolution w a b)) b ∃= (\sum_p' \sum_q' ∂_[p', q'] C z).
Proof. exact: BP3_shared. Qed.
End Convolution.

(* (conv-a), (img-a)  Without dilation that weight is number i - rp, j - r'q. As p grows, it falls: the
   kernel runs backwards.
   Assumed: C is differentiable at z. *)
Theorem convolution_flipped m n k l p q r r' (C : mat R p q -> R) (w : mat R m n) (a : mat R k l)
    (b : R) i j :
  let z := convolution p q r r' 1 1 w a b in
  differentiable C z ->
  ∂_[i, j] (fun a => C (convolution p q r r' 1 1 w a b)) a ∃=
    (\sum_(p' < p.+1 | (r * p' <= i)%N) \sum_(q' < q.+1 | (r' * q' <= j)%N) ∂_[p', q'] C z *
       at_place w (place m n (i - r * p') (j - r' * q'))).
Proof.
move=> z dC; have := convolution_input (a := a) i j dC; congr is_derive.
rewrite [RHS]big_mkcond; apply: eq_bigr => p' _; case: leqP => [pi|ip]; last first.
  apply: big1 => q' _; rewrite big1 ?mulr0 // => t /andP[/eqP E _].
  by move: ip; rewrite -E mul1n ltnNge leq_addr.
rewrite [RHS]big_mkcond; apply: eq_bigr => q' _; case: leqP => [qj|jq]; last first.
  rewrite big1 ?mulr0 // => t /andP[_ /eqP E].
  by move: jq; rewrite -E mul1n ltnNge leq_addr.
congr (_ * _); rewrite /at_place.
have same (t : 'I_m.+1 * 'I_n.+1) : ((r * p' + 1 * t.1 == i) && (r' * q' + 1 * t.2 == j))%N =
              (place m n (i - r * p') (j - r' * q') == Some t).
  case: t => t t'; rewrite at_a_place /= !mul1n.
  by rewrite -{1}(subnKC pi) -{1}(subnKC qj) !eqn_add2l ![_ == (t : nat)]eq_sym ![_ == (t' : nat)]eq_sym.
rewrite (eq_bigl _ _ same); case: place => [[t t']|]; last by rewrite big_pred0.
by rewrite (big_pred1 (t, t')) // => x; rewrite eq_sym.
Qed.

(* (emb)  A row of a table gets the error of every place where its word stands.
   Assumed: C is differentiable at a. *)
Theorem embedding_error m n p (C : mat R p n -> R) (E : mat R m n) (v : 'I_p.+1 -> 'I_m.+1) i k :
  let a (E : mat R m n) := \matrix_(p', k) E (v p') k in
  differentiable C (a E) ->
  ∂_[i, k] (fun E => C (a E)) E ∃= (\sum_p' [i = v p'] * ∂_[p', k] C (a E)).
Proof.
move=> a dC.
have da p' q : ∂_[i, k] (fun E => a E p' q : R) E ∃= ([i = v p'] * [k = q]).
  have -> : (fun E => a E p' q : R) = (fun E : mat R m n => E (v p') q).
    by apply/funext => u; rewrite mxE.
  exact: matrix_entry_derive.
have := chain_rule_matrix (a := a) dC da; congr is_derive; apply: eq_bigr => p' _.
under eq_bigr do rewrite mulrCA mulrA; by rewrite (sum_delta (fun q => _ * ∂_[p', q] C (a E))).
Qed.

(* (tie)  Weights, in a column, of which p.+1 places read a copy each: the sum over the copies.
   Assumed: C is differentiable at the copies. *)
Theorem tied_gradient n p (C : mat R p n -> R) (w : vec R n) i :
  let u (w : vec R n) := \matrix_(p', i) w@_i in
  differentiable C (u w) ->
  ∂_i (fun w => C (u w)) w ∃= (\sum_p' ∂_[p', i] C (u w)).
Proof.
move=> u dC.
have du p' k : ∂_i (fun w => u w p' k : R) w ∃= [i = k].
  have -> : (fun w => u w p' k : R) = (fun w : vec R n => w@_k).
    by apply/funext => x; rewrite mxE.
  exact: entry_derive.
have := chain_rule_matrix (a := u) dC du; congr is_derive; apply: eq_bigr => p' _.
exact: sum_delta.
Qed.

(* (res)  A stream has two readers, the sum and the branch.
   Assumed: C is differentiable at the sum; each F_k has a derivative in z_j. *)
Theorem residual_error n (C : vec R n -> R) (F : vec R n -> vec R n) (z : vec R n) j :
  differentiable C (z + F z) ->
  (forall k, ∂_j (fun z => (F z)@_k : R) z ∃) ->
  ∂_j (fun z => C (z + F z)) z ∃=
    (∂_j C (z + F z) + \sum_k ∂_k C (z + F z) * ∂_j (fun z => (F z)@_k : R) z).
Proof.
move=> dC dF.
have da k : ∂_j (fun z => (z + F z)@_k : R) z ∃= ([j = k] + ∂_j (fun z => (F z)@_k : R) z).
  have -> : (fun z => (z + F z)@_k : R) = (fun z : vec R n => z@_k : R) + (fun z => (F z)@_k).
    by apply/funext => u; rewrite mxE.
  exact: is_deriveD (entry_derive z j k) (derivableP (dF k)).
have := chain_rule (a := fun z => z + F z) dC da; congr is_derive.
under eq_bigr do rewrite mulrDr; by rewrite big_split /= sum_delta.
Qed.

(* (BPTT)  A state σ(z) has two readers: the output of its own time, column 0 of the matrix, and
   through the weights w the weighted input of the next, column 1.
   Assumed: C is differentiable there; σ has a derivative at z_j. *)
Theorem recurrent_error n (C : mat R n 1 -> R) (σ : R -> R) (w : mat R n n) (x z : vec R n) j :
  let both z : mat R n 1 :=
    \matrix_(k, t) (if t == ord0 then elementwise σ z else w *m elementwise σ z + x)@_k in
  differentiable C (both z) ->
  derivable σ (z@_j) 1 ->
  ∂_j (fun z => C (both z)) z ∃=
    (σ^`() (z@_j) * (∂_[j, ord0] C (both z) + \sum_k w k j * ∂_[k, ord_max] C (both z))).
Proof.
move=> both dC ds.
have da k t : ∂_j (fun z => both z k t : R) z ∃=
              (σ^`() (z@_j) * (if t == ord0 then [j = k] else w k j)).
  have -> : (fun z => both z k t : R) =
            (fun z => (if t == ord0 then elementwise σ z else w *m elementwise σ z + x)@_k).
    by apply/funext => u; rewrite mxE.
  case: (t == ord0); first exact: elementwise_derive.
  have := affine_derive w x (fun i => elementwise_derive i ds) k; congr is_derive.
  by rewrite (sum_kronecker (w k)) mulrC.
have := chain_rule_matrix (a := both) dC da; congr is_derive.
have two (f : 'I_2 -> R) : \sum_t f t = f ord0 + f ord_max.
  by rewrite big_ord_recr big_ord_recl big_ord0 /= addr0; congr (f _ + _); apply/val_inj.
have pull (s c e d v : R) : c * (s * d) + e * (s * v) = s * (c * d + e * v).
  by rewrite mulrDr !(mulrCA s).
rewrite (eq_bigr _ (fun k _ => etrans (two _) (pull _ _ _ _ _))) /=.
rewrite -mulr_sumr big_split /= sum_delta; congr (_ * (_ + _)).
by apply: eq_bigr => k _; rewrite mulrC.
Qed.

(* What stands on the right of a matrix product is read by every row, with what stands on its left. *)
Lemma product_derive a b c (X : mat R a b) (Y : mat R b c) k q j q' :
  ∂_[k, q] (fun Y : mat R b c => (X *m Y) j q' : R) Y ∃= (X j k * [q = q']).
Proof.
have -> : (fun Y : mat R b c => (X *m Y) j q' : R) =
          \sum_l (X j l *: (fun Y : mat R b c => Y l q' : R)).
  by apply/funext => Z; rewrite mxE fct_sumE.
have := sum_derive (fun l => is_deriveZ (X j l) (matrix_entry_derive Y k q l q')).
congr is_derive; rewrite -(sum_delta (fun l => X j l)) mulr_suml; apply: eq_bigr => l _.
exact: mulrA.
Qed.

(* So the error goes back with its transpose: a sum down a column. *)
Lemma product_error a b c (C : mat R a c -> R) (X : mat R a b) (Y : mat R b c) k q :
  differentiable C (X *m Y) ->
  ∂_[k, q] (fun Y => C (X *m Y)) Y ∃= (\sum_j X j k * ∂_[j, q] C (X *m Y)).
Proof.
move=> dC; have := chain_rule_matrix (a := mulmx X) dC (product_derive X Y k q).
congr is_derive; apply: eq_bigr => j _; under eq_bigr do rewrite mulrCA mulrA.
exact: (sum_delta (fun q' => X j k * ∂_[j, q'] C (X *m Y))).
Qed.

(* The same for what stands on the left: a sum along a row. *)
Lemma left_product_error a b c (C : mat R a c -> R) (X : mat R a b) (Y : mat R b c) j k :
  differentiable C (X *m Y) ->
  ∂_[j, k] (fun X => C (X *m Y)) X ∃= (\sum_q ∂_[j, q] C (X *m Y) * Y k q).
Proof.
move=> dC.
have dX i q : ∂_[j, k] (fun X : mat R a b => (X *m Y) i q : R) X ∃= ([j = i] * Y k q).
  have -> : (fun X : mat R a b => (X *m Y) i q : R) =
            \sum_l (Y l q *: (fun X : mat R a b => X i l : R)).
    by apply/funext => Z; rewrite mxE fct_sumE; apply: eq_bigr => l _; rewrite mulrC.
  have := sum_derive (fun l => is_deriveZ (Y l q) (matrix_entry_derive X j k i l)).
  congr is_derive; rewrite -(sum_delta (fun l => Y l q)) mulr_sumr; apply: eq_bigr => l _.
  exact: mulrCA.
have := chain_rule_matrix (a := mulmx^~ Y) dC dX; congr is_derive.
rewrite -(sum_delta (fun i => \sum_q ∂_[i, q] C (X *m Y) * Y k q)).
by apply: eq_bigr => i _; rewrite mulr_suml; apply: eq_bigr => q _; rewrite mulrCA mulrC.
Qed.

End Shared.

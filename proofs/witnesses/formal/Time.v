(* Backpropagation through time: a loop of any length whose turns all read the same weights. *)
From Backprop Require Export Backprop Shared.

Section Time.
Variable R : realType.
Variables (n : nat) (σ : R -> R).
Implicit Types (w : mat R n n) (a x : vec R n) (X : mat R n n.+1).

(* What goes round: the state in column 0, and the weights in the others. *)
Definition round w a : mat R n n.+1 :=
  \matrix_(k, t) (if unlift ord0 t is Some j then w k j else a@_k).

(* (BPTT-T)  The weights have two readers: this turn, whose weighted input stands in column 0, and all
   later turns, which read them from the other columns.
   Assumed: C is differentiable at both. *)
Theorem turn_gradient (C : mat R n n.+1 -> R) w a x k j :
  let both w := round w (w *m a + x) in
  differentiable C (both w) ->
  ∂_[k, j] (fun w => C (both w)) w ∃=
    (∂_[k, ord0] C (both w) * a@_j + ∂_[k, lift ord0 j] C (both w)).
Proof.
move=> both dC.
pose f (t : 'I_n.+2) : R := if unlift ord0 t is Some q then [j = q] else a@_j.
have dw p t : ∂_[k, j] (fun w => both w p t : R) w ∃= (f t * [k = p]).
  rewrite /f; case: (unliftP ord0 t) => [q ->|->].
    have -> : (fun w => both w p (lift ord0 q) : R) = (fun w => w p q).
      by apply/funext => y; rewrite mxE liftK.
    by have := matrix_entry_derive w k j p q; congr is_derive; rewrite mulrC.
  have -> : (fun w => both w p ord0 : R) =
            \sum_l (a@_l *: (fun w : mat R n n => w p l : R)) + cst (x@_p).
    apply/funext => y; rewrite mxE unlift_none !mxE; congr (_ + _); rewrite fct_sumE.
    by apply: eq_bigr => l _; rewrite mulrC.
  have := is_deriveD (sum_derive (fun l => is_deriveZ a@_l (matrix_entry_derive w k j p l)))
                     (is_derive_cst (x@_p : R) w (delta_mx k j)).
  congr is_derive; rewrite addr0 -(sum_delta (fun l => a@_l)) mulr_suml; apply: eq_bigr => l _.
  by rewrite -[LHS]/(_ * (_ * _)) mulrA mulrAC.
have := chain_rule_matrix (a := both) dC dw; congr is_derive.
transitivity (\sum_t ∂_[k, t] C (both w) * f t).
  rewrite -(sum_delta (fun p => \sum_t ∂_[p, t] C (both w) * f t)); apply: eq_bigr => p _.
  by rewrite mulr_suml; apply: eq_bigr => t _; rewrite mulrA.
rewrite big_ord_recl /f unlift_none; congr (_ + _).
under eq_bigr do rewrite liftK; exact: (sum_delta (fun q => ∂_[k, lift ord0 q] C (both w))).
Qed.
End Time.

(* A function of two variables, such as a state and the weights that make the next one of it. *)
Section Both.
Variables (R : realType) (U V : normedModType R).
Implicit Types (h x : U) (w v : V).

(* What depends on one of two numbers is differentiable in both together. *)
Lemma of_first (W : normedModType R) (F : U -> W) (y : U * V) :
  differentiable F y.1 -> differentiable (fun y : U * V => F y.1) y.
Proof.
move=> dF; apply: (@differentiable_comp _ _ _ _ fst F) => //.
by apply: linear_differentiable => z; exact: cvg_fst.
Qed.

Lemma of_second (W : normedModType R) (F : V -> W) (y : U * V) :
  differentiable F y.2 -> differentiable (fun y : U * V => F y.2) y.
Proof.
move=> dF; apply: (@differentiable_comp _ _ _ _ snd F) => //.
by apply: linear_differentiable => z; exact: cvg_snd.
Qed.

Lemma in_first (W : normedModType R) (F : U -> V -> W) h w :
  differentiable (fun y : U * V => F y.1 y.2) (h, w) -> differentiable (fun h => F h w) h.
Proof.
by move=> dF; apply: (@differentiable_comp _ _ _ _ (fun h => (h, w)) (fun y : U * V => F y.1 y.2)).
Qed.

Lemma in_second (W : normedModType R) (F : U -> V -> W) h w :
  differentiable (fun y : U * V => F y.1 y.2) (h, w) -> differentiable (F h) w.
Proof.
by move=> dF; apply: (@differentiable_comp _ _ _ _ (fun w => (h, w)) (fun y : U * V => F y.1 y.2)).
Qed.

(* A function of two variables that both depend on a third. *)
Lemma of_both (T W : normedModType R) (F : U -> V -> W) (f df : T -> U) (g dg : T -> V) (t v : T) :
  differentiable (fun y : U * V => F y.1 y.2) (f t, g t) ->
  is_diff t f df -> is_diff t g dg ->
  'D_v (fun t => F (f t) (g t)) t ∃= ('d (fun y : U * V => F y.1 y.2) (f t, g t) (df v, dg v)).
Proof.
move=> dF [df' <-] [dg' <-]; have dfg := differentiable_pair df' dg'.
have D : 'D_v (fun t => (f t, g t)) t ∃= ('d f t v, 'd g t v).
  by apply: DeriveDef; [exact: diff_derivable | rewrite deriveE // diff_pair].
exact: (chain_of_maps (C := fun y : U * V => F y.1 y.2) dF D).
Qed.

(* It moves with the one, where the other stands still, and with the other. *)
Lemma two_readers_derive (G : U -> V -> R) (a : V -> U) w v :
  differentiable (fun y : U * V => G y.1 y.2) (a w, w) -> differentiable a w ->
  'D_v (fun w => G (a w) w) w ∃= (derive (fun w' => G (a w') w) w v + derive (G (a w)) w v).
Proof.
move=> dG /differentiableP da; have := of_both v dG da (is_diff_id w); congr is_derive.
have [_ ->] := of_both (g := cst w) v dG da (is_diff_cst w w).
have [_ ->] := of_both (f := cst (a w)) (g := id) v dG (is_diff_cst (a w) w) (is_diff_id w).
by rewrite -linearD; congr ('d _ _ _); rewrite -[RHS]/(_ + _, _ + _) addr0 add0r.
Qed.
End Both.

(* The whole loop, of turns of any kind. *)
Section Loop.
Variables (R : realType) (n m l : nat).
Implicit Types (h d : vec R n) (w g : mat R m l) (C : vec R n -> R).

(* A turn makes the next state of the state and the weights; its own state may cost something. *)
Record turn := Turn { next_state : vec R n -> mat R m l -> vec R n; own_cost : vec R n -> R }.
Implicit Types (f : turn) (s : seq turn).

(* The cost of the state h and of all that the turns s make of it: C is that of the last state. *)
Fixpoint loop_cost s C h w : R :=
  if s is f :: s' then own_cost f h + loop_cost s' C (next_state f h w) w else C h.

(* What a turn sends back to the weights: its derivatives, transposed, times the error of what it
   made. *)
Definition share f h w d : mat R m l :=
  \matrix_(p, q) \sum_k d@_k * ∂_[p, q] (fun w : mat R m l => (next_state f h w)@_k) w.

(* The loop, from the last turn to the first: the error of the state, and what the weights have got. *)
Fixpoint loop_back s C h w : vec R n * mat R m l :=
  if s is f :: s' then
    let: (d, g) := loop_back s' C (next_state f h w) w in
    (∇ (own_cost f) h + (jacobian (fun h => next_state f h w) h)^T *m d, g + share f h w d)
  else (∇ C h, 0).

(* All that is assumed: each turn is differentiable, in its state and the weights together, and so
   are the costs. *)
Fixpoint smooth_turns s C h w : Prop :=
  if s is f :: s' then
    [/\ differentiable (fun x : vec R n * mat R m l => next_state f x.1 x.2) (h, w),
        differentiable (own_cost f) h & smooth_turns s' C (next_state f h w) w]
  else differentiable C h.

Lemma smooth_loop s C h w : smooth_turns s C h w ->
  differentiable (fun x : vec R n * mat R m l => loop_cost s C x.1 x.2) (h, w).
Proof.
elim: s h w => [|f s IH] h w /=; first by move=> dC; exact: (of_first (F := C)).
move=> [df dc /IH dG]; apply: differentiableD; first exact: (of_first (F := own_cost f)).
pose both (x : vec R n * mat R m l) := (next_state f x.1 x.2, x.2).
apply: (@differentiable_comp _ _ _ _ both (fun x : vec R n * mat R m l => loop_cost s C x.1 x.2)) => //.
by apply: differentiable_pair => //; exact: (of_second (F := id)).
Qed.

(* One turn, whatever comes after it: G is the cost of all that does. *)
Lemma one_turn f (G : vec R n -> mat R m l -> R) h w d g :
  differentiable (fun x : vec R n * mat R m l => next_state f x.1 x.2) (h, w) ->
  differentiable (own_cost f) h ->
  differentiable (fun x : vec R n * mat R m l => G x.1 x.2) (next_state f h w, w) ->
  ∇ (fun h => G h w) (next_state f h w) ∃= d ->
  (forall p q, ∂_[p, q] (G (next_state f h w)) w ∃= (g p q)) ->
  ∇ (fun h => own_cost f h + G (next_state f h w) w) h ∃=
    (∇ (own_cost f) h + (jacobian (fun h => next_state f h w) h)^T *m d) /\
  forall p q,
    ∂_[p, q] (fun w => own_cost f h + G (next_state f h w) w) w ∃= ((g + share f h w d) p q).
Proof.
move=> df dc dG dh dw.
have dE k : ∂_k (fun h => G h w) (next_state f h w) = d@_k by have [_ ->] := dh k.
have chain (V : normedModType R) (a : V -> vec R n) t v : differentiable a t -> a t = next_state f h w ->
    'D_v (fun t => G (a t) w) t ∃= (\sum_k d@_k * derive (fun t => (a t)@_k : R) t v).
  move=> da at_t; have := in_first dG; rewrite -at_t => dC.
  have dk k : derivable (fun t => (a t)@_k : R) t v.
    apply: diff_derivable.
    exact: (@differentiable_comp _ _ _ _ a (fun y => y@_k) t da (differentiable_coord _ _ _)).
  have := chain_rule dC (fun k => derivableP (dk k)); congr is_derive.
  by apply: eq_bigr => k _; rewrite at_t dE.
split=> [j|p q].
  have dj : ∂_j (own_cost f) h ∃ by exact: diff_derivable.
  have := is_deriveD (derivableP dj) (chain _ _ h (e R j) (in_first df) erefl); congr is_derive.
  by rewrite !mxE; congr (_ + _); apply: eq_bigr => k _; rewrite !mxE mulrC.
have dw' := two_readers_derive (delta_mx p q) dG (in_second df).
have := is_deriveD (is_derive_cst (own_cost f h) w (delta_mx p q)) dw'; congr is_derive.
have [_ ->] := dw p q; have [_ ->] := chain _ _ w (delta_mx p q) (in_second df) erefl.
by rewrite add0r addrC !mxE.
Qed.

(* What the loop computes are the derivatives of the cost in the state and in the weights, whatever
   the turns are and however many. Seen from any state on the way, what is left is a loop too, and
   costs of earlier states do not depend on it: so this is said of the error of every state.
   Assumed: every turn is differentiable, in its state and the weights together, and so are the cost
   of every state and that of the last. *)
Theorem loop_gradient s C h w :
  smooth_turns s C h w ->
  ∇ (fun h => loop_cost s C h w) h ∃= (loop_back s C h w).1 /\
  forall (p : 'I_m.+1) (q : 'I_l.+1),
    ∂_[p, q] (fun w => loop_cost s C h w) w ∃= ((loop_back s C h w).2 p q).
Proof.
elim: s h w => [|f s IH] h w /=.
  move=> dC; split=> [j|p q]; rewrite mxE; last exact: is_derive_cst.
  by apply/derivableP; exact: diff_derivable.
move=> [df dc sG]; have [] := IH _ _ sG.
case: (loop_back s C (next_state f h w) w) => d g; exact: one_turn (smooth_loop sG).
Qed.
End Loop.

(* The loop of a recurrent network, as it is programmed. *)
Section Recurrent.
Variables (R : realType) (n : nat) (σ : R -> R).
Hypothesis dσ : forall z : R, derivable σ z 1.
Implicit Types (h x d : vec R n) (w : mat R n n) (C : vec R n -> R).
Implicit Types (ts : seq (vec R n * (vec R n -> R))).

(* At a time the input x is added to what the weights make of the state, whose output costs c. *)
Definition time (t : vec R n * (vec R n -> R)) : turn R n n n :=
  Turn (fun h w => elementwise σ (w *m h + t.1)) t.2.

(* From the last time to the first: the error of the state, and what the weights have got. *)
Fixpoint through_time ts C h w : vec R n * mat R n n :=
  if ts is (x, c) :: ts' then
    let z := w *m h + x in
    let: (d, g) := through_time ts' C (elementwise σ z) w in
    let du := d ⊙ elementwise σ^`() z in
    (∇ c h + w^T *m du, g + du *m h^T)
  else (∇ C h, 0).

Lemma weighted_smooth x h w :
  differentiable (fun y : vec R n * mat R n n => y.2 *m y.1 + x) (h, w).
Proof.
apply: differentiable_entries => k.
pose f i (y : vec R n * mat R n n) : R := y.2 k i * y.1@_i.
have -> : (fun y : vec R n * mat R n n => (y.2 *m y.1 + x)@_k : R) = \sum_i f i + cst x@_k.
  by apply/funext => y; rewrite !mxE -[RHS]/(_ + _) fct_sumE.
apply: differentiableD; last exact: differentiable_cst.
apply: differentiable_sum => i; apply: differentiableM.
  by apply: (of_second (F := fun w : mat R n n => w k i)); exact: differentiable_coord.
by apply: (of_first (F := fun h : vec R n => h@_i)); exact: differentiable_coord.
Qed.

Lemma elementwise_moves (V : normedModType R) (u : V -> vec R n) (t v : V) (d : 'I_n.+1 -> R) k :
  (forall i, 'D_v (fun t => (u t)@_i : R) t ∃= (d i)) ->
  'D_v (fun t => (elementwise σ (u t))@_k : R) t ∃= (σ^`() (u t)@_k * d k).
Proof.
move=> du; have de : differentiable (elementwise σ) (u t) by exact: differentiable_elementwise.
have dk : differentiable (fun z => (elementwise σ z)@_k : R) (u t).
  exact: (@differentiable_comp _ _ _ _ _ (fun y => y@_k) (u t) de (differentiable_coord _ _ _)).
have dσk i := elementwise_derive k (@dσ (u t)@_i).
have := chain_rule dk du; congr is_derive.
rewrite (bigD1 k) //= big1 ?addr0 => [|i ik].
  by have [_ ->] := dσk k; rewrite /kronecker eqxx mulr1.
have [_ ->] := dσk i.
by rewrite /kronecker (negPf ik) mulr0 mul0r.
Qed.

(* What a turn of this kind sends back: through the transposed weights, and to the weights. *)
Lemma time_sends x c h w d :
  let du := d ⊙ elementwise σ^`() (w *m h + x) in
  (jacobian (fun h => next_state (time (x, c)) h w) h)^T *m d = w^T *m du /\
  share (time (x, c)) h w d = du *m h^T.
Proof.
move=> du; split; apply/matrixP => i j.
  rewrite !mxE; apply: eq_bigr => k _; rewrite !mxE.
  have dz := affine_derive w x (fun l => entry_derive h i l).
  have [_ ->] := elementwise_moves k dz; rewrite sum_delta ord1 /= !mxE.
  by rewrite mulrC [_ * w k i]mulrC mulrCA.
rewrite mxE [RHS]mxE [RHS]big_ord_recl big_ord0 addr0 [h^T _ _]mxE.
rewrite -(sum_delta (fun k => du@_k * h@_j) i).
apply: eq_bigr => k _.
have [_ ->] := elementwise_moves k (fun l => weight_derive w x h l i j).
by rewrite !mxE /kronecker eq_sym; case: (_ == _); rewrite ?mul1r ?mulr1 ?mul0r ?mulr0 // mulrA.
Qed.

Fixpoint smooth_times ts C h w : Prop :=
  if ts is (x, c) :: ts' then
    differentiable c h /\ smooth_times ts' C (elementwise σ (w *m h + x)) w
  else differentiable C h.

(* What this loop computes are the derivatives of the cost of all outputs, after any number of times.
   Assumed: σ has a derivative everywhere; the cost of each output is differentiable where it is. *)
Theorem time_gradient ts C h w :
  smooth_times ts C h w ->
  ∇ (fun h => loop_cost (map time ts) C h w) h ∃= (through_time ts C h w).1 /\
  forall k j : 'I_n.+1,
    ∂_[k, j] (fun w => loop_cost (map time ts) C h w) w ∃= ((through_time ts C h w).2 k j).
Proof.
move=> sC.
have -> : through_time ts C h w = loop_back (map time ts) C h w.
  elim: ts h {sC} => [//|[x c] ts IH] h /=; rewrite IH.
  by case: loop_back => d g; have [-> ->] := time_sends x c h w d.
apply: loop_gradient; elim: ts h sC => [//|[x c] ts IH] h /= [dc /IH sC]; split=> //.
apply: (@differentiable_comp _ _ _ _ (fun y : vec R n * mat R n n => y.2 *m y.1 + x) (elementwise σ)).
  exact: weighted_smooth.
by apply: differentiable_elementwise => j; exact: dσ.
Qed.
End Recurrent.

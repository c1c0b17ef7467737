(* BP4, the gradient in the weights. *)
From Backprop Require Export Chain Network.

Section BP4.
Variable R : realType.

(* As w_jk grows, z moves in the direction e j, a_k times as fast. *)
Lemma one_weight n m (a : vec R n) (j : 'I_m.+1) (k : 'I_n.+1) :
  delta_mx j k *m a = a@_k *: e R j.
Proof.
apply/matrixP => i l; rewrite !mxE (bigD1 k) //= big1 => [|i' ik].
  by rewrite !ord1 !mxE !eqxx addr0 !andbT mulrC.
by rewrite !mxE (negPf ik) andbF mul0r.
Qed.

(* (zw)  dz_i/dw_jk = [i = j] a_k.
   Assumed: nothing. *)
Theorem weight_derive n m (w : mat R m n) (b : vec R m) (a : vec R n)
    (i j : 'I_m.+1) (k : 'I_n.+1) :
  ∂_[j, k] (fun w : mat R m n => (w *m a + b)@_i) w ∃= ([i = j] * a@_k).
Proof.
apply: (@same_on_line _ _ _ _ _ (@id R) _ _ ((w *m a + b)@_i) ([i = j] * a@_k)) => h.
rewrite mulmxDl -scalemxAl one_weight -addrA mxE; congr (_ + _).
by rewrite !mxE eqxx andbT (mulrC a@_k).
Qed.

(* (BP4)  dC/dw_jk = a_k δ_j, in every layer of every network, where a is the activation of the
   layer before.
   Assumed: nothing but that δ_j exists. *)
Theorem BP4 n0 n m p (C : vec R p -> R) (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) (j : 'I_m.+1) (k : 'I_n.+1) :
  let a := activation A x in
  let z := w *m a + b in
  ∂_j (cost_z N C) z ∃ ->
  ∂_[j, k] (fun w : mat R m n => cost A w b N C x) w ∃= (a@_k * (δ N C z)@_j).
Proof.
move=> a z dC.
have line h : cost A (h *: delta_mx j k + w) b N C x =
              cost_z N C ((h * a@_k) *: e R j + z).
  rewrite /cost; congr cost_z.
  by rewrite mulmxDl -scalemxAl one_weight scalerA addrA.
pose g (t : R) := cost_z N C (t *: e R j + z).
have dg : 'D_(1 : R) g (0 : R) ∃= (δ N C z)@_j.
  by rewrite mxE; apply: (along_line _ _ _ _).1; exact: derivableP.
have da : 'D_(1 : R) ( *%R (a@_k)) (0 : R) ∃= (a@_k).
  by have := @is_deriveZ R R R id (a@_k) 0 1 1 (is_derive_id _ _); rewrite [_ *: 1]mulr1.
have g0 : differentiable g 0 by apply/derivable1_diffP; case: dg.
have g0' : differentiable g (a@_k * 0) by rewrite mulr0.
apply: (@same_on_line _ _ _ _ _ (g \o *%R (a@_k)) _ _ (0 : R) (1 : R)) => [h|].
  by rewrite line /g /= addr0 [h%:A]mulr1 mulrC.
have := chain_of_number g0' da; congr is_derive.
rewrite mulr0 -[X in 'd g 0 X]mulr1 linearZ -deriveE //.
by rewrite (@derive_val _ _ _ _ _ _ _ dg).
Qed.

(* (32)  nabla_w C = δ a^T.
   Assumed: nothing but that δ exists. *)
Theorem BP4_matrix n0 n m p (C : vec R p -> R) (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) :
  let a := activation A x in
  let z := w *m a + b in
  (forall j, ∂_j (cost_z N C) z ∃) ->
  forall (j : 'I_m.+1) (k : 'I_n.+1),
  ∂_[j, k] (fun w : mat R m n => cost A w b N C x) w ∃= ((δ N C z *m a^T) j k).
Proof.
move=> a z dC j k; have := BP4 k (dC j); congr is_derive.
by rewrite !mxE big_ord_recl big_ord0 addr0 !mxE mulrC.
Qed.
End BP4.

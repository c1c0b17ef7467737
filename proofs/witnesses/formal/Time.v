(* Backpropagation through time: a loop of any length whose turns all read the same weights. *)
From Backprop Require Export Shared.

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

(* The chain rule along a direction, with a sum over every variable in between. *)
From Backprop Require Import Letters.

Section Chain.
Variable R : realType.
Implicit Types U V W : normedModType R.

(* Two functions that agree along a line have the same derivative along it. *)
Lemma same_on_line U V W (f : V -> W) (g : U -> W) (t v : V) (s u : U) d :
  (forall h : R, f (h *: v + t) = g (h *: u + s)) -> 'D_u g s ∃= d -> 'D_v f t ∃= d.
Proof.
move=> fg [].
have same : (fun h : R => h^-1 *: ((g \o shift s) (h *: u) - g s)) =
            (fun h : R => h^-1 *: ((f \o shift t) (h *: v) - f t)).
  apply/funext => h /=; rewrite fg.
  by have := fg 0; rewrite !scale0r !add0r => ->.
by rewrite /derive /derivable same => dg gd; exact: DeriveDef.
Qed.

(* A derivative along v is the derivative of a function of one number. *)
Lemma along_line V W (f : V -> W) (t v : V) d :
  'D_v f t ∃= d <-> 'D_(1 : R) (fun h : R => f (h *: v + t)) (0 : R) ∃= d.
Proof.
have same h : f (h *: v + t) = f ((h *: (1 : R) + 0) *: v + t) by rewrite addr0 [_%:A]mulr1.
by split; apply: same_on_line => h; rewrite -same.
Qed.

Lemma chain_of_number V W (C : V -> W) (g : R -> V) d :
  differentiable C (g 0) -> 'D_(1 : R) g (0 : R) ∃= d ->
  'D_(1 : R) (C \o g) (0 : R) ∃= ('d C (g 0) d).
Proof.
move=> dC [/derivable1_diffP dg <-].
have dCg : differentiable (C \o g) 0 by apply: differentiable_comp.
apply: DeriveDef; first exact/derivable1_diffP.
by rewrite !deriveE // diff_comp.
Qed.

(* The outer map is differentiable; the inner one need only have a derivative along v. *)
Lemma chain_of_maps U V W (C : V -> W) (g : U -> V) t v d :
  differentiable C (g t) -> 'D_v g t ∃= d -> 'D_v (C \o g) t ∃= ('d C (g t) d).
Proof.
move=> dC /along_line dg; apply/along_line.
have g0 : g t = (fun h : R => g (h *: v + t)) 0 by rewrite scale0r add0r.
by rewrite g0 in dC *; exact: chain_of_number dC dg.
Qed.

(* A quotient moves with what is above, and against its value times what is below. *)
Lemma quotient_derive (V : normedModType R) (f g : V -> R) (x v : V) df dg :
  g x != 0 -> 'D_v f x ∃= df -> 'D_v g x ∃= dg ->
  'D_v (fun x => f x / g x) x ∃= ((df - f x / g x * dg) / g x).
Proof.
move=> g0 [f1 Df] [g1 Dg]; have gV := derivableV g0 g1.
apply: DeriveDef; first exact: (derivableM f1 gV).
rewrite (deriveM f1 gV) (deriveV g0 g1) Df Dg /GRing.scale /= -exprVn expr2 addrC.
by rewrite [RHS]mulrBl [df * _]mulrC mulNr mulrN -!mulrA [dg * _]mulrC.
Qed.
Lemma sum_of_entries n (u : vec R n) : u = \sum_k u@_k *: e R k.
Proof.
apply/matrixP => i j; rewrite summxE (bigD1 i) //= big1 => [|k ki].
  by rewrite !mxE !ord1 !eqxx mulr1 addr0.
by rewrite !mxE eq_sym (negPf ki) mulr0.
Qed.

(* The differential is the sum of the partial derivatives, each times its step. *)
Lemma differential m n (C : mat R m n -> R) a (u : mat R m n) :
  differentiable C a -> 'd C a u = \sum_j \sum_k ∂_[j, k] C a * u j k.
Proof.
move=> dC; rewrite {1}(matrix_sum_delta u) linear_sum; apply: eq_bigr => j _.
by rewrite linear_sum; apply: eq_bigr => k _; rewrite linearZ deriveE //= mulrC.
Qed.

(* A matrix has a derivative as soon as its entries have. *)
Lemma entry_by_entry V m n (g : V -> mat R m n) t v (d : 'I_m.+1 -> 'I_n.+1 -> R) :
  (forall j k, 'D_v (fun u => g u j k : R) t ∃= (d j k)) -> 'D_v g t ∃= (\matrix_(j, k) d j k).
Proof.
move=> dg.
have djk j k : 'D_v (fun u => g u j k *: delta_mx j k) t ∃= (d j k *: delta_mx j k).
  pose s (x : R) : mat R m n := x *: delta_mx j k.
  have ds x : is_diff x s s := is_diff_scalel x (delta_mx j k).
  have -> : d j k *: delta_mx j k = 'd s (g t j k) (d j k) by rewrite diff_val.
  exact: (@chain_of_maps _ _ _ s (fun u => g u j k)).
have -> : g = \sum_j \sum_k (fun u => g u j k *: delta_mx j k).
  apply/funext => u; rewrite fct_sumE {1}(matrix_sum_delta (g u)).
  by apply: eq_bigr => j _; rewrite fct_sumE.
have -> : \matrix_(j, k) d j k = \sum_j \sum_k d j k *: delta_mx j k.
  rewrite {1}(matrix_sum_delta (\matrix_(j, k) d j k)).
  by apply: eq_bigr => j _; apply: eq_bigr => k _; rewrite mxE.
by apply: is_derive_sum => j; exact: is_derive_sum.
Qed.

(* The numbers in between may stand in a matrix. *)
Lemma chain_rule_matrix V m n (C : mat R m n -> R) (a : V -> mat R m n) (z v : V)
    (d : 'I_m.+1 -> 'I_n.+1 -> R) :
  differentiable C (a z) ->
  (forall j k, 'D_v (fun z => a z j k : R) z ∃= (d j k)) ->
  'D_v (fun z => C (a z)) z ∃= (\sum_j \sum_k ∂_[j, k] C (a z) * d j k).
Proof.
move=> dC /entry_by_entry da; have := chain_of_maps dC da; congr is_derive.
by rewrite differential //; apply: eq_bigr => j _; apply: eq_bigr => k _; rewrite mxE.
Qed.

(* (chain)  C depends on the a_k, and each a_k moves at the rate d_k as z moves along v: then C
   moves at the rate  sum over k of  dC/da_k d_k.
   Assumed: C is differentiable at a, in all its variables together; each a_k has a derivative
   along v, and need have none in any other direction. *)
Theorem chain_rule V n (C : vec R n -> R) (a : V -> vec R n) (z v : V) (d : 'I_n.+1 -> R) :
  differentiable C (a z) ->
  (forall k, 'D_v (fun z => (a z)@_k : R) z ∃= (d k)) ->
  'D_v (fun z => C (a z)) z ∃= (\sum_k ∂_k C (a z) * d k).
Proof.
move=> dC da; have da' k (l : 'I_1) : 'D_v (fun z => a z k l : R) z ∃= (d k) by rewrite ord1.
have := chain_rule_matrix dC da'; congr is_derive.
by apply: eq_bigr => k _; rewrite big_ord_recl big_ord0 addr0.
Qed.

(* Of a sum with Kronecker's delta one term is left. *)
Lemma sum_kronecker n (g : 'I_n.+1 -> R) (d : R) j : \sum_k g k * (d * [j = k]) = g j * d.
Proof.
rewrite (bigD1 j) //= /kronecker eqxx mulr1 big1 ?addr0 // => k.
by rewrite eq_sym => /negPf ->; rewrite !mulr0.
Qed.

Lemma sum_delta n (f : 'I_n.+1 -> R) j : \sum_k f k * [j = k] = f j.
Proof. by rewrite -[RHS]mulr1 -(sum_kronecker f 1 j); apply: eq_bigr => k _; rewrite mul1r. Qed.

(* An entry moves along its own direction alone. *)
Lemma entry_derive n (a : vec R n) j k : ∂_j (fun a : vec R n => a@_k : R) a ∃= [j = k].
Proof.
rewrite /kronecker; have [<-|jk] := eqVneq j k.
  apply: (@same_on_line _ _ _ _ (@id R) _ _ (a@_j) (1 : R)) => h.
  by rewrite !mxE !eqxx [h%:A]mulr1 mulr1.
apply: (@same_on_line _ _ _ _ (cst (a@_k)) _ _ (0 : R) (1 : R)) => h.
by rewrite !mxE eq_sym (negPf jk) mulr0 add0r.
Qed.

(* An affine function of differentiable entries. *)
Lemma affine_derive V n m (w : mat R m n) (b : vec R m) (f : V -> vec R n) (z v : V) d :
  (forall i, 'D_v (fun z => (f z)@_i : R) z ∃= (d i)) ->
  forall k, 'D_v (fun z => (w *m f z + b)@_k : R) z ∃= (\sum_i w k i * d i).
Proof.
move=> df k.
have -> : (fun z => (w *m f z + b)@_k) =
          (\sum_i (w k i *: (fun z => (f z)@_i : R))) + cst (b@_k).
  apply/funext => u; rewrite !mxE; congr (_ + _).
  by rewrite fct_sumE; apply: eq_bigr.
rewrite -[X in is_derive _ _ _ X]addr0.
apply: is_deriveD.
Qed.
End Chain.

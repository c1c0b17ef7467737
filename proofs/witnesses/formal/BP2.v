(* BP2, the error one layer earlier, and the proof (40)-(45).
   In the net `Hidden f w b N`, f is the activation of layer l; w, b and N belong to layer l+1. *)
From Backprop Require Export BP1.

Section BP2.
Variable R : realType.
Implicit Types (n m p : nat).

(* (41), (42)  δ_j = sum over k of  dC/dz'_k dz'_k/dz_j, where z' belongs to the next layer, and
   dC/dz'_k is its error δ'_k.
   Assumed: the cost, as a function of z', is differentiable; each z'_k has a derivative in z_j. *)
Theorem BP2_sum n m p (C : vec R p -> R) (f : vec R n -> vec R n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (z : vec R n) (j : 'I_n.+1) :
  let z' z := w *m f z + b in
  differentiable (cost_z N C) (z' z) ->
  (forall k, ∂_j (fun z : vec R n => (z' z)@_k) z ∃) ->
  ∂_j (cost_z (Hidden f w b N) C) z ∃=
    (\sum_k (δ N C (z' z))@_k * ∂_j (fun z : vec R n => (z' z)@_k) z).
Proof.
move=> z' dC dz; have := chain_rule (a := z') dC (fun k => derivableP (dz k)); congr is_derive.
by apply: eq_bigr => k _; rewrite mxE.
Qed.

(* (44)  dz'_k/dz_j = w_kj σ'(z_j).
   Assumed: σ has a derivative at z_j. *)
Theorem BP2_weight n m (σ : R -> R) (w : mat R m n) (b : vec R m) (z : vec R n)
    (j : 'I_n.+1) (k : 'I_m.+1) :
  derivable σ (z@_j) 1 ->
  ∂_j (fun z : vec R n => (w *m elementwise σ z + b)@_k) z ∃= (w k j * σ^`() (z@_j)).
Proof.
move=> ds; have := affine_derive w b (fun i => elementwise_derive i ds) k.
by rewrite (sum_kronecker (w k)).
Qed.

(* (45)  δ_j = sum over k of  w_kj δ'_k σ'(z_j).
   Assumed: the cost, as a function of z', is differentiable; σ has a derivative at z_j. *)
Theorem BP2_entry n m p (C : vec R p -> R) (σ : R -> R) (w : mat R m n) (b : vec R m)
    (N : net R m p) (z : vec R n) (j : 'I_n.+1) :
  let z' := w *m elementwise σ z + b in
  differentiable (cost_z N C) z' ->
  derivable σ (z@_j) 1 ->
  ∂_j (cost_z (Hidden (elementwise σ) w b N) C) z ∃=
    (\sum_k w k j * (δ N C z')@_k * σ^`() (z@_j)).
Proof.
move=> z' dC ds; have dz := fun k => BP2_weight w b k ds.
have := chain_rule (a := fun z => w *m elementwise σ z + b) dC dz.
congr is_derive.
by apply: eq_bigr => k _; rewrite mxE mulrCA mulrA.
Qed.

(* (BP2)  δ = (w^T δ') ⊙ σ'(z).
   Assumed: the cost, as a function of z', is differentiable; σ has a derivative at every z_j. *)
Theorem BP2 n m p (C : vec R p -> R) (σ : R -> R) (w : mat R m n) (b : vec R m)
    (N : net R m p) (z : vec R n) :
  let z' := w *m elementwise σ z + b in
  differentiable (cost_z N C) z' ->
  (forall j, derivable σ (z@_j) 1) ->
  ∇ (cost_z (Hidden (elementwise σ) w b N) C) z ∃=
    ((w^T *m δ N C z') ⊙ elementwise σ^`() z).
Proof.
move=> z' dC ds j; have := BP2_entry dC (ds j); congr is_derive.
by rewrite !mxE mulr_suml; apply: eq_bigr => k _; rewrite !mxE.
Qed.

(* (BP2J)  For every activation: the transposed Jacobian in place of σ'.
   Assumed: the cost, as a function of z', is differentiable; each a_i has a derivative in each
   z_j. *)
Theorem BP2_jacobian n m p (C : vec R p -> R) (f : vec R n -> vec R n) (w : mat R m n)
    (b : vec R m) (N : net R m p) (z : vec R n) :
  let z' := w *m f z + b in
  differentiable (cost_z N C) z' ->
  (forall j i, ∂_j (fun z : vec R n => (f z)@_i) z ∃) ->
  ∇ (cost_z (Hidden f w b N) C) z ∃= ((jacobian f z)^T *m (w^T *m δ N C z')).
Proof.
move=> z' dC df j.
have df' := affine_derive w b (fun i => derivableP (df j i)).
have := chain_rule (a := fun z => w *m f z + b) dC df'; congr is_derive.
under eq_bigr do rewrite mulr_sumr.
rewrite exchange_big mxE; apply: eq_bigr => i _; rewrite !mxE mulr_sumr.
by apply: eq_bigr => k _; rewrite !mxE mulrA mulrC (mulrC (w k i)).
Qed.

(* (34)  (BP2) with a diagonal matrix in place of the Hadamard product.
   Assumed: the cost, as a function of z', is differentiable; σ has a derivative at every z_j. *)
Theorem BP2_diagonal n m p (C : vec R p -> R) (σ : R -> R) (w : mat R m n) (b : vec R m)
    (N : net R m p) (z : vec R n) :
  let z' := w *m elementwise σ z + b in
  differentiable (cost_z N C) z' ->
  (forall j, derivable σ (z@_j) 1) ->
  ∇ (cost_z (Hidden (elementwise σ) w b N) C) z ∃=
    (diag_mx (elementwise σ^`() z)^T *m (w^T *m δ N C z')).
Proof. by move=> z' dC ds; rewrite -hadamard_diagonal; exact: BP2. Qed.

(* (za)  dz_k/da_i = w_ki, where a is the activation of the layer before.
   Assumed: nothing. *)
Theorem weighted_input_derive n m (w : mat R m n) (b : vec R m) (a : vec R n)
    (i : 'I_n.+1) (k : 'I_m.+1) :
  ∂_i (fun a : vec R n => (w *m a + b)@_k) a ∃= (w k i).
Proof.
have := affine_derive w b (fun l => entry_derive a i l) k; congr is_derive.
under eq_bigr do rewrite -[[_ = _]]mul1r.
by rewrite (sum_kronecker (w k)) mulr1.
Qed.

(* (53-3)  dC/da_j = sum over k of  w_kj δ_k, where a is the activation of the layer before.
   Assumed: the cost, as a function of z, is differentiable. *)
Theorem BP2_activation n m p (C : vec R p -> R) (w : mat R m n) (b : vec R m) (N : net R m p)
    (a : vec R n) (j : 'I_n.+1) :
  let z := w *m a + b in
  differentiable (cost_z N C) z ->
  ∂_j (fun a : vec R n => cost_z N C (w *m a + b)) a ∃= (\sum_k w k j * (δ N C z)@_k).
Proof.
move=> z dC; have := chain_rule (a := fun a => w *m a + b) dC (weighted_input_derive w b a j).
congr is_derive.
by apply: eq_bigr => k _; rewrite mxE mulrC.
Qed.
End BP2.

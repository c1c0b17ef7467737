(* BP1, the error at the output, and the proof (36)-(39).
   The output layer is the net `Output a`, so cost_z (Output a) C z is C (a z). *)
From Backprop Require Export Chain Network.

Section BP1.
Variable R : realType.
Implicit Types (n : nat).

(* (37)  δ_j = sum over k of  dC/da_k da_k/dz_j, for every activation.
   Assumed: C is differentiable at a; each a_k has a derivative in z_j. *)
Theorem BP1_sum n (C : vec R n -> R) (a : vec R n -> vec R n) (z : vec R n) (j : 'I_n.+1) :
  differentiable C (a z) ->
  (forall k, ∂_j (fun z : vec R n => (a z)@_k) z ∃) ->
  ∂_j (cost_z (Output a) C) z ∃=
    (\sum_k ∂_k C (a z) * ∂_j (fun z : vec R n => (a z)@_k) z).
Proof. by move=> dC da; apply: chain_rule => // k; exact: derivableP. Qed.

(* (J)  The same as columns: the transposed Jacobian times the gradient.
   Assumed: C is differentiable at a; each a_k has a derivative in each z_j. *)
Theorem BP1_jacobian n (C : vec R n -> R) (a : vec R n -> vec R n) (z : vec R n) :
  differentiable C (a z) ->
  (forall j k, ∂_j (fun z : vec R n => (a z)@_k) z ∃) ->
  ∇ (cost_z (Output a) C) z ∃= ((jacobian a z)^T *m ∇ C (a z)).
Proof.
move=> dC da j; have := BP1_sum dC (da j); congr is_derive.
by rewrite mxE; apply: eq_bigr => k _; rewrite !mxE mulrC.
Qed.

(* Locality: a_k depends on z_k alone. *)
Definition local n (a : vec R n -> vec R n) : Prop :=
  forall k (z z' : vec R n), z@_k = z'@_k -> (a z)@_k = (a z')@_k.

(* (local)  Then the Jacobian is diagonal:  da_k/dz_j = [j = k] da_j/dz_j.
   Assumed: the activation is local, and a_j has a derivative in z_j. *)
Theorem locality n (a : vec R n -> vec R n) (z : vec R n) (j k : 'I_n.+1) :
  local a ->
  ∂_j (fun z : vec R n => (a z)@_j) z ∃ ->
  ∂_j (fun z : vec R n => (a z)@_k) z ∃= (∂_j (fun z : vec R n => (a z)@_j) z * [j = k]).
Proof.
move=> loc da; rewrite /kronecker; have [<-|jk] := eqVneq j k.
  by rewrite mulr1; exact: derivableP.
rewrite mulr0; apply: (@same_on_line _ _ _ _ _ (cst (a z)@_k) _ _ (0 : R) (1 : R)) => h.
by apply: loc; rewrite !mxE eq_sym (negPf jk) mulr0 add0r.
Qed.

(* (38)  δ_j = dC/da_j da_j/dz_j. For softmax this is false (Softmax.v).
   Assumed: C is differentiable at a; a_j has a derivative in z_j, and so has every other a_k,
   where it is 0. A local activation is like that, by `locality`. *)
Theorem BP1_local n (C : vec R n -> R) (a : vec R n -> vec R n) (z : vec R n) (j : 'I_n.+1) :
  differentiable C (a z) ->
  ∂_j (fun z : vec R n => (a z)@_j) z ∃ ->
  (forall k : 'I_n.+1, k != j -> ∂_j (fun z : vec R n => (a z)@_k) z ∃= 0) ->
  ∂_j (cost_z (Output a) C) z ∃= (∂_j C (a z) * ∂_j (fun z : vec R n => (a z)@_j) z).
Proof.
move=> dC da others.
have each k : ∂_j (fun z : vec R n => (a z)@_k) z ∃.
  by have [->|/others []] := eqVneq k j.
have := BP1_sum dC each; congr is_derive.
by rewrite (bigD1 j) //= big1 ?addr0 // => k /others [_ ->]; exact: mulr0.
Qed.

(* (J1)  da_k/dz_j = [j = k] σ'(z_j).
   Assumed: σ has a derivative at z_j. *)
Theorem elementwise_derive n (σ : R -> R) (z : vec R n) (j k : 'I_n.+1) :
  derivable σ (z@_j) 1 ->
  ∂_j (fun z : vec R n => (elementwise σ z)@_k) z ∃= (σ^`() (z@_j) * [j = k]).
Proof.
move=> ds; rewrite /kronecker; have [<-|jk] := eqVneq j k.
  apply: (@same_on_line _ _ _ _ _ σ _ _ (z@_j) (1 : R)); last first.
    by rewrite mulr1 derive1E; exact: derivableP.
  by move=> h; rewrite !mxE !eqxx [h%:A]mulr1 mulr1.
rewrite mulr0; apply: (@same_on_line _ _ _ _ _ (cst (σ (z@_k))) _ _ (0 : R) (1 : R)) => h.
by rewrite !mxE eq_sym (negPf jk) mulr0 add0r.
Qed.

(* (39), (BP1)  δ_j = dC/da_j σ'(z_j).
   Assumed: C is differentiable at a; σ has a derivative at z_j. *)
Theorem BP1 n (C : vec R n -> R) (σ : R -> R) (z : vec R n) (j : 'I_n.+1) :
  let a := elementwise σ z in
  differentiable C a ->
  derivable σ (z@_j) 1 ->
  ∂_j (cost_z (Output (elementwise σ)) C) z ∃= (∂_j C a * σ^`() (z@_j)).
Proof.
move=> a dC ds; have := chain_rule dC (fun k => elementwise_derive k ds).
by rewrite (sum_kronecker (fun k => ∂_k C a)).
Qed.

(* (BP1a)  δ = nabla_a C ⊙ σ'(z).
   Assumed: C is differentiable at a; σ has a derivative at every z_j. *)
Theorem BP1a n (C : vec R n -> R) (σ : R -> R) (z : vec R n) :
  let a := elementwise σ z in
  differentiable C a ->
  (forall j, derivable σ (z@_j) 1) ->
  ∇ (cost_z (Output (elementwise σ)) C) z ∃= (∇ C a ⊙ elementwise σ^`() z).
Proof. by move=> a dC ds j; rewrite !mxE; exact: BP1. Qed.

(* (33)  The same with a diagonal matrix in place of the Hadamard product. *)
Lemma hadamard_diagonal n (u v : vec R n) : u ⊙ v = diag_mx v^T *m u.
Proof. by apply/matrixP => j l; rewrite mul_diag_mx ord1 !mxE mulrC. Qed.

(* (33)  The same with a diagonal matrix in place of the Hadamard product.
   Assumed: C is differentiable at a; σ has a derivative at every z_j. *)
Theorem BP1_diagonal n (C : vec R n -> R) (σ : R -> R) (z : vec R n) :
  let a := elementwise σ z in
  differentiable C a ->
  (forall j, derivable σ (z@_j) 1) ->
  ∇ (cost_z (Output (elementwise σ)) C) z ∃= (diag_mx (elementwise σ^`() z)^T *m ∇ C a).
Proof. by move=> a dC ds; rewrite -hadamard_diagonal; exact: BP1a. Qed.
End BP1.

(* BP3, the gradient in the biases. *)
From Backprop Require Export Chain Network.

Section BP3.
Variable R : realType.

(* (zb)  dz_i/db_j = [i = j].
   Assumed: nothing. *)
Theorem bias_derive n m (w : mat R m n) (b : vec R m) (a : vec R n) (i j : 'I_m.+1) :
  ∂_j (fun b : vec R m => (w *m a + b)@_i) b ∃= [i = j].
Proof.
have -> : (fun b : vec R m => (w *m a + b)@_i) =
          cst ((w *m a)@_i) + (fun b : vec R m => b@_i : R).
  by apply/funext => u; rewrite mxE.
have := is_deriveD (is_derive_cst ((w *m a)@_i : R) b (e R j)) (entry_derive b j i).
by congr is_derive; rewrite add0r /kronecker eq_sym.
Qed.

(* (BP3)  dC/db_j = δ_j, in every layer of every network.
   Assumed: nothing but that δ_j exists. *)
Theorem BP3 n0 n m p (C : vec R p -> R) (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) (j : 'I_m.+1) :
  let z := w *m activation A x + b in
  ∂_j (cost_z N C) z ∃ ->
  ∂_j (fun b : vec R m => cost A w b N C x) b ∃= (δ N C z)@_j.
Proof.
move=> z dC; apply: (@same_on_line _ _ _ _ _ (cost_z N C) _ _ z (e R j)) => [h|].
  by rewrite /cost /z; congr cost_z; rewrite addrCA.
by rewrite mxE; exact: derivableP.
Qed.

(* (31)  nabla_b C = δ.
   Assumed: nothing but that δ exists. *)
Theorem BP3_column n0 n m p (C : vec R p -> R) (A : layers R n0 n) (w : mat R m n) (b : vec R m)
    (N : net R m p) (x : vec R n0) :
  let z := w *m activation A x + b in
  (forall j, ∂_j (cost_z N C) z ∃) ->
  ∇ (fun b : vec R m => cost A w b N C x) b ∃= δ N C z.
Proof. by move=> z dC j; exact: BP3. Qed.
End BP3.

(* SiLU and SwiGLU: a number that is multiplied by a gate. *)
From Backprop Require Export Norm Sigmoid.

Section Gates.
Variable R : realType.

Definition silu (z : R) : R := z * sigmoid z.

(* (SiLU)  The slope is a + σ (1 - a): the gate, and z times its slope.
   Assumed: nothing. *)
Theorem silu_derive (z : R) : is_derive z 1 silu (silu z + sigmoid z * (1 - silu z)).
Proof.
have -> : silu = (@id R) * sigmoid by [].
have := is_deriveM (is_derive_id z (1 : R)) (sigmoid_derive z); congr is_derive.
rewrite /GRing.scale /= mulr1 -[(_ * _) z]/(z * sigmoid z).
by move: (sigmoid z) => g; rewrite !mulrBr !mulr1 addrAC [RHS]addrA [g * (z * g)]mulrCA.
Qed.

(* (SiLU-d)  The error before it.
   Assumed: C is differentiable at a. *)
Theorem silu_error n (C : vec R n -> R) (z : vec R n) (j : 'I_n.+1) :
  let a := elementwise silu z in
  differentiable C a ->
  ∂_j (fun z => C (elementwise silu z)) z ∃= (∂_j C a * (a@_j + sigmoid z@_j * (1 - a@_j))).
Proof.
move=> a dC; have [ds Ds] := silu_derive z@_j.
by have := BP1 dC ds; congr is_derive; rewrite derive1E Ds mxE.
Qed.

(* (GLU-u), (GLU-z)  Of two factors each gets the error times the other.
   Assumed: C is differentiable at a. *)
Theorem swiglu_error n (C : vec R n -> R) (u z : vec R n) (j : 'I_n.+1) :
  let a := u ⊙ elementwise silu z in
  differentiable C a ->
  ∂_j (fun u => C (u ⊙ elementwise silu z)) u ∃= (∂_j C a * silu z@_j) /\
  ∂_j (fun z => C (u ⊙ elementwise silu z)) z ∃=
    (∂_j C a * (u@_j * (silu z@_j + sigmoid z@_j * (1 - silu z@_j)))).
Proof.
move=> a dC; set s := elementwise silu z.
have scaledE (x y : vec R n) : x ⊙ y = scaled x 0 y by rewrite /scaled addr0.
have swap (x y : vec R n) : x ⊙ y = y ⊙ x by apply/matrixP => i l; rewrite !mxE mulrC.
split.
  have -> : (fun u => C (u ⊙ s)) = (fun u => C (scaled s 0 u)).
    by apply/funext => x; rewrite swap scaledE.
  have dC' : differentiable C (scaled s 0 u) by rewrite -scaledE swap.
  have := scaled_error j dC'; congr is_derive.
  by rewrite -scaledE swap mulrC mxE.
pose C' y := C (scaled u 0 y).
have dC' : differentiable C' s.
  apply: differentiable_comp; last by rewrite -scaledE.
  exact: differentiable_scaled.
have := silu_error j dC'.
have -> : (fun z => C' (elementwise silu z)) = (fun z => C (u ⊙ elementwise silu z)).
  by apply/funext => x; rewrite scaledE.
congr is_derive; have [_ ->] : ∂_j C' s ∃= (u@_j * ∂_j C a).
  by have := scaled_error (a := s) (γ := u) (β := 0) j; rewrite -scaledE; apply.
by rewrite [(elementwise silu z)@_j]mxE [u@_j * _]mulrC -mulrA.
Qed.
End Gates.

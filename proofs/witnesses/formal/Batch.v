(* A batch: the cost is the average over its M examples, and so is every derivative.
   Example i has its input x_i and, with its target, its own cost C_i. *)
From Backprop Require Export Backprop.

Section Batch.
Variable R : realType.
Variable M : nat.

(* The derivative of an average is the average of the derivatives.
   Assumed: each of the functions has a derivative along v. *)
Theorem average_derive (V : normedModType R) (f : 'I_M -> V -> R) (t v : V) (d : 'I_M -> R) :
  (forall i, 'D_v (f i) t ∃= (d i)) ->
  'D_v (fun u => average (fun i => f i u)) t ∃= (average d).
Proof.
move=> df; have -> : (fun u => average (fun i => f i u)) = M%:R^-1 *: \sum_i f i.
  by apply/funext => u; rewrite -[RHS]/(_ * _) fct_sumE.
exact: is_deriveZ.
Qed.

Section Layer.
Variables (n0 n m p : nat) (C : 'I_M -> vec R p -> R) (x : 'I_M -> vec R n0).
Variables (A : layers R n0 n) (w : mat R m n) (b : vec R m) (N : net R m p).

(* (BP3m)  dC/db_j = average over the examples of  δ_j.
   Assumed: nothing but that δ_j exists, for every example. *)
Theorem BP3_batch (j : 'I_m.+1) :
  let z i := w *m activation A (x i) + b in
  (forall i, ∂_j (cost_z N (C i)) (z i) ∃) ->
  ∂_j (fun b : vec R m => average (fun i => cost A w b N (C i) (x i))) b ∃=
    (average (fun i => (δ N (C i) (z i))@_j)).
Proof.
move=> z dC.
exact: (average_derive (f := fun i b => cost A w b N (C i) (x i)) (fun i => BP3 (dC i))).
Qed.

(* (BP4m)  dC/dw_jk = average over the examples of  a_k δ_j.
   Assumed: nothing but that δ_j exists, for every example. *)
Theorem BP4_batch (j : 'I_m.+1) (k : 'I_n.+1) :
  let a i := activation A (x i) in
  let z i := w *m a i + b in
  (forall i, ∂_j (cost_z N (C i)) (z i) ∃) ->
  ∂_[j, k] (fun w : mat R m n => average (fun i => cost A w b N (C i) (x i))) w ∃=
    (average (fun i => (a i)@_k * (δ N (C i) (z i))@_j)).
Proof.
move=> a z dC.
exact: (average_derive (f := fun i w => cost A w b N (C i) (x i)) (fun i => BP4 k (dC i))).
Qed.

(* The gradient of the average is the average of what the algorithm computes for each example.
   Assumed: for every example, every activation is differentiable at the weighted input that it
   receives, and the cost at the output. *)
Theorem backprop_batch :
  let a i := activation A (x i) in
  let z i := w *m a i + b in
  let d i := backprop N (C i) (z i) in
  (forall i, smooth N (C i) (z i)) ->
  (forall j, ∂_j (fun b : vec R m => average (fun i => cost A w b N (C i) (x i))) b ∃=
    (average (fun i => (d i)@_j))) /\
  (forall (j : 'I_m.+1) (k : 'I_n.+1),
    ∂_[j, k] (fun w : mat R m n => average (fun i => cost A w b N (C i) (x i))) w ∃=
    (average (fun i => (a i)@_k * (d i)@_j))).
Proof.
move=> a z d sN; split=> [j|j k].
  apply: (average_derive (f := fun i b => cost A w b N (C i) (x i))) => i.
  by have [db _] := backprop_gradient (sN i); exact: db.
apply: (average_derive (f := fun i w => cost A w b N (C i) (x i))) => i.
by have [_ dw] := backprop_gradient (sN i); exact: dw.
Qed.
End Layer.
End Batch.

(* Any program: a sequence of steps, each any map from a column to a column of any size. A network is
   one (Backprop.v), and so are layers that share numbers (Wired.v). *)
From Backprop Require Export Letters Chain.

Section Program.
Variable R : realType.
Implicit Types (n m p : nat).

Inductive program : nat -> nat -> Type :=
| Done n : program n n
| Step n m p (f : vec R n -> vec R m) (G : program m p) : program n p.

Fixpoint value n p (G : program n p) : vec R n -> vec R p :=
  match G with
  | Done _ => id
  | Step _ _ _ f G => fun x => value G (f x)
  end.

(* Backwards: each step sends the transposed Jacobian times the errors of what it gave. *)
Fixpoint errors n p (G : program n p) : (vec R p -> R) -> vec R n -> vec R n :=
  match G with
  | Done _ => fun C x => ∇ C x
  | Step _ _ _ f G => fun C x => (jacobian f x)^T *m errors G C (f x)
  end.

(* All that is assumed: every step is differentiable at what it is given, and the cost at the end. *)
Fixpoint smooth_steps n p (G : program n p) : (vec R p -> R) -> vec R n -> Prop :=
  match G with
  | Done _ => fun C x => differentiable C x
  | Step _ _ _ f G => fun C x => differentiable f x /\ smooth_steps G C (f x)
  end.

Lemma derivable_entry n m (f : vec R n -> vec R m) (z v : vec R n) k :
  differentiable f z -> derivable (fun z : vec R n => (f z)@_k) z v.
Proof.
move=> df; apply: diff_derivable.
exact: (@differentiable_comp _ _ _ _ f (fun y => y@_k) z df (differentiable_coord _ _ _)).
Qed.

Lemma differentiable_entries (V : normedModType R) m (g : V -> vec R m) t :
  (forall k, differentiable (fun u => (g u)@_k : R) t) -> differentiable g t.
Proof.
move=> dg.
have -> : g = \sum_k (fun u => (g u)@_k *: e R k).
  by apply/funext => u; rewrite fct_sumE -sum_of_entries.
apply: differentiable_sum => k; exact: differentiableZl.
Qed.

Lemma smooth_program n p (G : program n p) C x :
  smooth_steps G C x -> differentiable (fun x => C (value G x)) x.
Proof.
elim: G C x => [n' C x //|n' m' p' f G IH C x [df /IH dC]].
exact: (differentiable_comp df dC).
Qed.

(* The errors are the derivatives of the cost in every number that the program is given.
   Assumed: every step is differentiable at what it is given, and the cost at the end. *)
Theorem program_gradient n p (C : vec R p -> R) (G : program n p) (x : vec R n) :
  smooth_steps G C x -> ∇ (fun x => C (value G x)) x ∃= errors G C x.
Proof.
elim: G C x => [n' C x dC j|n' m' p' f G IH C x [df sG] j].
  by rewrite mxE; apply/derivableP; exact: diff_derivable.
have df' k : ∂_j (fun x : vec R n' => (f x)@_k) x ∃ by exact: derivable_entry.
have := chain_rule (a := f) (smooth_program sG) (fun k => derivableP (df' k)); congr is_derive; rewrite mxE; apply: eq_bigr => k _.
by rewrite !mxE mulrC; congr (_ * _); have [_ ->] := IH C _ sG k.
Qed.
End Program.

(* The letters of the book, for Coq with mathcomp-analysis (the packages of Debian 12 and 13).

   Every other file imports this one, and with it the library and its settings. *)
From mathcomp Require Export all_ssreflect ssralg ssrnum matrix.
From mathcomp.classical Require Export boolp classical_sets functions mathcomp_extra.
From mathcomp Require Export reals signed topology normedtype landau derive.

#[export] Set Implicit Arguments.
#[export] Unset Strict Implicit.
#[export] Unset Printing Implicit Defensive.
Export Order.TTheory GRing.Theory Num.Theory.
Export numFieldNormedType.Exports.
Global Open Scope classical_set_scope.
Global Open Scope ring_scope.

(* R is any field of real numbers. A layer has at least one neuron, so sizes are written n.+1, and
   the neurons of a layer are j : 'I_n.+1. Vectors are columns. *)
Notation mat R m n := (matrix R m.+1 n.+1).
Notation vec R n := (matrix R n.+1 1).

(* v@_j is the entry j of v. *)
Notation "v @_ j" := (fun_of_matrix v j ord0)
  (at level 2, j at level 2, format "v @_ j").

(* e j is the direction in which entry j grows, and nothing else. *)
Definition e (R : realType) n (j : 'I_n.+1) : vec R n := delta_mx j ord0.

(* The partial derivative of f in its variable j, at x: the library's limit of difference quotients,
   which is some useless number if there is no limit; *)
Notation "∂_ j f x" := (derive f x (e _ j))
  (at level 10, j, f, x at level 8, format "∂_ j  f  x").

(* there is one; *)
Notation "∂_ j f x ∃" := (derivable f x (e _ j))
  (at level 10, j, f, x at level 8, format "∂_ j  f  x  ∃").

(* there is one, and it is d. This is what the theorems say, *)
Notation "∂_ j f x ∃= d" := (is_derive x (e _ j) f d)
  (at level 10, j, f, x at level 8, d at level 69, format "'[hv  ' ∂_ j  f  x  ∃= '/'  d ']'").

(* also of a matrix and its entry jk, *)
Notation "∂_[ j , k ] f x" := (derive f x (delta_mx j k))
  (at level 10, f, x at level 8, format "∂_[ j ,  k ]  f  x").
Notation "∂_[ j , k ] f x ∃= d" := (is_derive x (delta_mx j k) f d)
  (at level 10, f, x at level 8, d at level 69,
   format "'[hv  ' ∂_[ j ,  k ]  f  x  ∃= '/'  d ']'").

(* and along any direction v. *)
Notation "'D_ v f x ∃= d" := (is_derive x v f d)
  (at level 10, v, f, x at level 8, d at level 69, format "'[hv  ' ''D_' v  f  x  ∃= '/'  d ']'").

Section Letters.
Variable R : realType.

(* All partial derivatives of f as a column, *)
Definition nabla n (f : vec R n -> R) (x : vec R n) : vec R n := \col_j ∂_j f x.

(* each of them exists, and they are the entries of d, *)
Definition is_nabla n (f : vec R n -> R) (x d : vec R n) : Prop :=
  forall j, ∂_j f x ∃= d@_j.

(* and those of a map: entry kj is da_k/dz_j. *)
Definition jacobian n m (a : vec R n -> vec R m) (z : vec R n) : mat R m n :=
  \matrix_(k, j) ∂_j (fun z : vec R n => (a z)@_k) z.

(* The Hadamard product, entry by entry. *)
Definition hadamard n (u v : vec R n) : vec R n := \col_j (u@_j * v@_j).

(* Kronecker's [j = k]. *)
Definition kronecker n (j k : 'I_n.+1) : R := (j == k)%:R.

(* The average over M examples. *)
Definition average M (g : 'I_M -> R) : R := M%:R^-1 * \sum_i g i.
End Letters.

Notation "∇ f x" := (nabla f x) (at level 10, f, x at level 8, format "∇  f  x").
Notation "∇ f x ∃= d" := (is_nabla f x d)
  (at level 10, f, x at level 8, d at level 69, format "'[hv  ' ∇  f  x  ∃= '/'  d ']'").
Notation "u ⊙ v" := (hadamard u v) (at level 30, right associativity).
Notation "[ j = k ]" := (kronecker _ j k) (at level 0, j, k at level 69, format "[ j  =  k ]").

(* Layers wired in any way without a loop. All numbers stand in one column x of N.+1, weights,
   activations and inputs alike; a layer reads what numbers it likes, and writes some. Convolution,
   attention and normalisation over a batch are such layers; a number that several of them read,
   be it an activation or a weight, is shared. *)
From Backprop Require Export Program.

Section Wired.
Variables (R : realType) (N : nat).
Implicit Types (C : vec R N -> R) (x : vec R N) (i k : 'I_N.+1).

(* A layer: which numbers it writes, and the map that gives them. *)
Record layer := Write { outputs : pred 'I_N.+1; map_of : vec R N -> vec R N }.
Implicit Types (f : layer) (G : seq layer).

(* The numbers after it: what it does not write is as before. *)
Definition after f x : vec R N := \col_k (if outputs f k then (map_of f x)@_k else x@_k).

Fixpoint wired G : program R N N := if G is f :: G' then Step (after f) (wired G') else Done R N.

(* The cost as a function of all numbers, as the layers G find them. *)
Definition cost_from G C : vec R N -> R := fun x => C (value (wired G) x).

(* What layer f sends to x_i: its Jacobian, transposed, times the errors d of what it writes. *)
Definition sends f x (d : vec R N) i : R :=
  \sum_(k | outputs f k) d@_k * ∂_i (fun x : vec R N => (map_of f x)@_k) x.

(* All that is assumed: every layer is differentiable at what it reads, and the cost at the end. *)
Fixpoint smooth_layers G C x : Prop :=
  if G is f :: G' then differentiable (map_of f) x /\ smooth_layers G' C (after f x)
  else differentiable C x.

Lemma differentiable_after f x : differentiable (map_of f) x -> differentiable (after f) x.
Proof.
move=> df; apply: differentiable_entries => k; have [fk|fk] := boolP (outputs f k).
  have -> : (fun u => (after f u)@_k : R) = (fun y : vec R N => y@_k) \o map_of f.
    by apply/funext => u; rewrite /= mxE fk.
  by apply: differentiable_comp => //; exact: differentiable_coord.
have -> : (fun u => (after f u)@_k : R) = (fun u : vec R N => u@_k).
  by apply/funext => u; rewrite mxE (negPf fk).
exact: differentiable_coord.
Qed.

Lemma smooth_wired G C x : smooth_layers G C x -> smooth_steps (wired G) C x.
Proof.
by elim: G x => [//|f G IH] x /= [df /IH sG]; split; first exact: differentiable_after.
Qed.

Lemma after_derive f x i k :
  ∂_i (fun x : vec R N => (map_of f x)@_k) x ∃ ->
  ∂_i (fun x => (after f x)@_k : R) x ∃=
    (if outputs f k then ∂_i (fun x : vec R N => (map_of f x)@_k) x else [i = k]).
Proof.
move=> df; have [fk|fk] := boolP (outputs f k).
  have -> : (fun u => (after f u)@_k : R) = (fun u => (map_of f u)@_k).
    by apply/funext => u; rewrite mxE fk.
  exact: derivableP.
have -> : (fun u => (after f u)@_k : R) = (fun u : vec R N => u@_k).
  by apply/funext => u; rewrite mxE (negPf fk).
exact: entry_derive.
Qed.

(* (BP2) for any layer: x_i gets what the layer sends, added to its own error; a number that the
   layer has written over, gets only that.
   Assumed: the cost, as a function of the numbers after the layer, is differentiable; the layer has
   a derivative in x_i. *)
Theorem layer_back f G C x i :
  differentiable (cost_from G C) (after f x) ->
  (forall k, ∂_i (fun x : vec R N => (map_of f x)@_k) x ∃) ->
  ∂_i (cost_from (f :: G) C) x ∃=
    ((if outputs f i then 0 else ∂_i (cost_from G C) (after f x)) +
     sends f x (∇ (cost_from G C) (after f x)) i).
Proof.
move=> dC df; have := chain_rule (a := after f) dC (fun k => after_derive (df k)).
congr is_derive; rewrite (bigID (outputs f)) /= addrC; congr (_ + _).
  have [fi|fi] := boolP (outputs f i).
    apply: big1 => k /negPf fk; rewrite fk /kronecker.
    by case: eqVneq fk => [<-|_ _]; [rewrite fi | rewrite mulr0].
  rewrite (bigD1 i) //= (negPf fi) /kronecker eqxx mulr1 big1 ?addr0 // => k /andP[/negPf fk].
  by rewrite fk eq_sym => /negPf ->; rewrite mulr0.
by apply: eq_bigr => k fk; rewrite fk mxE.
Qed.

(* The errors, computed from the last layer backwards. *)
Fixpoint layer_errors G C x : vec R N :=
  if G is f :: G' then
    let d := layer_errors G' C (after f x) in
    \col_i ((if outputs f i then 0 else d@_i) + sends f x d i)
  else ∇ C x.

(* They are the derivatives of the cost in every number, however the layers are wired.
   Assumed: every layer is differentiable at what it reads, and the cost at the end. *)
Theorem wired_gradient G C x : smooth_layers G C x -> ∇ (cost_from G C) x ∃= layer_errors G C x.
Proof.
elim: G x => [|f G IH] x /= sG i; first exact: (program_gradient (G := Done R N)).
have [df sG'] := sG; have dC := smooth_program (smooth_wired sG').
have di k : ∂_i (fun x : vec R N => (map_of f x)@_k) x ∃ by exact: derivable_entry.
have same : ∇ (cost_from G C) (after f x) = layer_errors G C (after f x).
  by apply/matrixP => k l; rewrite ord1 mxE; have [_ ->] := IH _ sG' k.
have := layer_back dC di; rewrite same; congr is_derive.
by rewrite [RHS]mxE -same mxE.
Qed.

(* What all the layers that read x_i send to it. *)
Fixpoint sent G C x i : R :=
  if G is f :: G' then
    sends f x (∇ (cost_from G' C) (after f x)) i + sent G' C (after f x) i
  else 0.

(* The error of a number is the sum over all that read it, the cost included.
   Assumed: every layer is differentiable at what it reads, and the cost at the end; no layer writes
   over the number. *)
Theorem sum_over_readers G C x i :
  smooth_layers G C x ->
  all (fun f => ~~ outputs f i) G ->
  ∂_i (cost_from G C) x ∃= (∂_i C (value (wired G) x) + sent G C x i).
Proof.
elim: G x => [|f G IH] x /=.
  by move=> dC _; rewrite addr0; apply/derivableP; exact: diff_derivable.
move=> [df sG] /andP[/negPf fi all_i]; have dC := smooth_program (smooth_wired sG).
have di k : ∂_i (fun x : vec R N => (map_of f x)@_k) x ∃ by exact: derivable_entry.
have := layer_back dC di; rewrite fi; congr is_derive.
by have [_ ->] := IH _ sG all_i; rewrite -addrA; congr (_ + _); rewrite addrC.
Qed.
End Wired.

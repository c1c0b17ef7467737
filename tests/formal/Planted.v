(* False statements, each beside the true one. The proof of the true one must not prove the false
   one: `Fail` stops Coq if it does. `nox -s formal` also reads why it fails: the statement does not
   fit, and nothing else. Two layers are of one size here, so that no shape gives the fault away. *)
From mathcomp Require Import trigo.
From Backprop Require Import Attention Batch Cells Images Quadratic Time Wired.
Unset Implicit Arguments.

Section Planted.
Variables (R : realType) (n p : nat) (C : vec R n -> R) (D : vec R p -> R).
Variables (σ : R -> R) (f : vec R n -> vec R n) (w v : mat R n n) (b : vec R n) (N : net R n p).
Variables (A : layers R n n) (x y z : vec R n) (j k : 'I_n.+1).
Hypothesis dσ : forall t, derivable σ t 1.
Hypothesis df : forall j i, ∂_j (fun z : vec R n => (f z)@_i) z ∃.
Hypothesis dC : forall a, differentiable C a.
Hypothesis dD : forall z, differentiable (cost_z N D) z.
Hypothesis dN : forall z j, ∂_j (cost_z N D) z ∃.

Let a := elementwise σ z.
Let z' := w *m a + b.

(* BP1 *)
Goal ∂_j (cost_z (Output (elementwise σ)) C) z ∃= (∂_j C a * σ^`() (z@_j)).
Proof. refine (BP1 (dC _) (dσ _)). Qed.

(* no sigma' *)
Goal ∂_j (cost_z (Output (elementwise σ)) C) z ∃= (∂_j C a).
Proof. Fail refine (BP1 (dC _) (dσ _)). Abort.

(* sigma' at a *)
Goal ∂_j (cost_z (Output (elementwise σ)) C) z ∃= (∂_j C a * σ^`() (a@_j)).
Proof. Fail refine (BP1 (dC _) (dσ _)). Abort.

(* (37) *)
Goal ∂_j (cost_z (Output f) C) z ∃= (\sum_k ∂_k C (f z) * ∂_j (fun z : vec R n => (f z)@_k) z).
Proof. refine (BP1_sum (dC _) (df j)). Qed.

(* (38) without locality *)
Goal ∂_j (cost_z (Output f) C) z ∃= (∂_j C (f z) * ∂_j (fun z : vec R n => (f z)@_j) z).
Proof. Fail refine (BP1_sum (dC _) (df j)). Abort.

(* (S) *)
Goal let a := softmax z in
  ∂_j (cost_z (Output softmax) C) z ∃= (\sum_k ∂_k C a * (a@_k * ([j = k] - a@_j))).
Proof. refine (softmax_error j (dC _)). Qed.

(* (38) for softmax *)
Goal let a := softmax z in
  ∂_j (cost_z (Output softmax) C) z ∃= (∂_j C a * (a@_j * ([j = j] - a@_j))).
Proof. Fail refine (softmax_error j (dC _)). Abort.

(* (J) *)
Goal ∇ (cost_z (Output f) C) z ∃= ((jacobian f z)^T *m ∇ C (f z)).
Proof. refine (BP1_jacobian (dC _) df). Qed.

(* the Jacobian without its transpose *)
Goal ∇ (cost_z (Output f) C) z ∃= (jacobian f z *m ∇ C (f z)).
Proof. Fail refine (BP1_jacobian (dC _) df). Abort.

(* (45) *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  (\sum_k w k j * (δ N D z')@_k * σ^`() (z@_j)).
Proof. refine (BP2_entry (dD _) (dσ _)). Qed.

(* no transpose *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  (\sum_k w j k * (δ N D z')@_k * σ^`() (z@_j)).
Proof. Fail refine (BP2_entry (dD _) (dσ _)). Abort.

(* the weights of the wrong layer *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  (\sum_k v k j * (δ N D z')@_k * σ^`() (z@_j)).
Proof. Fail refine (BP2_entry (dD _) (dσ _)). Abort.

(* sigma' of the wrong layer *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  (\sum_k w k j * (δ N D z')@_k * σ^`() (z'@_j)).
Proof. Fail refine (BP2_entry (dD _) (dσ _)). Abort.

(* sigma' at a *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  (\sum_k w k j * (δ N D z')@_k * σ^`() (a@_j)).
Proof. Fail refine (BP2_entry (dD _) (dσ _)). Abort.

(* no sigma' *)
Goal ∂_j (cost_z (Hidden (elementwise σ) w b N) D) z ∃= (\sum_k w k j * (δ N D z')@_k).
Proof. Fail refine (BP2_entry (dD _) (dσ _)). Abort.

(* (BP2) *)
Goal ∇ (cost_z (Hidden (elementwise σ) w b N) D) z ∃= ((w^T *m δ N D z') ⊙ elementwise σ^`() z).
Proof. refine (BP2 (dD _) (fun _ => dσ _)). Qed.

(* BP2 without the transpose *)
Goal ∇ (cost_z (Hidden (elementwise σ) w b N) D) z ∃= ((w *m δ N D z') ⊙ elementwise σ^`() z).
Proof. Fail refine (BP2 (dD _) (fun _ => dσ _)). Abort.

(* the inverse *)
Goal ∇ (cost_z (Hidden (elementwise σ) w b N) D) z ∃=
  ((invmx w *m δ N D z') ⊙ elementwise σ^`() z).
Proof. Fail refine (BP2 (dD _) (fun _ => dσ _)). Abort.

(* (BP2J) *)
Goal ∇ (cost_z (Hidden f w b N) D) z ∃= ((jacobian f z)^T *m (w^T *m δ N D (w *m f z + b))).
Proof. refine (BP2_jacobian (dD _) df). Qed.

(* the Jacobian of BP2 without its transpose *)
Goal ∇ (cost_z (Hidden f w b N) D) z ∃= (jacobian f z *m (w^T *m δ N D (w *m f z + b))).
Proof. Fail refine (BP2_jacobian (dD _) df). Abort.

(* the algorithm: a step *)
Goal backprop (Hidden (elementwise σ) w b N) D z = (w^T *m backprop N D z') ⊙ elementwise σ^`() z.
Proof. refine (backprop_hidden _ _ _ _ (fun _ => dσ _)). Qed.

(* the algorithm with w for its transpose *)
Goal backprop (Hidden (elementwise σ) w b N) D z = (w *m backprop N D z') ⊙ elementwise σ^`() z.
Proof. Fail refine (backprop_hidden _ _ _ _ (fun _ => dσ _)). Abort.

Let zA := w *m activation A x + b.

(* (BP3) *)
Goal ∂_j (fun b : vec R n => cost A w b N D x) b ∃= (δ N D zA)@_j.
Proof. refine (BP3 (dN _ _)). Qed.

(* an extra sigma' *)
Goal ∂_j (fun b : vec R n => cost A w b N D x) b ∃= ((δ N D zA)@_j * σ^`() (zA@_j)).
Proof. Fail refine (BP3 (dN _ _)). Abort.

(* (BP4) *)
Goal ∂_[j, k] (fun w : mat R n n => cost A w b N D x) w ∃= ((activation A x)@_k * (δ N D zA)@_j).
Proof. refine (BP4 k (dN _ _)). Qed.

(* BP4 with the wrong index: the outer product transposed *)
Goal ∂_[j, k] (fun w : mat R n n => cost A w b N D x) w ∃= ((activation A x)@_j * (δ N D zA)@_k).
Proof. Fail refine (BP4 k (dN _ _)). Abort.

(* the activation of the wrong layer *)
Goal ∂_[j, k] (fun w : mat R n n => cost A w b N D x) w ∃= ((elementwise σ zA)@_k * (δ N D zA)@_j).
Proof. Fail refine (BP4 k (dN _ _)). Abort.

(* (J2) *)
Goal let a := softmax z in
  ∂_j (fun z : vec R n => (softmax z)@_k) z ∃= (a@_k * ([j = k] - a@_j)).
Proof. refine (softmax_derive z j k). Qed.

(* softmax cut to its diagonal *)
Goal let a := softmax z in
  ∂_j (fun z : vec R n => (softmax z)@_k) z ∃= ([j = k] * (a@_k * (1 - a@_j))).
Proof. Fail refine (softmax_derive z j k). Abort.

(* (84) *)
Goal let a := softmax z in
  \sum_k y@_k = 1 -> ∂_j (cost_z (Output softmax) (log_likelihood y)) z ∃= (a@_j - y@_j).
Proof. refine (@softmax_log_likelihood_delta _ _ y z j). Qed.

(* a - y for any targets *)
Goal let a := softmax z in
  ∂_j (cost_z (Output softmax) (log_likelihood y)) z ∃= (a@_j - y@_j).
Proof. Fail refine (@softmax_log_likelihood_delta _ _ y z j). Abort.

(* (30) *)
Goal ∇ (cost_z (Output (elementwise σ)) (quadratic y)) z ∃= ((a - y) ⊙ elementwise σ^`() z).
Proof. refine (BP1_quadratic _ (fun _ => dσ _)). Qed.

(* a - y with the quadratic cost *)
Goal ∇ (cost_z (Output (elementwise σ)) (quadratic y)) z ∃= (a - y).
Proof. Fail refine (BP1_quadratic _ (fun _ => dσ _)). Abort.

Variables (G : seq (layer R n)) (l : 'I_n.+1).
Hypothesis sG : smooth_layers G C x.
Hypothesis kept : all (fun f => ~~ outputs f l) G.

(* a number that is read in several places *)
Goal ∂_l (cost_from G C) x ∃= (∂_l C (value (wired G) x) + sent G C x l).
Proof. refine (sum_over_readers sG kept). Qed.

(* a reader not counted: the cost *)
Goal ∂_l (cost_from G C) x ∃= (sent G C x l).
Proof. Fail refine (sum_over_readers sG kept). Abort.

(* the layers that read it not counted *)
Goal ∂_l (cost_from G C) x ∃= (∂_l C (value (wired G) x)).
Proof. Fail refine (sum_over_readers sG kept). Abort.

Variables (eps g d : R).
Hypothesis vz : 0 < mean_square eps (centred z).
Let mean_of (t : 'I_n.+1 -> R) := n.+1%:R^-1 * \sum_k t k.
Let x' := normalised eps z.

(* (N) *)
Goal ∂_j (fun z => C (normalised eps z)) z ∃=
  ((∂_j C x' - mean_of (fun k => ∂_k C x') - x'@_j * mean_of (fun k => ∂_k C x' * x'@_k))
   / spread eps (centred z)).
Proof. refine (normalised_error j vz (dC _)). Qed.

(* no mean term *)
Goal ∂_j (fun z => C (normalised eps z)) z ∃=
  ((∂_j C x' - x'@_j * mean_of (fun k => ∂_k C x' * x'@_k)) / spread eps (centred z)).
Proof. Fail refine (normalised_error j vz (dC _)). Abort.

(* the spread held constant *)
Goal ∂_j (fun z => C (normalised eps z)) z ∃=
  ((∂_j C x' - mean_of (fun k => ∂_k C x')) / spread eps (centred z)).
Proof. Fail refine (normalised_error j vz (dC _)). Abort.

(* the diagonal of the normalisation *)
Goal ∂_j (fun z => C (normalised eps z)) z ∃=
  (∂_j C x' * (1 - n.+1%:R^-1 - n.+1%:R^-1 * (x'@_j * x'@_j)) / spread eps (centred z)).
Proof. Fail refine (normalised_error j vz (dC _)). Abort.

(* (BN) *)
Goal let a := batch_norm eps g d z in
  ∂_j (fun z => C (batch_norm eps g d z)) z ∃=
  (g * (∂_j C a - mean_of (fun k => ∂_k C a) - x'@_j * mean_of (fun k => ∂_k C a * x'@_k))
   / spread eps (centred z)).
Proof. refine (batch_norm_error j vz (dC _)). Qed.

(* the examples treated apart *)
Goal let a := batch_norm eps g d z in
  ∂_j (fun z => C (batch_norm eps g d z)) z ∃= (g * ∂_j C a / spread eps (centred z)).
Proof. Fail refine (batch_norm_error j vz (dC _)). Abort.

Variables (T : nat) (mask scored : mat R T T) (DP : mat R T T -> R) (t t' : 'I_T.+1).
Hypothesis dDP : forall P, differentiable DP P.
Hypothesis seen : forall t, all_of mask scored t != 0.

(* (dS) *)
Goal let P := shares mask scored in
  ∂_[t, t'] (fun S => DP (shares mask S)) scored ∃=
    (P t t' * (∂_[t, t'] DP P - \sum_k ∂_[t, k] DP P * P t k)).
Proof. refine (scores_error seen t t' (dDP _)). Qed.

(* the diagonal only *)
Goal let P := shares mask scored in
  ∂_[t, t'] (fun S => DP (shares mask S)) scored ∃= (P t t' * (1 - P t t') * ∂_[t, t'] DP P).
Proof. Fail refine (scores_error seen t t' (dDP _)). Abort.

(* the sum down the column *)
Goal let P := shares mask scored in
  ∂_[t, t'] (fun S => DP (shares mask S)) scored ∃=
    (P t t' * (∂_[t, t'] DP P - \sum_k ∂_[k, t'] DP P * P k t')).
Proof. Fail refine (scores_error seen t t' (dDP _)). Abort.

Variables (Q K : mat R T T).
Let S := scores Q K.

(* (dK) *)
Goal ∂_[t, t'] (fun K => DP (scores Q K)) K ∃=
  ((\sum_j ∂_[j, t] DP S * Q j t') / Num.sqrt T.+1%:R).
Proof. refine (keys_error t t' (dDP _)). Qed.

(* the scores without their transpose *)
Goal ∂_[t, t'] (fun K => DP (scores Q K)) K ∃=
  ((\sum_j ∂_[t, j] DP S * Q j t') / Num.sqrt T.+1%:R).
Proof. Fail refine (keys_error t t' (dDP _)). Abort.

(* the root of the width lost *)
Goal ∂_[t, t'] (fun K => DP (scores Q K)) K ∃= (\sum_j ∂_[j, t] DP S * Q j t').
Proof. Fail refine (keys_error t t' (dDP _)). Abort.

(* a convolution, backwards *)
Goal let z := convolution T T 1 1 1 1 Q K g in
  ∂_[t, t'] (fun K => DP (convolution T T 1 1 1 1 Q K g)) K ∃=
    (\sum_(i < T.+1 | (1 * i <= t)%N) \sum_(l < T.+1 | (1 * l <= t')%N) ∂_[i, l] DP z *
       at_place Q (place T T (t - 1 * i) (t' - 1 * l))).
Proof. refine (convolution_flipped t t' (dDP _)). Qed.

(* the kernel not flipped *)
Goal let z := convolution T T 1 1 1 1 Q K g in
  ∂_[t, t'] (fun K => DP (convolution T T 1 1 1 1 Q K g)) K ∃=
    (\sum_(i < T.+1 | (1 * i <= t)%N) \sum_(l < T.+1 | (1 * l <= t')%N) ∂_[i, l] DP z *
       at_place Q (place T T (1 * i - t) (1 * l - t'))).
Proof. Fail refine (convolution_flipped t t' (dDP _)). Abort.

(* (res) *)
Goal ∂_j (fun z => C (z + f z)) z ∃=
  (∂_j C (z + f z) + \sum_k ∂_k C (z + f z) * ∂_j (fun z => (f z)@_k : R) z).
Proof. refine (residual_error (dC _) (df j)). Qed.

(* the stream forgotten *)
Goal ∂_j (fun z => C (z + f z)) z ∃=
  (\sum_k ∂_k C (z + f z) * ∂_j (fun z => (f z)@_k : R) z).
Proof. Fail refine (residual_error (dC _) (df j)). Abort.

Variables (o g' v' : vec R n) (DC : mat R n 1 -> R).
Hypothesis dDC : forall P, differentiable DC P.
Let both c : mat R n 1 :=
  \matrix_(k, t) (if t == ord0 then o ⊙ elementwise (@tanh R) c else g' ⊙ c + v')@_k.

(* (LSTM-c) *)
Goal ∂_j (fun c => DC (both c)) z ∃=
  (∂_[j, ord0] DC (both z) * (o@_j * (1 - tanh z@_j * tanh z@_j))
   + ∂_[j, ord_max] DC (both z) * g'@_j).
Proof. refine (cell_error j (dDC _)). Qed.

(* the path through the forget gate lost *)
Goal ∂_j (fun c => DC (both c)) z ∃=
  (∂_[j, ord0] DC (both z) * (o@_j * (1 - tanh z@_j * tanh z@_j))).
Proof. Fail refine (cell_error j (dDC _)). Abort.

(* (GELU-t) *)
Goal let a := elementwise (fun z => z * below_by_tanh eps d z) in
  let s := below_by_tanh eps d z@_j in
  ∂_j (fun z => C (a z)) z ∃=
    (∂_j C (a z) * (s + z@_j * (2 * s * (1 - s) * (eps * (1 + 3 * d * (z@_j * z@_j)))))).
Proof. refine (gelu_tanh_error j (dC _)). Qed.

(* the gate held constant *)
Goal let a := elementwise (fun z => z * below_by_tanh eps d z) in
  ∂_j (fun z => C (a z)) z ∃= (∂_j C (a z) * below_by_tanh eps d z@_j).
Proof. Fail refine (gelu_tanh_error j (dC _)). Abort.

Let turned u z : mat R n 1 :=
  \matrix_(k, t) (if t == ord0 then elementwise (@cos R) y ⊙ u - elementwise (@sin R) y ⊙ z
                 else elementwise (@sin R) y ⊙ u + elementwise (@cos R) y ⊙ z)@_k.

(* (RoPE) *)
Goal ∂_j (fun u => DC (turned u z)) x ∃=
  (∂_[j, ord0] DC (turned x z) * cos y@_j + ∂_[j, ord_max] DC (turned x z) * sin y@_j).
Proof. refine (proj1 (turned_error j (dDC _))). Qed.

(* the error turned on *)
Goal ∂_j (fun u => DC (turned u z)) x ∃=
  (∂_[j, ord0] DC (turned x z) * cos y@_j - ∂_[j, ord_max] DC (turned x z) * sin y@_j).
Proof. Fail refine (proj1 (turned_error j (dDC _))). Abort.

(* (BPTT-w) *)
Goal ∂_[t, t'] (fun w => DP (Q *m w^T)) K ∃= (\sum_i ∂_[i, t] DP (Q *m K^T) * Q i t').
Proof. refine (weights_in_time t t' (dDP _)). Qed.

(* the gradient of one time *)
Goal ∂_[t, t'] (fun w => DP (Q *m w^T)) K ∃= (∂_[ord0, t] DP (Q *m K^T) * Q ord0 t').
Proof. Fail refine (weights_in_time t t' (dDP _)). Abort.

Variable (DR : mat R T T.+1 -> R) (state : vec R T).
Hypothesis dDR : forall v, differentiable DR v.
Let turned_once w := round w (w *m state + state).

(* (BPTT-T) *)
Goal ∂_[t, t'] (fun w => DR (turned_once w)) K ∃=
  (∂_[t, ord0] DR (turned_once K) * state@_t' + ∂_[t, lift ord0 t'] DR (turned_once K)).
Proof. refine (turn_gradient t t' (dDR _)). Qed.

(* each turn sets the gradient *)
Goal ∂_[t, t'] (fun w => DR (turned_once w)) K ∃= (∂_[t, ord0] DR (turned_once K) * state@_t').
Proof. Fail refine (turn_gradient t t' (dDR _)). Abort.

(* the first turn forgotten *)
Goal ∂_[t, t'] (fun w => DR (turned_once w)) K ∃= (∂_[t, lift ord0 t'] DR (turned_once K)).
Proof. Fail refine (turn_gradient t t' (dDR _)). Abort.

Variables (first : turn R T T T) (turns : seq (turn R T T T)) (last : vec R T -> R).
Hypothesis smooth_loop' : smooth_turns (first :: turns) last state K.
Let loop w := loop_cost (first :: turns) last state w.
Let later := loop_back turns last (next_state first state K) K.

(* the whole loop *)
Goal ∂_[t, t'] loop K ∃= ((loop_back (first :: turns) last state K).2 t t').
Proof. refine (proj2 (loop_gradient smooth_loop') t t'). Qed.

(* each turn of the whole loop sets the gradient *)
Goal ∂_[t, t'] loop K ∃= (share first state K later.1 t t').
Proof. Fail refine (proj2 (loop_gradient smooth_loop') t t'). Abort.

(* the first turn of the whole loop forgotten *)
Goal ∂_[t, t'] loop K ∃= (later.2 t t').
Proof. Fail refine (proj2 (loop_gradient smooth_loop') t t'). Abort.

Variables (output : vec R T -> R) (input : vec R T).
Let met_once := K *m state + input.
Let once w := loop_cost (map (time σ) [:: (input, output)]) last state w.
Hypothesis smooth_once : smooth_times σ [:: (input, output)] last state K.

(* the loop of a recurrent network *)
Goal let d := ∇ last (elementwise σ met_once) in
  ∂_[t, t'] once K ∃= ((0 + (d ⊙ elementwise σ^`() met_once) *m state^T) t t').
Proof. refine (proj2 (time_gradient dσ smooth_once) t t'). Qed.

(* the loop of a recurrent network without sigma' *)
Goal let d := ∇ last (elementwise σ met_once) in
  ∂_[t, t'] once K ∃= ((0 + d *m state^T) t t').
Proof. Fail refine (proj2 (time_gradient dσ smooth_once) t t'). Abort.

Variables (D'' : vec R T -> R) (weight : vec R T) (Y Z : mat R T T).
Hypothesis dD'' : forall v, differentiable D'' v.
Hypothesis Y1 : forall t, \sum_k Y t k = 1.
Let place' (x : mat R T T) i : vec R T := (row i x)^T.
Let text z :=
  (\sum_i weight@_i * log_likelihood (place' Y i) (softmax (place' z i))) / \sum_i weight@_i.

(* (text) *)
Goal ∂_[t, t'] text Z ∃=
  (weight@_t / (\sum_i weight@_i) * ((softmax (place' Z t))@_t' - Y t t')).
Proof. refine (text_error _ _ t t' Y1). Qed.

(* the mean over all places *)
Goal ∂_[t, t'] text Z ∃= (T.+1%:R^-1 * ((softmax (place' Z t))@_t' - Y t t')).
Proof. Fail refine (text_error _ _ t t' Y1). Abort.

Variables (kernels : 'I_T.+1 -> mat R T T) (biases : vec R T).
Let met (z : mat R T T) := channels T 1 1 kernels z biases.

(* (ch-a) *)
Goal ∂_[t, t'] (fun z => DP (met z)) Z ∃=
  (\sum_i \sum_s ∂_[i, s] DP (met Z) * \sum_(q : 'I_T.+1 | (1 * s + 1 * q == t')%N) kernels i t q).
Proof. refine (channels_input t t' (dDP _)). Qed.

(* the channels not exchanged *)
Goal ∂_[t, t'] (fun z => DP (met z)) Z ∃=
  (\sum_i \sum_s ∂_[i, s] DP (met Z) * \sum_(q : 'I_T.+1 | (1 * s + 1 * q == t')%N) kernels t i q).
Proof. Fail refine (channels_input t t' (dDP _)). Abort.

(* (avg) *)
Goal ∂_t (fun z => D'' (eps^-1 *: (Q *m z))) biases ∃=
  ((\sum_i Q i t * ∂_i D'' (eps^-1 *: (Q *m biases))) / eps).
Proof. refine (pooled_error t (dD'' _)). Qed.

(* the error copied, not shared out *)
Goal ∂_t (fun z => D'' (eps^-1 *: (Q *m z))) biases ∃=
  (\sum_i Q i t * ∂_i D'' (eps^-1 *: (Q *m biases))).
Proof. Fail refine (pooled_error t (dD'' _)). Abort.

Variables (N' : nat) (φ : 'I_N'.+1 -> 'I_T.+1 * 'I_T.+1) (ψ : 'I_T.+1 * 'I_T.+1 -> 'I_N'.+1).
Hypotheses (φK : cancel φ ψ) (ψK : cancel ψ φ).
Hypothesis vZ : 0 < mean_square eps (centred (in_a_row φ Z)).
Let image (z : mat R T T) := image_norm φ ψ eps g d z.
Let Z' := image_normalised φ ψ eps Z.

(* (BN-i) *)
Goal ∂_[t, t'] (fun z => DP (image z)) Z ∃=
  (g * (∂_[t, t'] DP (image Z) - N'.+1%:R^-1 * (\sum_i \sum_q ∂_[i, q] DP (image Z))
        - Z' t t' * (N'.+1%:R^-1 * (\sum_i \sum_q ∂_[i, q] DP (image Z) * Z' i q)))
   / spread eps (centred (in_a_row φ Z))).
Proof. refine (image_norm_error φK ψK t t' vZ (dDP _)). Qed.

(* the mean of each image by itself *)
Goal ∂_[t, t'] (fun z => DP (image z)) Z ∃=
  (g * (∂_[t, t'] DP (image Z) - T.+1%:R^-1 * (\sum_q ∂_[t, q] DP (image Z))
        - Z' t t' * (T.+1%:R^-1 * (\sum_q ∂_[t, q] DP (image Z) * Z' t q)))
   / spread eps (centred (in_a_row φ Z))).
Proof. Fail refine (image_norm_error φK ψK t t' vZ (dDP _)). Abort.

Variables (M : nat) (X : 'I_M -> vec R n) (D' : 'I_M -> vec R p -> R).
Hypothesis dN' : forall i z j, ∂_j (cost_z N (D' i)) z ∃.
Let aX i := activation A (X i).
Let zX i := w *m aX i + b.

(* (BP4m) *)
Goal ∂_[j, k] (fun w : mat R n n => average (fun i => cost A w b N (D' i) (X i))) w ∃=
  (average (fun i => (aX i)@_k * (δ N (D' i) (zX i))@_j)).
Proof. refine (BP4_batch k (fun i => dN' i _ j)). Qed.

(* the product of the averages *)
Goal ∂_[j, k] (fun w : mat R n n => average (fun i => cost A w b N (D' i) (X i))) w ∃=
  (average (fun i => (aX i)@_k) * average (fun i => (δ N (D' i) (zX i))@_j)).
Proof. Fail refine (BP4_batch k (fun i => dN' i _ j)). Abort.
End Planted.

#!/bin/sh
# Debian 12 with Coquelicot 3.2.0 and mathcomp-analysis 0.6.0 on Coq 8.16.1: relu has no derivative at 0, and of that
# derivative Coquelicot proves that it is 1, mathcomp-analysis that it is 0. Both give every function a derivative
# at every point, a limit along 1 / (n + 1), from the right alone, or a default of 0 where there is no limit. A theorem
# about Derive or derive1 that does not assume derivability may thus say something else than it seems to. That the two
# are total is meant; which number comes is not said.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" \
  --include coq=8.16.1+dfsg-1+b2,libcoq-coquelicot=3.2.0-8+b1,libcoq-mathcomp-analysis=0.6.0-2+b1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
slope : Derive relu 0 = 1
slope : forall R : realType, derive1 (R:=R) (V:=normedtype.regular_topology.normedModType R) relu 0 = 0
SEEN
cat >"$folder/debian/coquelicot.v" <<'PROOF'
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Definition relu (x : R) := Rmax 0 x.

Lemma slope : Derive relu 0 = 1.
Proof.
unfold Derive, Lim.
rewrite (Lim_seq_ext _ (fun _ => 1)); [now rewrite Lim_seq_const | intros n].
unfold relu, Rbar_loc_seq.
assert (0 < / (INR n + 1)) by apply RinvN_pos.
rewrite !Rplus_0_l, (Rmax_right 0 (/ (INR n + 1))), Rmax_left; [field | lra | lra].
pose proof (pos_INR n); lra.
Qed.
Check slope.
PROOF
cat >"$folder/debian/analysis.v" <<'PROOF'
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp.classical Require Import boolp classical_sets.
From mathcomp.analysis Require Import reals signed topology normedtype derive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.
Local Open Scope classical_set_scope.

Definition relu {R : realType} (x : R^o) : R^o := Num.max 0 x.

Lemma slope (R : realType) : derive1 (@relu R) 0 = 0.
Proof.
rewrite /derive1 /relu dvgP // => /cvg_ex[l /cvg_distP near_l].
have /near_l : (0 : R) < 2^-1 by rewrite invr_gt0.
rewrite near_map => /nbhs_ballP[e /= e0 {}near_l].
have quotient h : `|h| < e -> h != 0 -> `|l - h^-1 * Num.max 0 h| < 2^-1.
  move=> he h0; move: (near_l h); rewrite /ball /= sub0r normrN => /(_ he h0).
  by rewrite addr0 maxxx subr0.
have e2 : 0 < e / 2 by rewrite divr_gt0.
have small : e / 2 < e by rewrite ltr_pdivr_mulr // ltr_pmulr // ltr1n.
have right : `|l - 1| < 2^-1.
  have := quotient (e / 2); rewrite gtr0_norm // => /(_ small (lt0r_neq0 e2)).
  by rewrite (max_r (ltW e2)) mulVf // lt0r_neq0.
have left : `|l| < 2^-1.
  have := quotient (- (e / 2)); rewrite normrN gtr0_norm // => /(_ small).
  rewrite oppr_eq0 lt0r_neq0 // => /(_ isT).
  by rewrite (@max_l _ _ 0) ?oppr_le0 ?ltW // mulr0 subr0.
have half : 2^-1 + 2^-1 = 1 :> R by rewrite [RHS]splitr mul1r.
have : `|l - (l - 1)| < 2^-1 + 2^-1 by apply: le_lt_trans (ler_norm_sub _ _) (ltr_add left right).
by rewrite half opprB addrCA subrr addr0 normr1 ltxx.
Qed.
Check slope.
PROOF
cd "$folder"
for library in coquelicot analysis; do
  chroot debian coqc -w none "$library.v" >said 2>errors || { tail -n 5 errors; exit 1; }
  tr -s '\n ' ' ' <said | sed 's/ $/\n/'
done >seen
cat seen
diff -u expected seen

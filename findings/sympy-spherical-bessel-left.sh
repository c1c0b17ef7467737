#!/bin/sh
# SymPy 1.14.0: the spherical Bessel function jn(0, x) is sin(x) / x, and at -1.3 SymPy says -0.741 for 0.741. jn, yn and hn1 of
# whole orders have the wrong sign everywhere left of 0, and so have their derivatives; slightly beside the real axis they are
# right. Written out by expand_func, or through lambdify and SciPy, they are right too, so that one formula has two values. The
# factor root(pi / (2 x)) takes the other branch there. Upstream knows it, open since 2022: sympy/sympy issue 23970.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
jn(0, x) at 1.3: 0.7412+0.0000j, written out 0.7412+0.0000j, slope -0.3644+0.0000j, of what is written out -0.3644+0.0000j
jn(0, x) at -1.3: -0.7412+0.0000j, written out 0.7412+0.0000j, slope -0.3644+0.0000j, of what is written out 0.3644+0.0000j, SciPy 0.7412
jn(0, x) at -1.3 + 1.0e-9*I: 0.7412+0.0000j, written out 0.7412+0.0000j, slope 0.3644-0.0000j, of what is written out 0.3644-0.0000j
jn(1, x) at 1.3: 0.3644+0.0000j, written out 0.3644+0.0000j, slope 0.1806+0.0000j, of what is written out 0.1806+0.0000j
jn(1, x) at -1.3: 0.3644+0.0000j, written out -0.3644+0.0000j, slope -0.1806+0.0000j, of what is written out 0.1806+0.0000j, SciPy -0.3644
jn(1, x) at -1.3 + 1.0e-9*I: -0.3644+0.0000j, written out -0.3644+0.0000j, slope 0.1806+0.0000j, of what is written out 0.1806+0.0000j
jn(2, x) at 1.3: 0.0997+0.0000j, written out 0.0997+0.0000j, slope 0.1343+0.0000j, of what is written out 0.1343+0.0000j
jn(2, x) at -1.3: -0.0997+0.0000j, written out 0.0997+0.0000j, slope 0.1343+0.0000j, of what is written out -0.1343+0.0000j, SciPy 0.0997
jn(2, x) at -1.3 + 1.0e-9*I: 0.0997-0.0000j, written out 0.0997-0.0000j, slope -0.1343+0.0000j, of what is written out -0.1343+0.0000j
yn(0, x) at 1.3: -0.2058+0.0000j, written out -0.2058+0.0000j, slope 0.8995+0.0000j, of what is written out 0.8995+0.0000j
yn(0, x) at -1.3: -0.2058+0.0000j, written out 0.2058+0.0000j, slope -0.8995+0.0000j, of what is written out 0.8995+0.0000j
yn(0, x) at -1.3 + 1.0e-9*I: 0.2058+0.0000j, written out 0.2058+0.0000j, slope 0.8995+0.0000j, of what is written out 0.8995+0.0000j
hn1(1, x) at 1.3: 0.3644-0.8995j, written out 0.3644-0.8995j, slope 0.1806+1.1781j, of what is written out 0.1806+1.1781j
hn1(1, x) at -1.3: 0.3644+0.8995j, written out -0.3644-0.8995j, slope -0.1806+1.1781j, of what is written out 0.1806-1.1781j
hn1(1, x) at -1.3 + 1.0e-9*I: -0.3644-0.8995j, written out -0.3644-0.8995j, slope 0.1806-1.1781j, of what is written out 0.1806-1.1781j
SEEN
cat >"$folder/ask.py" <<'ASK'
from sympy import I, N, Symbol, expand_func, hn1, jn, lambdify, yn

x = Symbol("x")
for f in (jn(0, x), jn(1, x), jn(2, x), yn(0, x), hn1(1, x)):
    written = expand_func(f)
    for at in (1.3, -1.3, -1.3 + 1e-9 * I):
        values = {"": f, "written out": written, "slope": f.diff(x), "of what is written out": written.diff(x)}
        told = [f"{name} {complex(N(g.subs(x, at))):.4f}".strip() for name, g in values.items()]
        if f.func is jn and at == -1.3:
            told.append(f"SciPy {lambdify(x, f, 'scipy')(at):.4f}")
        print(f"{f} at {at}:", ", ".join(told))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

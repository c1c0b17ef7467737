#!/bin/sh
# SymPy 1.14.0: the derivative of the associated Laguerre polynomial assoc_laguerre(n, a, x) by a has n - a where n - k
# belongs. Of the polynomial of degree 1, which is 1 + a - x, it answers 1 / (1 - a), and it is 1; at a = 1 it has a pole.
# With a number for n from the start the polynomial is written out and the derivative is right. So are jacobi and
# gegenbauer by their parameters, which are sums over k too.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Sum(assoc_laguerre(_k, a, x)/(-a + n), (_k, 0, n - 1))
n = 1: -1/(a - 1), written out 1
n = 2: (-a + x - 2)/(a - 2), written out a - x + 3/2
gegenbauer, n = 2, at a = 1/3, x = 2/7: -107/147 -107/147
SEEN
cat >"$folder/ask.py" <<'ASK'
import sympy as sp

n, a, x = sp.symbols("n a x")
general = sp.assoc_laguerre(n, a, x).diff(a)
print(general)
for k in (1, 2):
    print(f"n = {k}: {sp.simplify(general.subs(n, k).doit())}, written out {sp.assoc_laguerre(k, a, x).diff(a)}")
point = {a: sp.Rational(1, 3), x: sp.Rational(2, 7)}
other = [f.subs(n, 2).doit().subs(point) for f in (sp.gegenbauer(n, a, x).diff(a), sp.gegenbauer(2, a, x).diff(a))]
print("gegenbauer, n = 2, at a = 1/3, x = 2/7:", *other)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# orthax 0.2.11: division of polynomials stops a step early. (x^3 - 1) / (x - 1) is x^2 + x + 1 with nothing left over;
# polydiv answers x^2 + x, and leaves x - 1, the divisor itself. (3 x + 2) / (x + 1) is 0, with all of it left over. The
# constant of the quotient is 0 always, and what is left over has the degree of the divisor; the quotient times the divisor
# and the rest do add up, so that a check by multiplying back does not tell. chebdiv, hermdiv, lagdiv and legdiv share the
# loop. NumPy's functions of the same names, from which the docstring's example with its right answer comes, are right. The
# tracker was searched: nothing found.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check orthax==0.2.11 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 scipy==1.17.1 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
polydiv of (-1 0 0 1) by (-1 1): orthax 0 1 1, left over -1 1; NumPy 1 1 1, left over 0
polydiv of (2 3) by (1 1): orthax 0, left over 2 3; NumPy 3, left over -1
polydiv of (1 2 3) by (3 2 1): orthax 0, left over 1 2 3; NumPy 3, left over -8 -4
chebdiv of (1 2 3) by (2 1): orthax 0 6, left over -2 -10; NumPy -10 6, left over 18
hermdiv of (1 2 3) by (2 1): orthax 0 3, left over -5 -4; NumPy -4 3, left over 3
lagdiv of (1 2 3) by (2 1): orthax 0 1.5, left over -0.5 2; NumPy 2 1.5, left over -4.5
legdiv of (1 2 3) by (2 1): orthax 0 4.5, left over -0.5 -7; NumPy -7 4.5, left over 13.5
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import numpy
import orthax

jax.config.update("jax_enable_x64", True)


def shown(numbers):
    """Without the zeros at the end, which orthax keeps."""
    return " ".join(f"{number:g}" for number in numpy.trim_zeros(numpy.asarray(numbers) + 0.0, "b")) or "0"


for name, kind, a, b in (
    ("polydiv", "polynomial", (-1.0, 0.0, 0.0, 1.0), (-1.0, 1.0)),
    ("polydiv", "polynomial", (2.0, 3.0), (1.0, 1.0)),
    ("polydiv", "polynomial", (1.0, 2.0, 3.0), (3.0, 2.0, 1.0)),
    ("chebdiv", "chebyshev", (1.0, 2.0, 3.0), (2.0, 1.0)),
    ("hermdiv", "hermite", (1.0, 2.0, 3.0), (2.0, 1.0)),
    ("lagdiv", "laguerre", (1.0, 2.0, 3.0), (2.0, 1.0)),
    ("legdiv", "legendre", (1.0, 2.0, 3.0), (2.0, 1.0)),
):
    found = getattr(getattr(orthax, kind), name)(jax.numpy.array(a), jax.numpy.array(b))
    right = getattr(getattr(numpy.polynomial, kind), name)(a, b)
    print(f"{name} of ({shown(a)}) by ({shown(b)}): orthax {shown(found[0])}, left over {shown(found[1])};", end=" ")
    print(f"NumPy {shown(right[0])}, left over {shown(right[1])}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

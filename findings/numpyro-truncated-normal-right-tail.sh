#!/bin/sh
# NumPyro 0.22.0 on JAX 0.10.2: a normal distribution that is cut off on both sides is right far to the left of its centre and
# not far to the right. Between -11 and -6 its log density at -6.1 is 1.2128 in single precision; between 6 and 11, which is the
# mirror image, it is infinite, and its slope by the centre nan. In double precision it is 1.2211 for 1.2895 from 8 on, with a
# slope of 0.516 for -0.021, and infinite from 10 on. With one bound on that side it is right. pyro-ppl/numpyro #1492 had it on
# the left, and is closed.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numpyro==0.22.0 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
single, from 3: right 0.884 slope -0.18; left, mirrored 0.884 slope -0.18; right, one bound 0.884 slope -0.18
single, from 6: right inf slope nan; left, mirrored 1.213 slope -0.06; right, one bound 1.213 slope -0.06
single, from 8: right inf slope nan; left, mirrored 1.289 slope -0.02; right, one bound 1.289 slope -0.02
single, from 10: right inf slope nan; left, mirrored 1.307 slope 0.00; right, one bound 1.307 slope 0.00
double, from 3: right 0.884 slope -0.18; left, mirrored 0.884 slope -0.18; right, one bound 0.884 slope -0.18
double, from 6: right 1.213 slope -0.06; left, mirrored 1.213 slope -0.06; right, one bound 1.213 slope -0.06
double, from 8: right 1.221 slope 0.52; left, mirrored 1.289 slope -0.02; right, one bound 1.289 slope -0.02
double, from 10: right inf slope nan; left, mirrored 1.307 slope 0.00; right, one bound 1.307 slope 0.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
from numpyro.distributions import TruncatedNormal

for double in (False, True):
    jax.config.update("jax_enable_x64", double)
    for low in (3.0, 6.0, 8.0, 10.0):
        ways = {
            "right": lambda m: TruncatedNormal(m, 1.0, low=low, high=low + 5).log_prob(low + 0.1),
            "left, mirrored": lambda m: TruncatedNormal(-m, 1.0, low=-low - 5, high=-low).log_prob(-low - 0.1),
            "right, one bound": lambda m: TruncatedNormal(m, 1.0, low=low).log_prob(low + 0.1),
        }
        line = [f"{name} {f(0.0):.3f} slope {jax.grad(f)(0.0):.2f}" for name, f in ways.items()]
        print(f"{'double' if double else 'single'}, from {low:g}: {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

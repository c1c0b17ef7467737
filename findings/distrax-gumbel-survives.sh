#!/bin/sh
# Distrax 0.1.9 on JAX 0.10.2: the logarithm of the chance to survive, log_survival_function, of a Gumbel distribution far to
# the right is minus infinity, and its slope too: in single precision at 20, where they are -20 and -1, in double at 40. The cdf
# rounds to 1 there, and the logarithm of 1 less that is taken. Logistic, its relative, is right at 80, and so is the formula
# written out with expm1.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check distrax==0.1.9 tfp-nightly==0.26.0.dev20261027 jax==0.10.2 jaxlib==0.10.2 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
single, 1: Gumbel -1.18 slope -0.83; Logistic -1.31 slope -0.73; Gumbel written out -1.18 slope -0.83
single, 10: Gumbel -10.00 slope -1.00; Logistic -10.00 slope -1.00; Gumbel written out -10.00 slope -1.00
single, 20: Gumbel -inf slope -inf; Logistic -20.00 slope -1.00; Gumbel written out -20.00 slope -1.00
single, 40: Gumbel -inf slope -inf; Logistic -40.00 slope -1.00; Gumbel written out -40.00 slope -1.00
single, 80: Gumbel -inf slope -inf; Logistic -80.00 slope -1.00; Gumbel written out -80.00 slope -1.00
double, 1: Gumbel -1.18 slope -0.83; Logistic -1.31 slope -0.73; Gumbel written out -1.18 slope -0.83
double, 10: Gumbel -10.00 slope -1.00; Logistic -10.00 slope -1.00; Gumbel written out -10.00 slope -1.00
double, 20: Gumbel -20.00 slope -1.00; Logistic -20.00 slope -1.00; Gumbel written out -20.00 slope -1.00
double, 40: Gumbel -inf slope -inf; Logistic -40.00 slope -1.00; Gumbel written out -40.00 slope -1.00
double, 80: Gumbel -inf slope -inf; Logistic -80.00 slope -1.00; Gumbel written out -80.00 slope -1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import distrax
import jax


def written_out(x):
    return jax.numpy.log(-jax.numpy.expm1(-jax.numpy.exp(-x)))


for double in (False, True):
    jax.config.update("jax_enable_x64", double)
    for x in (1.0, 10.0, 20.0, 40.0, 80.0):
        line = []
        for name in ("Gumbel", "Logistic"):
            value, slope = jax.value_and_grad(lambda x: getattr(distrax, name)(0.0, 1.0).log_survival_function(x))(x)
            line.append(f"{name} {value:.2f} slope {slope + 0:.2f}")
        value, slope = jax.value_and_grad(written_out)(x)
        line.append(f"Gumbel written out {value:.2f} slope {slope + 0:.2f}")
        print(f"{'double' if double else 'single'}, {x:g}: {'; '.join(line)}")
ASK
cd "$folder"
JAX_PLATFORMS=cpu OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

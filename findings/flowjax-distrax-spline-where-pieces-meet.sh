#!/bin/sh
# The splines of flowjax 19.1.2 and Distrax 0.1.9 have wrong slopes where pieces meet, at different places. At initialization both
# are the identity, as their log-determinants say. At the edge of the interval flowjax's slope is 0.25: the input is clipped to
# the interval and the output once more, and JAX sends half of a gradient through a clip that is met exactly. In Distrax the
# place within a piece is clipped: at each knot between two pieces the slope is 0.5 and that of the inverse 0.25. Data that are
# scaled to run from -1 to 1 meet the edge, and 0 is a knot. Forward mode answers alike; beside these points all is right.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flowjax==19.1.2 distrax==0.1.9 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
flowjax at -1: -1.000, slope 0.25, forward mode 0.25, by the log-determinant 1.00
flowjax at -0.999: -0.999, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax at 0: -0.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax at 0.001: 0.001, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax at 0.5: 0.500, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax at 1: 1.000, slope 0.25, forward mode 0.25, by the log-determinant 1.00
flowjax, inverse at -1: -1.000, slope 0.25, forward mode 0.25, by the log-determinant 1.00
flowjax, inverse at -0.999: -0.999, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax, inverse at 0: 0.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax, inverse at 0.001: 0.001, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax, inverse at 0.5: 0.500, slope 1.00, forward mode 1.00, by the log-determinant 1.00
flowjax, inverse at 1: 1.000, slope 0.25, forward mode 0.25, by the log-determinant 1.00
Distrax at -1: -1.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax at -0.999: -0.999, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax at 0: 0.000, slope 0.50, forward mode 0.50, by the log-determinant 1.00
Distrax at 0.001: 0.001, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax at 0.5: 0.500, slope 0.50, forward mode 0.50, by the log-determinant 1.00
Distrax at 1: 1.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax, inverse at -1: -1.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax, inverse at -0.999: -0.999, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax, inverse at 0: 0.000, slope 0.25, forward mode 0.25, by the log-determinant 1.00
Distrax, inverse at 0.001: 0.001, slope 1.00, forward mode 1.00, by the log-determinant 1.00
Distrax, inverse at 0.5: 0.500, slope 0.25, forward mode 0.25, by the log-determinant 1.00
Distrax, inverse at 1: 1.000, slope 1.00, forward mode 1.00, by the log-determinant 1.00
SEEN
cat >"$folder/ask.py" <<'ASK'
import distrax
import jax
import jax.numpy as jnp
from flowjax.bijections import RationalQuadraticSpline

spline = RationalQuadraticSpline(knots=5, interval=1)
other = distrax.RationalQuadraticSpline(jnp.zeros(3 * 4 + 1), -1.0, 1.0, boundary_slopes="identity")
ways = {
    "flowjax": spline.transform_and_log_det,
    "flowjax, inverse": spline.inverse_and_log_det,
    "Distrax": other.forward_and_log_det,
    "Distrax, inverse": other.inverse_and_log_det,
}
for name, f in ways.items():
    for x in (-1.0, -0.999, 0.0, 0.001, 0.5, 1.0):
        (y, log_det), (slope, _) = jax.jvp(f, (x,), (1.0,))
        reverse = jax.grad(lambda x: f(x)[0])(x)
        print(f"{name} at {x:g}: {y:.3f}, slope {reverse:.2f}, forward mode {slope:.2f}, by the log-determinant {jnp.exp(log_det):.2f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# ott-jax 0.6.0: the distance of two equal points is 0, and it is the root of 2 as soon as it is differentiated: jax.grad goes
# on with that number. Its norm has a rule of its own, lest the slope at 0 be nan, and the rule answers the value at (1, 1)
# too. So value_and_grad of a Sinkhorn cost with the Euclidean distance answers another cost than the same function without it,
# and a gradient behind the distance is wrong: of the kernel e^-d of equal points by the width s it is 0, and comes as -0.344.
# With a row of zeros among others the norm's gradient is nan. logsumexp of two -inf is 0 under value_and_grad, and not -inf.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check ott-jax==0.6.0 jax==0.10.2 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
norm of (0, 0): 0.0000, with its gradient 1.4142
distance of equal points: 0.0000, with its gradient 1.4142
kernel of equal points by the width: gradient -0.3438 differences 0.0000
cost of transport, Euclidean: 0.3764, with its gradient 0.4097
cost of transport, SqEuclidean: 0.2232, with its gradient 0.2232
logsumexp of (-inf, -inf): -inf, with its gradient 0.0000
SEEN
cat >"$folder/ask.py" <<'ASK'
import jax
import jax.numpy as jnp
from ott.geometry import costs, pointcloud
from ott.math import utils
from ott.solvers import linear

jax.config.update("jax_enable_x64", True)


def both(name, f, at):
    print(f"{name}: {f(at):.4f}, with its gradient {jax.value_and_grad(f)(at)[0]:.4f}")


euclidean = costs.Euclidean()
point, origin = jnp.array([0.3, 0.4]), jnp.zeros(2)
both("norm of (0, 0)", utils.norm, origin)
both("distance of equal points", lambda x: euclidean(x, point), point)


def kernel(width):
    return jnp.exp(-euclidean(width * point, width * point) * width)


slope = (kernel(1.001) - kernel(0.999)) / 0.002
print(f"kernel of equal points by the width: gradient {jax.grad(kernel)(1.0):.4f} differences {slope:.4f}")
x = jnp.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
y = jnp.array([[0.0, 0.0], [1.0, 0.5], [0.3, 1.0]])
for cost in (euclidean, costs.SqEuclidean()):

    def transport(x, cost=cost):
        return linear.solve(pointcloud.PointCloud(x, y, cost_fn=cost, epsilon=0.1)).reg_ot_cost

    both(f"cost of transport, {type(cost).__name__}", transport, x)
both("logsumexp of (-inf, -inf)", utils.logsumexp, jnp.array([-jnp.inf, -jnp.inf]))
ASK
cd "$folder"
JAX_PLATFORMS=cpu env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# MLX 0.32.4: forward mode does not know alpha and beta of addmm(c, a, b, alpha, beta), which is beta c + alpha a b. Its
# derivative is that of c + a b: with alpha = 2 and beta = 0.5 the slope by c comes twice as large as it is, and the slopes by a
# and b half as large. The value is right, and so is grad, which knows both; with the defaults, 1 and 1, as in a linear layer,
# all agree. A Hessian times a vector by forward over reverse is not asked for here. The tracker was searched: forward mode for
# addmm came with ml-explore/mlx issue 1771; nothing found on this.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
alpha 1.0, beta 1.0: 17.0
  by c: forward 1.0, grad 1.0, differences 1.0
  by a: forward 4.0, grad 4.0, differences 4.0
  by b: forward 1.0, grad 1.0, differences 1.0
alpha 2.0, beta 0.5: 29.5
  by c: forward 1.0, grad 0.5, differences 0.5
  by a: forward 4.0, grad 8.0, differences 8.0
  by b: forward 1.0, grad 2.0, differences 2.0
alpha 0.0, beta 1.0: 3.0
  by c: forward 1.0, grad 1.0, differences 1.0
  by a: forward 4.0, grad 0.0, differences 0.0
  by b: forward 1.0, grad 0.0, differences 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx

mx.set_default_device(mx.cpu)
c = mx.array([[3.0]])
a = mx.array([[1.0, 2.0]])
b = mx.array([[4.0], [5.0]])


def parts(f):
    """The slopes of f by c, by the first number of a and by the first number of b, by three ways."""
    given = [c, a, b]
    for j, name in enumerate("cab"):
        push = mx.zeros_like(given[j])
        push[0, 0] = 1.0
        pushed = [[g + t * push if i == j else g for i, g in enumerate(given)] for t in (0.5, -0.5)]
        forward = mx.jvp(f, given, [push if i == j else mx.zeros_like(g) for i, g in enumerate(given)])[1][0]
        reverse = mx.grad(lambda *args: f(*args).sum(), argnums=j)(*given)[0, 0]
        differences = f(*pushed[0]) - f(*pushed[1])
        yield f"by {name}: forward {forward.item()}, grad {reverse.item()}, differences {differences.item()}"


for alpha, beta in ((1.0, 1.0), (2.0, 0.5), (0.0, 1.0)):
    print(f"alpha {alpha}, beta {beta}: {mx.addmm(c, a, b, alpha, beta).item()}")
    for line in parts(lambda c, a, b: mx.addmm(c, a, b, alpha, beta)):
        print(" ", line)
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

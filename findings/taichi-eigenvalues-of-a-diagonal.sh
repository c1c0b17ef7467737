#!/bin/sh
# Taichi 1.7.4: the gradient of the eigenvalues that sym_eig finds of a 2 by 2 matrix is nan where the matrix is diagonal,
# also where the two differ: of the larger one of (2, 0; 0, 1) it is (1, 0; 0, 0). With 0.001 off the diagonal it comes
# right. The eigenvectors, which nobody asks for, are divided by a length of 0 on the way.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check taichi==1.7.4 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
off the diagonal 0: eigenvalue 2.000 gradient nan nan nan
off the diagonal 0.001: eigenvalue 2.000 gradient 1.000 0.002 0.000
off the diagonal 0.5: eigenvalue 2.207 gradient 0.854 0.707 0.146
SEEN
cat >"$folder/ask.py" <<'ASK'
import taichi as ti

ti.init(arch=ti.cpu, default_fp=ti.f64, log_level=ti.ERROR, offline_cache=False)
x = ti.field(ti.f64, shape=3, needs_grad=True)
out = ti.field(ti.f64, shape=(), needs_grad=True)


@ti.kernel
def larger():
    values, vectors = ti.sym_eig(ti.Matrix([[x[0], x[1]], [x[1], x[2]]]))
    out[None] = values[0]


for off in (0, 0.001, 0.5):
    for k, v in enumerate((2, off, 1)):
        x[k] = v
    with ti.ad.Tape(out):
        larger()
    gradient = " ".join(f"{x.grad[k]:.3f}" for k in range(3))
    print(f"off the diagonal {off:g}: eigenvalue {out[None]:.3f} gradient {gradient}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 ENABLE_TAICHI_HEADER_PRINT=0 env/bin/python -W ignore ask.py | grep -v "^.Taichi" >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

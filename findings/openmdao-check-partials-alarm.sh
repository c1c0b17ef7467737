#!/bin/sh
# OpenMDAO 3.45.1: check_partials at its defaults finds fault with the exact derivative of a layer
# of tanh. Its forward difference is off by more than the relative 1e-6 that it allows, in the
# smallest of the ten entries; with method="cs" the same derivative passes.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check openmdao==3.45.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
fd violated
cs holds
SEEN
cat >"$folder/ask.py" <<'ASK'
import io
import numpy as np
import openmdao.api as om

W = np.random.default_rng(0).standard_normal((10, 10)) / 3
X = np.random.default_rng(1).standard_normal(10)

class Layer(om.ExplicitComponent):
    def setup(self):
        self.add_input("x", X)
        self.add_output("y", 0.0)
        self.declare_partials("y", "x")

    def compute(self, inputs, outputs):
        outputs["y"] = np.tanh(W @ inputs["x"]).sum()

    def compute_partials(self, inputs, partials):
        partials["y", "x"] = W.T @ (1 - np.tanh(W @ inputs["x"]) ** 2)

problem = om.Problem(reports=False)
problem.model.add_subsystem("layer", Layer())
problem.setup(force_alloc_complex=True)
problem.run_model()
for method in ("fd", "cs"):
    found = problem.check_partials(out_stream=io.StringIO(), method=method)
    print(method, "violated" if found["layer"]["y", "x"]["tol violation"].forward > 0 else "holds")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

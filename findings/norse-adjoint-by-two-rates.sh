#!/bin/sh
# Norse 1.1.0 on PyTorch 2.14.1: the gradient of lif_feed_forward_adjoint_step is twice what it should be, at the default
# parameters and without any spike. The step before a spike is linear, so that it has a plain derivative: v moves by dt times
# the rate of the membrane, 100, for each unit of the current i. The hand-written backward pass takes the rate of the synapse
# there, 200 by default, and the slope of v by the weight of the input is 0.2 after one step where differences give 0.1, 4.58
# for 2.29 after ten. Where the two rates are the same it is right, and with 50 for the synapse it is half.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check norse==1.1.0 nir==1.0.8 nirtorch==2.6 torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
rates 50 of the synapse and 100 of the membrane: after 1 steps: 0 spikes, slope 0.05, differences 0.10; after 10 steps: 0 spikes, slope 1.76, differences 3.52
rates 100 of the synapse and 100 of the membrane: after 1 steps: 0 spikes, slope 0.10, differences 0.10; after 10 steps: 0 spikes, slope 3.03, differences 3.03
rates 200 of the synapse and 100 of the membrane: after 1 steps: 0 spikes, slope 0.20, differences 0.10; after 10 steps: 0 spikes, slope 4.58, differences 2.29
rates 400 of the synapse and 100 of the membrane: after 1 steps: 0 spikes, slope 0.40, differences 0.10; after 10 steps: 0 spikes, slope 5.83, differences 1.46
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from norse.torch.functional.adjoint.lif_adjoint import lif_feed_forward_adjoint_step
from norse.torch.functional.lif import LIFFeedForwardState, LIFParameters, lif_feed_forward_step


def end(step, w, p, steps):
    s = LIFFeedForwardState(torch.zeros(1), torch.zeros(1))
    spikes = 0.0
    for _ in range(steps):
        z, s = step(w.reshape(1), s, p)
        spikes += z.item()
    return s.v.sum(), spikes


torch.set_default_dtype(torch.float64)
for rate in (50.0, 100.0, 200.0, 400.0):
    p = LIFParameters(tau_syn_inv=torch.tensor(rate), tau_mem_inv=torch.tensor(100.0))
    line = []
    for steps in (1, 10):
        w = torch.tensor(0.05, requires_grad=True)
        v, spikes = end(lif_feed_forward_adjoint_step, w, p, steps)
        (slope,) = torch.autograd.grad(v, w)
        above, below = (end(lif_feed_forward_step, w.detach() + h, p, steps)[0] for h in (1e-4, -1e-4))
        line.append(f"after {steps} steps: {spikes:g} spikes, slope {slope:.2f}, differences {(above - below).item() / 2e-4:.2f}")
    print(f"rates {rate:g} of the synapse and 100 of the membrane: {'; '.join(line)}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

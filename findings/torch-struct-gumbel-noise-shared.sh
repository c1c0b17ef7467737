#!/bin/sh
# torch-struct 0.5 on PyTorch 2.13.0: of the 32 equally likely sequences of five bits, gumbel_crf draws 16 and never the others,
# and the two members of a batch are drawn alike each time. The noise is as long as the last dimension, so that one pair of
# numbers serves all members of the batch and all the places of the chain that are drawn in one step. sample() of the same
# distribution draws all 32, and the two members alike once in 32 times. gumbel_crf is there to be differentiated through, and
# its gradients are an average over half of what there is. That it is ready for use is said in harvardnlp/pytorch-struct issue
# 102; no word of the noise.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch-struct==0.5 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sample: 32 of 32 sequences, members of the batch alike in 3%
gumbel_crf: 16 of 32 sequences, members of the batch alike in 100%
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torch_struct import LinearChainCRF

torch.manual_seed(0)
draws = 2000
scores = torch.zeros(2, 4, 2, 2, requires_grad=True) * 1
ways = {
    "sample": LinearChainCRF(scores).sample((draws,)),
    "gumbel_crf": torch.stack([LinearChainCRF(scores).gumbel_crf(1.0).detach() for _ in range(draws)]),
}
for name, drawn in ways.items():
    found = {tuple(one.flatten().tolist()) for one in drawn[:, 0]}
    alike = sum(torch.equal(*both) for both in drawn) / draws
    print(f"{name}: {len(found)} of 32 sequences, members of the batch alike in {alike:.0%}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

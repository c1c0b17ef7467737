#!/bin/sh
# torchao 0.18.0 on PyTorch 2.13.0: fake quantization of weights with is_symmetric=False, by channel or by group, is not the
# asymmetric quantization that it trains for. Eight bits for (-1, 0, 2, 4) have steps of 5/255, and 4 comes out as 2.471, with
# the slope 0, so that it never learns; (5, 6, 8, 10) are all 2.353 and get no gradient at all. choose_qparams_affine,
# quantize_affine and dequantize_affine of the same library, with the mapping ASYMMETRIC, answer the numbers within half a step,
# and so does fake quantization by token, which is for activations, and is_symmetric=True, the default.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torchao==0.18.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
weights [-1.0, 0.0, 2.0, 4.0]
  fake, by channel: [-1.0, 0.0, 2.0, 2.471] slopes [1.0, 1.0, 1.0, 0.0]
  fake, by group: [-1.0, 0.0, 2.0, 2.471] slopes [1.0, 1.0, 1.0, 0.0]
  fake, by token: [-1.0, 0.0, 2.0, 4.0] slopes [1.0, 1.0, 1.0, 1.0]
  fake, symmetric: [-1.004, 0.0, 2.008, 3.984] slopes [1.0, 1.0, 1.0, 1.0]
  quantized and back: [-1.0, 0.0, 2.0, 4.0]
weights [5.0, 6.0, 8.0, 10.0]
  fake, by channel: [2.353, 2.353, 2.353, 2.353] slopes [0.0, 0.0, 0.0, 0.0]
  fake, by group: [2.353, 2.353, 2.353, 2.353] slopes [0.0, 0.0, 0.0, 0.0]
  fake, by token: [5.02, 6.0, 8.0, 10.0] slopes [1.0, 1.0, 1.0, 1.0]
  fake, symmetric: [5.02, 5.961, 8.0, 9.961] slopes [1.0, 1.0, 1.0, 0.0]
  quantized and back: [5.02, 6.0, 8.0, 10.0]
weights [-10.0, -8.0, -6.0, -5.0]
  fake, by channel: [-2.373, -2.373, -2.373, -2.373] slopes [0.0, 0.0, 0.0, 0.0]
  fake, by group: [-2.373, -2.373, -2.373, -2.373] slopes [0.0, 0.0, 0.0, 0.0]
  fake, by token: [-10.0, -8.0, -6.0, -5.02] slopes [1.0, 1.0, 1.0, 1.0]
  fake, symmetric: [-10.039, -8.0, -5.961, -5.02] slopes [1.0, 1.0, 1.0, 1.0]
  quantized and back: [-10.0, -8.0, -6.0, -5.02]
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from torchao.quantization.qat import IntxFakeQuantizeConfig
from torchao.quantization.qat.fake_quantizer import IntxFakeQuantizer
from torchao.quantization.quant_primitives import MappingType, choose_qparams_affine, dequantize_affine, quantize_affine

by_channel = IntxFakeQuantizeConfig(torch.int8, "per_channel", is_symmetric=False)
by_group = IntxFakeQuantizeConfig(torch.int8, group_size=4, is_symmetric=False)
by_token = IntxFakeQuantizeConfig(torch.int8, "per_token", is_symmetric=False)
symmetric = IntxFakeQuantizeConfig(torch.int8, "per_channel")
for row in ([-1.0, 0.0, 2.0, 4.0], [5.0, 6.0, 8.0, 10.0], [-10.0, -8.0, -6.0, -5.0]):
    print(f"weights {row}")
    for name, config in (("by channel", by_channel), ("by group", by_group), ("by token", by_token), ("symmetric", symmetric)):
        w = torch.tensor([row], requires_grad=True)
        fake = IntxFakeQuantizer(config)(w)
        fake.sum().backward()
        print(f"  fake, {name}: {[round(a, 3) for a in fake[0].tolist()]} slopes {w.grad[0].tolist()}")
    w = torch.tensor([row])
    scale, zero = choose_qparams_affine(w, MappingType.ASYMMETRIC, (1, 4), torch.int8)
    q = quantize_affine(w, (1, 4), scale, zero, torch.int8)
    real = dequantize_affine(q, (1, 4), scale, zero, torch.int8)
    print(f"  quantized and back: {[round(a, 3) for a in real[0].tolist()]}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Kornia 0.9.0 on PyTorch 2.13.0: the gradient of rgb_to_luv at a black pixel is wrong for u and v. A pixel that becomes
# brighter without becoming coloured keeps u = v = 0, so that the slopes by red, green and blue add up to 0 for every grey; at
# black, whose u and v are 0 too, they add up to -179.8 and -425.7. The numerators are 0 there, and the denominators are kept
# off 0 by 1e-12, so that black counts as coloured. By L it is right, and a millionth beside all are. rgb_to_lab has no such
# pixel.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check kornia==0.9.0 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
luv at grey 0, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
luv at grey 0, u: slopes -38.2 -128.6 -13.0, together -179.8, difference 0.0
luv at grey 0, v: slopes -90.5 -304.4 -30.7, together -425.7, difference 0.0
luv at grey 1e-06, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
luv at grey 1e-06, u: slopes 43.8 -39.4 -4.4, together 0.0, difference 0.0
luv at grey 1e-06, v: slopes 9.4 51.0 -60.4, together 0.0, difference 0.0
luv at grey 0.01, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
luv at grey 0.01, u: slopes 43.8 -39.4 -4.4, together 0.0, difference 0.0
luv at grey 0.01, v: slopes 9.4 51.0 -60.4, together 0.0, difference 0.0
luv at grey 0.5, l: slopes 21.3 71.5 7.2, together 100.0, difference 100.0
luv at grey 0.5, u: slopes 144.6 -130.2 -14.4, together 0.0, difference 0.0
luv at grey 0.5, v: slopes 31.2 168.3 -199.5, together 0.0, difference 0.0
lab at grey 0, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
lab at grey 0, a: slopes 66.7 -102.1 35.5, together 0.0, difference 0.0
lab at grey 0, b: slopes 23.5 73.0 -96.5, together 0.0, difference 0.0
lab at grey 1e-06, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
lab at grey 1e-06, a: slopes 66.7 -102.1 35.5, together 0.0, difference 0.0
lab at grey 1e-06, b: slopes 23.5 73.0 -96.5, together 0.0, difference 0.0
lab at grey 0.01, l: slopes 14.9 50.0 5.0, together 69.9, difference 69.9
lab at grey 0.01, a: slopes 66.7 -102.1 35.5, together 0.0, difference 0.0
lab at grey 0.01, b: slopes 23.5 73.0 -96.5, together 0.0, difference 0.0
lab at grey 0.5, l: slopes 21.3 71.5 7.2, together 100.0, difference 100.0
lab at grey 0.5, a: slopes 95.4 -146.1 50.7, together 0.0, difference 0.0
lab at grey 0.5, b: slopes 33.6 104.4 -138.1, together 0.0, difference 0.0
SEEN
cat >"$folder/ask.py" <<'ASK'
import torch
from kornia import color

for name, convert in (("luv", color.rgb_to_luv), ("lab", color.rgb_to_lab)):
    for grey in (0.0, 1e-6, 0.01, 0.5):
        pixel = torch.full((1, 3, 1, 1), grey, dtype=torch.float64)
        slopes = torch.autograd.functional.jacobian(convert, pixel).view(3, 3)
        brighter = (convert(pixel + 1e-6) - convert(pixel)).flatten() / 1e-6
        for k, channel in enumerate(name):
            own = " ".join(f"{s:.1f}" for s in slopes[k].tolist())
            print(f"{name} at grey {grey:g}, {channel}: slopes {own}, together {slopes[k].sum().round(decimals=1) + 0:.1f}, difference {brighter[k].round(decimals=1) + 0:.1f}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

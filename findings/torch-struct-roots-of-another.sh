#!/bin/sh
# torch-struct 0.5 on PyTorch 2.13.0: the number of trees under a DependencyCRF goes from 12 to 7 because another one is made. That
# a sentence may have several roots is written on the class that all distributions share, and their sums are taken when they
# are first asked for. So two distributions that are both made before they are asked answer alike, by what the second one was
# told, and a divergence of the one from the other is of neither; with the order turned the numbers change. Asked each before
# the next one is made, both are right: all trees over three words, written out, are 12 with any number of roots and 7 with one.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check torch-struct==0.5 torch==2.13.0 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
several roots True: alone 12, written out 12
several roots False: alone 7, written out 7
several, then one made, then asked: 7 7
one, then several made, then asked: 12 12
SEEN
cat >"$folder/ask.py" <<'ASK'
from itertools import product

import torch
from torch_struct import DependencyCRF


def is_tree(heads):
    for word in range(len(heads)):
        for _ in heads:
            word = heads[word] - 1 if word >= 0 else word
        if word >= 0:
            return False
    return True


def crossed(heads):
    arcs = [sorted(arc) for arc in enumerate(heads, 1)]
    return any(a < c < b < d for a, b in arcs for c, d in arcs)


def counted(several):
    trees = [h for h in product(range(4), repeat=3) if is_tree(h) and not crossed(h)]
    return len([h for h in trees if several or h.count(0) == 1])


def made(several):
    return DependencyCRF(torch.zeros(1, 3, 3, requires_grad=True) * 1, multiroot=several)


def asked(crf):
    return f"{crf.partition.exp().item():.0f}"


for several in (True, False):
    print(f"several roots {several}: alone {asked(made(several))}, written out {counted(several)}")
any_roots, one_root = made(True), made(False)
print("several, then one made, then asked:", asked(any_roots), asked(one_root))
one_root, any_roots = made(False), made(True)
print("one, then several made, then asked:", asked(one_root), asked(any_roots))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

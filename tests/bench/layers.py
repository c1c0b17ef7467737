"""`check_layer` beside torch's gradcheck: our layers in NumPy, torch's own of equal size, in turn.

Processor time with one thread, medians of runs that take turns. `--rounds 5` measures more often.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
import torch.nn.functional as F  # noqa: N812 - as torch's own documentation calls it
from bench.kinds import KINDS, LABELS

from proofs.checker.check_layer import check_layer

LEAST = 0.05
"""Seconds that a measurement takes at least; what is faster is repeated."""


def conv(x, w, b):
    """Two groups of channels, stride 2, as ours."""
    return F.conv2d(x, w, b, stride=2, padding=1, groups=2)


def lstm(x, h, c, Wx, Wh, b):
    """One step, as ours."""
    i, f, o, g = torch.chunk(x @ Wx + h @ Wh + b, 4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


THEIRS = {
    "affine 8 x 32 x 16": lambda x, w, b: x @ w + b,
    "batch norm 16 x 32": lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True),
    "layer norm 8 x 64": lambda x, g, b: F.layer_norm(x, x.shape[-1:], g, b),
    "grouped convolution 2 x 4 x 8 x 8": conv,
    "max pool 2 x 3 x 8 x 8": lambda x: F.max_pool2d(x, 2),
    "softmax loss 8 x 10": lambda s: F.cross_entropy(s, torch.tensor(LABELS[:8])),
    "GELU 8 x 64": lambda x: F.gelu(x, approximate="tanh"),
    "attention 2 x 2 x 8 x 8": lambda q, k, v: F.scaled_dot_product_attention(
        q, k, v, is_causal=True
    ),
    "LSTM step 2 x 5 x 8": lstm,
    "softmax loss 64 x 10": lambda s: F.cross_entropy(s, torch.tensor(LABELS)),
}


def timed(check):
    """Seconds of processor time of one run."""
    runs, start = 0, time.process_time()
    while runs == 0 or time.process_time() - start < LEAST:
        check()
        runs += 1
    return (time.process_time() - start) / runs


def checks(forward, backward, inputs, theirs):
    """The four checks of one layer, as their users call them."""
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    return {
        "ours, every entry": lambda: check_layer(forward, backward, *inputs, method="exhaustive"),
        "gradcheck": lambda: torch.autograd.gradcheck(theirs, tensors),
        "ours, directions": lambda: check_layer(forward, backward, *inputs, method="directional"),
        "gradcheck, fast": lambda: torch.autograd.gradcheck(theirs, tensors, fast_mode=True),
    }


def row(label, rounds):
    """How many times as long gradcheck takes, in both modes, and our largest error in eps."""
    forward, backward, *inputs = KINDS[label]
    running = checks(forward, backward, inputs, THEIRS[label])
    report = running["ours, every entry"]()
    assert report.holds, report
    for check in running.values():
        check()  # what a first call imports or compiles is no part of it
    times = {name: [] for name in running}
    for _ in range(rounds):
        for name, check in running.items():
            times[name].append(timed(check))
    for name, measured in times.items():
        if max(measured) > 2 * min(measured):
            print(f"{label}: {name}: unsteady, {min(measured):.2g} to {max(measured):.2g} s")
    middle = {name: median(measured) for name, measured in times.items()}
    every = middle["gradcheck"] / middle["ours, every entry"]
    along = middle["gradcheck, fast"] / middle["ours, directions"]
    return middle, every, along


def main():
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    torch.set_num_threads(1)
    print("| layer | numbers | every entry | gradcheck | directions | gradcheck, fast |")
    print("|---|---|---|---|---|---|")
    for label, (_, _, *inputs) in KINDS.items():
        if args.only in label:
            middle, every, along = row(label, args.rounds)
            numbers = sum(x.size for x in inputs)
            print(
                f"| {label} | {numbers:,} | {middle['ours, every entry'] * 1e3:.2g} ms | "
                f"{every:.0f} x | {middle['ours, directions'] * 1e3:.2g} ms | {along:.2g} x |"
            )


if __name__ == "__main__":
    main()

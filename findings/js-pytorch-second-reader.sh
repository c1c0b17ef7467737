#!/bin/sh
# js-pytorch 0.7.2: numbers that something else reads too send nothing back. If the mean of a hidden layer is computed, to be
# printed or not, and the loss does not use it, backward() stops at that layer, and all weights before it get the gradient 0,
# without a word. Each number waits until all that were computed from it have sent back their share, and what is no part of the
# loss never does. PyTorch counts the readers on the way of the loss only. The tracker was searched: nothing found.
# Seen in November 2026 on Linux, Node.js 20; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts js-pytorch@0.7.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
nobody else: loss 56.0000 gradient by w 8.0000 16.0000 24.0000, truth 8.0000 16.0000 24.0000
a mean that is looked at: loss 56.0000 gradient by w 0.0000 0.0000 0.0000, truth 8.0000 16.0000 24.0000
a sum of squares that the loss does not use: loss 56.0000 gradient by w 0.0000 0.0000 0.0000, truth 8.0000 16.0000 24.0000
SEEN
cat >"$folder/ask.js" <<'ASK'
const { torch } = require("js-pytorch");

const show = (numbers) => numbers.flat(Infinity).map((v) => v.toFixed(4)).join(" ");

const readers = {
  "nobody else": () => {},
  "a mean that is looked at": (hidden) => hidden.mean(-1),
  "a sum of squares that the loss does not use": (hidden) => hidden.pow(2).sum(),
};
for (const [name, read] of Object.entries(readers)) {
  const w = torch.tensor([[1, 2, 3]], true);
  const hidden = w.mul(2);
  read(hidden);
  const loss = hidden.pow(2).sum();
  loss.backward();
  console.log(`${name}: loss ${show([loss.data])} gradient by w ${show(w.grad)}, truth ${show([8, 16, 24])}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

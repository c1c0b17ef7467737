#!/bin/sh
# js-pytorch 0.7.2: the slope of every power is that of the square. x.pow(3) at 3 is 27 and its slope comes as 6, which is 2 x;
# it is 27. Powers that are not whole, or below 1, are not taken at all: pow(0.5) and pow(-1) give x back, without a word, where
# sqrt and div are right. Only the square, which the loss of its examples uses, has value and slope right. Upstream knows:
# eduardoleao052/js-pytorch pull request 42, open since January 2025.
# Seen in November 2026 on Linux, Node.js 20; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts js-pytorch@0.7.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
pow(1): 1.0000 2.0000 3.0000 truth 1.0000 2.0000 3.0000
  slopes 2.0000 4.0000 6.0000 truth 1.0000 1.0000 1.0000
pow(2): 1.0000 4.0000 9.0000 truth 1.0000 4.0000 9.0000
  slopes 2.0000 4.0000 6.0000 truth 2.0000 4.0000 6.0000
pow(3): 1.0000 8.0000 27.0000 truth 1.0000 8.0000 27.0000
  slopes 2.0000 4.0000 6.0000 truth 3.0000 12.0000 27.0000
pow(4): 1.0000 16.0000 81.0000 truth 1.0000 16.0000 81.0000
  slopes 2.0000 4.0000 6.0000 truth 4.0000 32.0000 108.0000
pow(0.5): 1.0000 2.0000 3.0000 truth 1.0000 1.4142 1.7321
  slopes 2.0000 4.0000 6.0000 truth 0.5000 0.3536 0.2887
pow(-1): 1.0000 2.0000 3.0000 truth 1.0000 0.5000 0.3333
  slopes 2.0000 4.0000 6.0000 truth -1.0000 -0.2500 -0.1111
SEEN
cat >"$folder/ask.js" <<'ASK'
const { torch } = require("js-pytorch");

const show = (numbers) => numbers.flat(Infinity).map((v) => v.toFixed(4)).join(" ");

for (const n of [1, 2, 3, 4, 0.5, -1]) {
  const x = torch.tensor([[1, 2, 3]], true);
  const power = x.pow(n);
  power.sum().backward();
  const truth = [1, 2, 3].map((v) => Math.pow(v, n));
  const slopes = [1, 2, 3].map((v) => n * Math.pow(v, n - 1));
  console.log(`pow(${n}):`, show(power.data), "truth", show(truth));
  console.log("  slopes", show(x.grad), "truth", show(slopes));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

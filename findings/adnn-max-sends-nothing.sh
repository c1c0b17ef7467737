#!/bin/sh
# adnn 2.0.10: the derivative of max and min is 0, without a word, for numbers and for tensors. They are listed among the
# lifted functions with those that have one; max(x, 0), which is a relu, lets nothing through, and a weight behind it never
# moves. The slope of max(x, 2x) is 0 on both sides, where it is 1 and 2. A product with a step, or the library's own relu for
# tensors, has its slope.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts adnn@2.0.10 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
max(x, 0) at -1 and 1: 0 for 0, 0 for 1
min(x, 0) at -1 and 1: 0 for 1, 0 for 0
x * step(x) at -1 and 1: 0 for 0, 1 for 1
max(x, 2x) at -1 and 1: 0 for 1, 0 for 2
weight 1 after 100 steps towards max(w, 0) = 3: 1
SEEN
cat >"$folder/ask.js" <<'ASK'
const ad = require("adnn/ad");

const { max, min, pow, sub, mul } = ad.scalar;
const slope = (f, x) => {
  const node = ad.lift(x);
  f(node).backprop();
  return ad.derivative(node);
};
const functions = {
  "max(x, 0)": (x) => max(x, 0),
  "min(x, 0)": (x) => min(x, 0),
  "x * step(x)": (x) => mul(x, ad.value(x) > 0 ? 1 : 0),
  "max(x, 2x)": (x) => max(x, mul(x, 2)),
};
for (const [name, f] of Object.entries(functions)) {
  const line = [-1, 1].map((x) => `${slope(f, x)} for ${((ad.value(f(x + 1e-6)) - ad.value(f(x - 1e-6))) / 2e-6).toFixed(0)}`);
  console.log(`${name} at -1 and 1: ${line.join(", ")}`);
}
let w = 1;
for (let step = 0; step < 100; step++) w -= 0.1 * slope((w) => pow(sub(max(w, 0), 3), 2), w);
console.log(`weight 1 after 100 steps towards max(w, 0) = 3: ${w}`);
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

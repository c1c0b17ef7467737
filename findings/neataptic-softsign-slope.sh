#!/bin/sh
# neataptic 1.4.7: the slope of softsign, x / (1 + |x|), comes as x / (1 + |x|)^2, where the numerator is 1. It is negative
# left of 0, though the function rises everywhere, and 0 at 0, where a network starts and where the slope is 1. Training
# multiplies each error by it. The slope of tanh, and of the others that are smooth, is right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts neataptic@1.4.7 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = -1: slope of softsign -0.250 differences 0.250
x = -0.25: slope of softsign -0.160 differences 0.640
x = 0: slope of softsign 0.000 differences 1.000
x = 0.25: slope of softsign 0.160 differences 0.640
x = 1: slope of softsign 0.250 differences 0.250
x = 0.25: slope of tanh 0.940 differences 0.940
target -0.10, guess before a step -0.500 and after -0.479
SEEN
cat >"$folder/ask.js" <<'ASK'
const { methods, Node } = require("neataptic");

const { SOFTSIGN, TANH } = methods.activation;
const h = 1e-5;
const difference = (f, x) => (f(x + h) - f(x - h)) / (2 * h);
for (const x of [-1, -0.25, 0, 0.25, 1]) {
  const [slope, differences] = [SOFTSIGN(x, true), difference(SOFTSIGN, x)].map((v) => v.toFixed(3));
  console.log(`x = ${x}: slope of softsign ${slope} differences ${differences}`);
}
console.log(`x = 0.25: slope of tanh ${TANH(0.25, true).toFixed(3)} differences ${difference(TANH, 0.25).toFixed(3)}`);

const input = new Node("input");
const output = new Node("output");
input.connect(output, 1);
Object.assign(output, { squash: SOFTSIGN, bias: 0 });
const guess = (x) => (input.activate(x), output.activate());
const before = guess(-1);
output.propagate(0.1, 0, true, before + 0.4);
console.log(`target ${(before + 0.4).toFixed(2)}, guess before a step ${before.toFixed(3)} and after ${guess(-1).toFixed(3)}`);
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

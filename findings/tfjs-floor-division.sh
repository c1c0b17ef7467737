#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of floorDiv is that of a plain division. floor(7.5 / 2) is 3 and stays 3 for a little more
# or less, so that its slopes are 0; the gradient says 0.5 by the numerator and -1.875 by the denominator, as for 7.5 / 2.
# floor(div(a, b)), the same numbers, has 0 for both. A number of whole steps sends back an error that changes nothing. The
# tracker was searched: nothing found.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
floorDiv 3.0000 -4.0000 2.0000: gradient by a 0.5000 0.5000 0.7143, by b -1.8750 1.8750 -1.5306, differences by a 0.0000 0.0000 0.0000
floor(div) 3.0000 -4.0000 2.0000: gradient by a 0.0000 0.0000 0.0000, by b 0.0000 0.0000 0.0000, differences by a 0.0000 0.0000 0.0000
div 3.7500 -3.7500 2.1429: gradient by a 0.5000 0.5000 0.7143, by b -1.8750 1.8750 -1.5306, differences by a 0.5000 0.5000 0.7143
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => (v + 0).toFixed(4)).join(" ");

const a = tf.tensor1d([7.5, -7.5, 3]);
const b = tf.tensor1d([2, 2, 1.4]);
const ways = { floorDiv: (a, b) => tf.floorDiv(a, b), "floor(div)": (a, b) => tf.floor(tf.div(a, b)), div: (a, b) => tf.div(a, b) };
for (const [name, f] of Object.entries(ways)) {
  const [byA, byB] = tf.grads((a, b) => tf.sum(f(a, b)))([a, b]);
  const differences = tf.div(tf.sub(f(tf.add(a, 0.01), b), f(tf.sub(a, 0.01), b)), 0.02);
  console.log(`${name} ${show(f(a, b))}: gradient by a ${show(byA)}, by b ${show(tf.mul(byB, 1))}, differences by a ${show(differences)}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

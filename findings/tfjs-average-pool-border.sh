#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of avgPool with pad "same" is wrong at the border. A window that sticks out averages
# the numbers that it covers, and its gradient is divided by the size of the whole window: of a row of three, pooled two
# at a time, the last output is the last number itself, with slope 1, and the gradient says 0.5. Only pad "valid" is
# right. TensorFlow divides by the numbers covered.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
outputs 1.500 2.500 3.000
gradient of the last output 0.000 0.000 0.500
differences 0.000 0.000 1.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(3)).join(" ");

const x = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
const pool = (t) => tf.avgPool(t, [1, 2], 1, "same");
const last = (t) => tf.sum(tf.slice(pool(t), [0, 0, 2, 0], [1, 1, 1, 1]));
const push = (j) => tf.mul(tf.oneHot(j, 3), 0.5).reshape([1, 1, 3, 1]);
const slopes = [0, 1, 2].map((j) => tf.sub(last(tf.add(x, push(j))), last(tf.sub(x, push(j)))));
console.log("outputs", show(pool(x)));
console.log("gradient of the last output", show(tf.grad(last)(x)));
console.log("differences", show(tf.stack(slopes)));
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

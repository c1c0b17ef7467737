#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of cumsum along any axis but the last comes transposed. For a square matrix nobody
# says so: the gradient of w_jk is at place kj. Here the columns of a 2 by 2 matrix are summed up from the top and
# weighted; the gradient (101, 1010; 100, 1000) comes as (101, 100; 1010, 1000). A matrix of another shape is refused
# with an error about the shapes, and along the last axis all is right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
axis 0: gradient 101.000 100.000 1010.000 1000.000 differences 101.000 1010.000 100.000 1000.000
axis 1: gradient 11.000 10.000 1100.000 1000.000 differences 11.000 10.000 1100.000 1000.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(3)).join(" ");

const x = tf.tensor2d([[1, 2], [3, 4]]);
const weights = tf.tensor2d([[1, 10], [100, 1000]]);
for (const axis of [0, 1]) {
  const sum = (t) => tf.sum(tf.mul(weights, tf.cumsum(t, axis)));
  const push = (j) => tf.mul(tf.oneHot(j, 4), 0.5).reshape([2, 2]);
  const slopes = [0, 1, 2, 3].map((j) => tf.sub(sum(tf.add(x, push(j))), sum(tf.sub(x, push(j)))));
  console.log(`axis ${axis}: gradient`, show(tf.grad(sum)(x)), "differences", show(tf.stack(slopes)));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of mirrorPad is that of a padding with zeros. (1, 2, 3) padded by one on each side,
# with mode "reflect", is (2, 1, 2, 3, 2): the 2 is there three times, and the slope of the sum by it is 3. The gradient
# says 1, for each number and in mode "symmetric" too; what the mirror images send back is lost.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
reflect 2.000 1.000 2.000 3.000 2.000
gradient of the sum 1.000 1.000 1.000 differences 1.000 3.000 1.000
symmetric 1.000 1.000 2.000 3.000 3.000
gradient of the sum 1.000 1.000 1.000 differences 2.000 1.000 2.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(3)).join(" ");

const x = tf.tensor1d([1, 2, 3]);
for (const mode of ["reflect", "symmetric"]) {
  const sum = (t) => tf.sum(tf.mirrorPad(t, [[1, 1]], mode));
  const push = (j) => tf.mul(tf.oneHot(j, 3), 0.5);
  const slopes = [0, 1, 2].map((j) => tf.sub(sum(tf.add(x, push(j))), sum(tf.sub(x, push(j)))));
  console.log(mode, show(tf.mirrorPad(x, [[1, 1]], mode)));
  console.log("gradient of the sum", show(tf.grad(sum)(x)), "differences", show(tf.stack(slopes)));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

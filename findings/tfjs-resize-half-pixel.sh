#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of image.resizeBilinear does not know halfPixelCenters. With it, a row (0, 1) is
# stretched to (0, 0.25, 0.75, 1), and the slopes of the second pixel are 0.75 and 0.25; the gradient says 0.5 and 0.5,
# those of the other grid. resizeNearestNeighbor has the same option, and its gradient ignores it too.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
halfPixelCenters false: pixels 0.000 0.500 1.000 1.000
second pixel: gradient 0.500 0.500 differences 0.500 0.500
halfPixelCenters true: pixels 0.000 0.250 0.750 1.000
second pixel: gradient 0.500 0.500 differences 0.750 0.250
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(3)).join(" ");

const image = (left, right) => tf.tensor4d([left, right, left, right], [1, 2, 2, 1]);
for (const half of [false, true]) {
  const row = (t) => tf.slice(tf.image.resizeBilinear(t, [2, 4], false, half), [0, 0, 0, 0], [1, 1, 4, 1]);
  const second = (t) => tf.sum(tf.slice(row(t), [0, 0, 1, 0], [1, 1, 1, 1]));
  const gradient = tf.slice(tf.grad(second)(image(0, 1)), [0, 0, 0, 0], [1, 1, 2, 1]);
  const slopes = [[1, 0], [0, 1]].map((ends) => tf.sub(second(image(...ends)), second(image(0, 0))));
  console.log(`halfPixelCenters ${half}: pixels`, show(row(image(0, 1))));
  console.log("second pixel: gradient", show(gradient), "differences", show(tf.stack(slopes)));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

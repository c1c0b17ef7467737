#!/bin/sh
# TensorFlow.js 4.22.0: a fused convolution with the activation "leakyrelu" puts out NaN for every negative number, unless
# leakyreluAlpha is given, which is optional. fused.matMul takes 0.2 there, as leakyRelu does, and conv2d and depthwiseConv2d
# have no default: -1 times undefined is NaN. The positive numbers are right, and with leakyreluAlpha: 0.2 all are. No word is
# said. The tracker was searched: tensorflow/tfjs pull request 6455 gave matMul its default in 2022, nothing on these two.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
leakyreluAlpha undefined
  fused.conv2d NaN 2.00 NaN 4.00
  fused.depthwiseConv2d NaN 2.00 NaN 4.00
  fused.matMul -0.20 2.00 -0.60 4.00
  leakyRelu -0.20 2.00 -0.60 4.00
leakyreluAlpha 0.2
  fused.conv2d -0.20 2.00 -0.60 4.00
  fused.depthwiseConv2d -0.20 2.00 -0.60 4.00
  fused.matMul -0.20 2.00 -0.60 4.00
  leakyRelu -0.20 2.00 -0.60 4.00
leakyreluAlpha 0.01
  fused.conv2d -0.01 2.00 -0.03 4.00
  fused.depthwiseConv2d -0.01 2.00 -0.03 4.00
  fused.matMul -0.01 2.00 -0.03 4.00
  leakyRelu -0.01 2.00 -0.03 4.00
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(2)).join(" ");

const x = tf.tensor([-1, 2, -3, 4], [1, 2, 2, 1]);
const filter = tf.ones([1, 1, 1, 1]);
for (const leakyreluAlpha of [undefined, 0.2, 0.01]) {
  const given = leakyreluAlpha === undefined ? {} : { leakyreluAlpha };
  const convolution = { x, filter, strides: 1, pad: "same", activation: "leakyrelu", ...given };
  const product = { a: tf.reshape(x, [4, 1]), b: tf.ones([1, 1]), activation: "leakyrelu", ...given };
  console.log(`leakyreluAlpha ${leakyreluAlpha}`);
  console.log("  fused.conv2d", show(tf.fused.conv2d(convolution)));
  console.log("  fused.depthwiseConv2d", show(tf.fused.depthwiseConv2d(convolution)));
  console.log("  fused.matMul", show(tf.fused.matMul(product)));
  console.log("  leakyRelu", show(tf.leakyRelu(x, leakyreluAlpha)));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# TensorFlow.js 4.22.0: the gradient of losses.softmaxCrossEntropy by the targets is y - a, the one by the weighted inputs
# with its sign flipped. The loss is -sum y ln a, so that it should be -ln a, which differences of the loss and
# TensorFlow answer. It matters where targets are learnt or come from another network, as in distillation.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
by targets: gradient 0.610 -0.045 -0.565 differences 2.408 1.408 0.408
by logits: gradient -0.610 0.045 0.565 differences -0.610 0.045 0.565
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (a) => Array.from(a.dataSync(), (v) => v.toFixed(3)).join(" ");

const targets = tf.tensor2d([[0.7, 0.2, 0.1]]);
const logits = tf.tensor2d([[1, 2, 3]]);
const compare = (loss, at) => {
  const push = (j) => tf.mul(tf.oneHot([j], 3), 0.01);
  const slopes = [0, 1, 2].map((j) => tf.div(tf.sub(loss(tf.add(at, push(j))), loss(tf.sub(at, push(j)))), 0.02));
  return `gradient ${show(tf.grad(loss)(at))} differences ${show(tf.stack(slopes))}`;
};
console.log("by targets:", compare((y) => tf.losses.softmaxCrossEntropy(y, logits), targets));
console.log("by logits:", compare((z) => tf.losses.softmaxCrossEntropy(targets, z), logits));
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

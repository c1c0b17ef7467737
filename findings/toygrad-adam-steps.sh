#!/bin/sh
# toygrad 2.6.0 and ConvNetJS 0.3.0: Adam's steps are too long. While the gradient stays the same each step is the learning rate,
# 0.01 here; toygrad's first is 0.1 and its tenth 0.43. Both multiply the averages by 1 - beta^t, where they should divide by it, to
# make up for a start at 0. ConvNetJS, whose beta2 is 0.99, has the first step right by chance, and the tenth is 0.065.
# That it is wrong in ConvNetJS is known since 2016, the library's open pull request 70.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts toygrad@2.6.0 convnetjs@0.3.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
step 1: toygrad 0.100, ConvNetJS 0.010, Adam 0.010
step 2: toygrad 0.181, ConvNetJS 0.019, Adam 0.010
step 10: toygrad 0.426, ConvNetJS 0.065, Adam 0.010
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const convnetjs = require("convnetjs");

const ADAM = { beta1: 0.9, beta2: 0.999, eps: 1e-8, learningRate: 0.01 };
const w0 = 1;

function adam(gradients) {
  let m = 0, v = 0, w = w0;
  return gradients.map((g, k) => {
    m = ADAM.beta1 * m + (1 - ADAM.beta1) * g;
    v = ADAM.beta2 * v + (1 - ADAM.beta2) * g * g;
    const step = (ADAM.learningRate * m) / (1 - ADAM.beta1 ** (k + 1)) / (Math.sqrt(v / (1 - ADAM.beta2 ** (k + 1))) + ADAM.eps);
    w -= step;
    return step;
  });
}

import("toygrad").then(({ NeuralNetwork, Tensor, Trainers }) => {
  const input = { type: "input" }, one = new Float32Array([1]);
  const layers = [{ ...input, sx: 1, sy: 1, sz: 1 }, { type: "dense", filters: 1 }, { type: "regression" }];
  const network = new NeuralNetwork({ layers });
  const weight = network.getParamsAndGrads()[0].params;
  const trainer = new Trainers.Adam(network, ADAM);
  const net = new convnetjs.Net();
  net.makeLayers([{ ...input, out_sx: 1, out_sy: 1, out_depth: 1 }, { type: "regression", num_neurons: 1 }]);
  const other = net.getParamsAndGrads()[0].params;
  const rival = new convnetjs.Trainer(net, { method: "adam", learning_rate: ADAM.learningRate, batch_size: 1, l2_decay: 0 });
  const right = adam([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  for (let k = 1; k <= 10; k++) {
    const before = weight[0], last = other[0];
    trainer.train(new Tensor(1, 1, 1, one), [network.forward(new Tensor(1, 1, 1, one), false).w[0] - 1]);
    rival.train(new convnetjs.Vol([1]), [net.forward(new convnetjs.Vol([1])).w[0] - 1]);
    if ([1, 2, 10].includes(k))
      console.log(
        `step ${k}: toygrad ${(before - weight[0]).toFixed(3)}, ConvNetJS ${(last - other[0]).toFixed(3)}, Adam ${right[k - 1].toFixed(3)}`,
      );
  }
});
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

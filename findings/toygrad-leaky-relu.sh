#!/bin/sh
# toygrad 2.6.0: the slope of leakyrelu left of 0 is 0. The function is 0.01 x there, which is what it is for: a neuron that is
# negative for every example still learns; here its weights stay where they are, as with relu. Dropout that drops a tenth of the
# neurons scales a prediction by 0.1, and not by the 0.9 that are kept: what the network says is a ninth of what it has learnt.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts toygrad@2.6.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
relu at -2: slope 0.00 differences 0.00
relu at 2: slope 1.00 differences 1.00
leakyrelu at -2: slope 0.00 differences 0.01
leakyrelu at 2: slope 1.00 differences 1.00
sigmoid at -2: slope 0.10 differences 0.10
sigmoid at 2: slope 0.10 differences 0.10
tanh at -2: slope 0.07 differences 0.07
tanh at 2: slope 0.07 differences 0.07
dropout of 0.1: mean in training 0.9, prediction 0.1
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { NeuralNetwork, Tensor } from "toygrad";

const input = (x) => new Tensor(1, 1, 1, new Float32Array([x]));
const h = 1e-2;
for (const type of ["relu", "leakyrelu", "sigmoid", "tanh"])
  for (const x of [-2, 2]) {
    const network = new NeuralNetwork({ layers: [{ type: "input", sx: 1, sy: 1, sz: 1 }, { type }, { type: "regression" }] });
    const value = (at) => network.forward(input(at), false).w[0];
    const difference = (value(x + h) - value(x - h)) / (2 * h);
    const given = input(x);
    const output = network.forward(given, true).w[0];
    network.backward([output - 1]);
    console.log(`${type} at ${x}: slope ${given.dw[0].toFixed(2)} differences ${difference.toFixed(2)}`);
  }
const layers = [{ type: "input", sx: 1, sy: 1, sz: 1 }, { type: "dropout", probability: 0.1 }, { type: "regression" }];
const dropout = new NeuralNetwork({ layers });
let sum = 0;
for (let k = 0; k < 20000; k++) sum += dropout.forward(input(1), true).w[0];
const prediction = dropout.forward(input(1), false).w[0];
console.log(`dropout of 0.1: mean in training ${(sum / 20000).toFixed(1)}, prediction ${prediction.toFixed(1)}`);
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

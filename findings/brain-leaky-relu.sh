#!/bin/sh
# brain.js 1.6.1: leaky-relu is not leaky relu, and its slope is that of another function. A positive number is multiplied by
# alpha, 0.01, and a negative one becomes 0; the backward pass has the slope 1 for the first and alpha for the second, as if it
# were the other way round. The slopes of relu, sigmoid and tanh belong to their functions.
# Known since 2020, the library's issue 560, and mended in its version 2, which is a beta.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts brain.js@1.6.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
leaky-relu of 2: 0.020, slope 1.000 differences 0.010
leaky-relu of -2: 0.000, slope 0.010 differences 0.000
relu of 2: 2.000, slope 1.000 differences 1.000
relu of -2: 0.000, slope 0.000 differences 0.000
sigmoid of 2: 0.881, slope 0.105 differences 0.105
sigmoid of -2: 0.119, slope 0.105 differences 0.105
tanh of 2: 0.964, slope 0.071 differences 0.071
tanh of -2: -0.964, slope 0.071 differences 0.071
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const brain = require("brain.js");

const x = [1], target = [0.5], h = 1e-3;
for (const activation of ["leaky-relu", "relu", "sigmoid", "tanh"])
  for (const z of [2, -2]) {
    const network = new brain.NeuralNetwork({ activation, hiddenLayers: [1] });
    network.train([{ input: x, output: target }], { iterations: 1 });
    network.weights = [undefined, [[1]], [[1]]];
    const hidden = (bias) => {
      network.biases = [undefined, [bias], [3]];
      network.run(x);
      return network.outputs[1][0];
    };
    const difference = (hidden(z - 1 + h) - hidden(z - 1 - h)) / (2 * h);
    const value = hidden(z - 1);
    network.calculateDeltas(target);
    const slope = network.deltas[1][0] / network.errors[1][0];
    console.log(`${activation} of ${z}: ${value.toFixed(3)}, slope ${slope.toFixed(3)} differences ${difference.toFixed(3)}`);
  }
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# dannjs 2.3.13: the error of a hidden layer is that of the layer above times the weights, without the slope of the layer
# above. As long as all slopes are 1 nothing is seen; where the output is that of a leakyReLU below 0, with the slope 0.01,
# the two layers under it move a hundred times as far as they should, and the output's own bias moves right. Each row has how
# far a bias moves for a learning rate of 1, and minus the derivative of half the squared error by differences.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts dannjs@2.3.13 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
output 0.980: layer 1 moves by 0.9000 for 0.9000, layer 2 moves by 1.5000 for 1.5000, layer 3 moves by 1.0000 for 1.0000
output -0.012: layer 1 moves by 0.9000 for 0.0090, layer 2 moves by 1.5000 for 0.0150, layer 3 moves by 0.0100 for 0.0100
SEEN
cat >"$folder/ask.js" <<'ASK'
const { dann: Dann } = require("dannjs");

const step = 1e-6;
for (const bias of [0.2, -2]) {
  const weights = [0.8, 0.6, 1.5];
  const make = (biases) => {
    const net = new Dann(1, 1);
    net.addHiddenLayer(1, "leakyReLU");
    net.addHiddenLayer(1, "leakyReLU");
    net.outputActivation("leakyReLU");
    net.makeWeights();
    weights.forEach((w, i) => (net.weights[i].matrix[0][0] = w));
    biases.forEach((b, i) => (net.biases[i].matrix[0][0] = b));
    return net;
  };
  const biases = [0.3, 0.1, bias];
  const net = make(biases);
  const output = net.feedForward([0.5])[0];
  net.lr = step;
  net.backpropagate([0.5], [output + 1]);
  const cost = (biases) => (make(biases).feedForward([0.5])[0] - output - 1) ** 2 / 2;
  const line = biases.map((b, i) => {
    const used = (net.biases[i].matrix[0][0] - b) / step;
    const moved = (h) => cost(biases.map((v, j) => (i === j ? v + h : v)));
    return `layer ${i + 1} moves by ${used.toFixed(4)} for ${((moved(-step) - moved(step)) / 2 / step).toFixed(4)}`;
  });
  console.log(`output ${output.toFixed(3)}: ${line.join(", ")}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

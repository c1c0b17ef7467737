#!/bin/sh
# dannjs 2.3.13: the slope of an activation function is taken at the neuron's output instead of at its weighted input. The
# slope of the sigmoid is 0.2 to 0.25 that way, however far the neuron is out: 0.201 at an input of 3, where it is 0.045; that
# of tanH is 0.42 for 0.01. A reLU below 0 gives 0, its slope at 0 is 1, and so it passes the whole error on where it should
# pass none. siLU at -3 is pushed the wrong way. Only leakyReLU is right at all three, as its output has the sign of its
# input. Each row has the slope that moves the bias, and what differences of the network's own output give.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts dannjs@2.3.13 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sigmoid at -3, 0.5 and 3: 0.250 for 0.045, 0.227 for 0.235, 0.201 for 0.045
tanH at -3, 0.5 and 3: 0.423 for 0.010, 0.814 for 0.786, 0.423 for 0.010
siLU at -3, 0.5 and 3: 0.429 for -0.088, 0.653 for 0.740, 1.092 for 1.088
softsign at -3, 0.5 and 3: 0.327 for 0.063, 0.563 for 0.444, 0.327 for 0.063
sinc at -3, 0.5 and 3: -0.016 for 0.346, -0.291 for -0.163, -0.016 for -0.346
softplus at -3, 0.5 and 3: 0.512 for 0.047, 0.726 for 0.622, 0.955 for 0.953
reLU at -3, 0.5 and 3: 1.000 for 0.000, 1.000 for 1.000, 1.000 for 1.000
leakyReLU at -3, 0.5 and 3: 0.010 for 0.010, 1.000 for 1.000, 1.000 for 1.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const { dann: Dann } = require("dannjs");

const step = 1e-6;
for (const name of ["sigmoid", "tanH", "siLU", "softsign", "sinc", "softplus", "reLU", "leakyReLU"]) {
  const line = [];
  for (const z of [-3, 0.5, 3]) {
    const net = new Dann(1, 1);
    net.outputActivation(name);
    net.makeWeights();
    net.weights[0].matrix[0][0] = 0;
    net.biases[0].matrix[0][0] = z;
    net.lr = step;
    const output = net.feedForward([0])[0];
    net.backpropagate([0], [output + 1]);
    const used = (net.biases[0].matrix[0][0] - z) / step;
    const at = (bias) => ((net.biases[0].matrix[0][0] = bias), net.feedForward([0])[0]);
    line.push(`${used.toFixed(3)} for ${((at(z + step) - at(z - step)) / 2 / step).toFixed(3)}`);
  }
  console.log(`${name} at -3, 0.5 and 3: ${line.join(", ")}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

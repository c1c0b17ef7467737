#!/bin/sh
# dannjs 2.3.13: setLossFunction changes the loss that is shown and nothing that is learnt. Whatever is chosen, the output is
# moved by the target less the output, 0.6 here: for mae that should be 1, for bce 2.857, for the quantile loss at 0.9 it
# should be 0.9. Even for mse, the default, it is half the slope of what is shown. A network that is trained for a high
# quantile finds the mean.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts dannjs@2.3.13 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
mse: loss 0.360, the output is moved by 0.600, minus its slope 1.200
mae: loss 0.600, the output is moved by 0.600, minus its slope 1.000
mce: loss 0.216, the output is moved by 0.600, minus its slope 1.080
bce: loss 1.119, the output is moved by 0.600, minus its slope 2.857
lcl: loss 0.170, the output is moved by 0.600, minus its slope 0.537
quantile: loss 0.540, the output is moved by 0.600, minus its slope 0.900
SEEN
cat >"$folder/ask.js" <<'ASK'
const { dann: Dann, lossfuncs } = require("dannjs");

for (const name of ["mse", "mae", "mce", "bce", "lcl", "quantile"]) {
  const net = new Dann(1, 1);
  net.outputActivation("leakyReLU");
  net.setLossFunction(name, 0.9);
  net.makeWeights();
  net.weights[0].matrix[0][0] = 0.2;
  net.biases[0].matrix[0][0] = 0.1;
  net.lr = 0.001;
  net.backpropagate([1], [0.9]);
  const moved = (net.biases[0].matrix[0][0] - 0.1) / net.lr;
  const at = (output) => lossfuncs[name]([output], [0.9], 0.9);
  const slope = (at(0.3 + 1e-6) - at(0.3 - 1e-6)) / 2e-6;
  console.log(`${name}: loss ${net.loss.toFixed(3)}, the output is moved by ${moved.toFixed(3)}, minus its slope ${(-slope).toFixed(3)}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

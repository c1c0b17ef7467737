#!/bin/sh
# ml-fnn 5.0.0: whatever activation is asked for, the network has tanh, and nothing is said. The name is looked for among the
# numbers of the list of names, not among the names, and what is not found there is replaced by the default. A network with
# relu has negative activations in its hidden layer, and one with each of the names that are documented is trained to the
# same weights. A regularization of 0 becomes 0.01 too.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts ml-fnn@5.0.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
tanh: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
identity: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
logistic: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
relu: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
softplus: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
sinusoid: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
gaussian: layer has tanh, hidden -0.305 -0.440 -0.603, regularization 0.01
SEEN
cat >"$folder/ask.js" <<'ASK'
const Network = require("ml-fnn");

const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
const y = [0, 1, 1, 0];
for (const activation of ["tanh", "identity", "logistic", "relu", "softplus", "sinusoid", "gaussian"]) {
  let seed = 1;
  Math.random = () => (seed = (16807 * seed) % 2147483647) / 2147483647;
  const network = new Network({ activation, hiddenLayers: [3], iterations: 20, learningRate: 0.1, regularization: 0 });
  network.train(x, y);
  network.predict([[-1, -1]]);
  const { layers, regularization } = network.toJSON();
  const hidden = network.model[0].a.to1DArray().map((v) => v.toFixed(3));
  console.log(`${activation}: layer has ${layers[0].activation}, hidden ${hidden.join(" ")}, regularization ${regularization}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

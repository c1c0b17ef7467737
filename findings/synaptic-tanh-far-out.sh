#!/bin/sh
# synaptic 1.1.4: a network of tanh neurons answers NaN where what reaches a neuron is beyond 710 either way, where tanh is 1
# or -1. From its first use a network runs code that it writes for itself, in which tanh is (e^x - e^-x) / (e^x + e^-x),
# infinity over infinity there; with setOptimize(false) the neurons ask Math.tanh and are right. One row not scaled, as a
# price in dollars, and a step of training on it makes the weight NaN for good.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts synaptic@1.1.4 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 1: network 0.7616, neuron by neuron 0.7616, weight after a step 0.9738
x = 700: network 1.0000, neuron by neuron 1.0000, weight after a step -34.0000
x = 709: network 1.0000, neuron by neuron 1.0000, weight after a step -34.4500
x = 710: network NaN, neuron by neuron 1.0000, weight after a step NaN
x = 1000: network NaN, neuron by neuron 1.0000, weight after a step NaN
x = -709: network -1.0000, neuron by neuron -1.0000, weight after a step -105.3500
x = -710: network NaN, neuron by neuron -1.0000, weight after a step NaN
SEEN
cat >"$folder/ask.js" <<'ASK'
const { Layer, Network, Neuron } = require("synaptic");

for (const x of [1, 700, 709, 710, 1000, -709, -710]) {
  const line = [];
  let weight;
  for (const optimized of [true, false]) {
    const [input, output] = [new Layer(1), new Layer(1)];
    const [connection] = input.project(output).list;
    Object.assign(output.list[0], { squash: Neuron.squash.TANH, bias: 0 });
    connection.weight = 1;
    const network = new Network({ input, hidden: [], output });
    network.setOptimize(optimized);
    line.push(network.activate([x])[0].toFixed(4));
    if (optimized) {
      network.propagate(0.1, [0.5]);
      network.restore();
      weight = connection.weight.toFixed(4);
    }
  }
  console.log(`x = ${x}: network ${line[0]}, neuron by neuron ${line[1]}, weight after a step ${weight}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

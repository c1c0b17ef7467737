#!/bin/sh
# ConvNetJS 0.3.0: the backward pass of local response normalisation is wrong. An output depends on its neighbours through the
# common denominator, so that its derivative by a neighbour has the product of both; the square of the neighbour stands
# there. Only the derivative by the number itself is right, and where all numbers are equal nobody sees it. RegressionLayer
# says a loss of 2 d^2 and sends back d, a quarter of its slope. The layers for pooling, maxout and softmax are right.
# That the normalisation is wrong is known since 2016, the library's open pull request 69.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts convnetjs@0.3.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
normalisation of 1,2,3: gradient 0.389 -0.359 0.000 differences 0.389 -0.180 0.000
normalisation of 1,1,1: gradient 0.477 -0.205 0.000 differences 0.477 -0.205 0.000
normalisation of 1,-1,1: gradient 0.477 -0.205 0.000 differences 0.477 0.205 0.000
maxout of 1,2: gradient 0.000 1.000 differences 0.000 1.000
regression of 1,2,3 to 0: loss 28 gradient 1.000 2.000 3.000 differences 4.000 8.000 12.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const { Vol, LocalResponseNormalizationLayer, RegressionLayer, MaxoutLayer } = require("convnetjs");

const show = (numbers) => Array.from(numbers, (v) => v.toFixed(3)).join(" ");
const h = 1e-5;
const differences = (f, x) =>
  x.map((_, j) => (f(x.map((v, i) => (i === j ? v + h : v))) - f(x.map((v, i) => (i === j ? v - h : v)))) / (2 * h));

function first(layer, x) {
  const input = new Vol(x);
  const output = layer.forward(input);
  output.dw[0] = 1;
  layer.backward();
  const slopes = differences((numbers) => layer.forward(new Vol(numbers)).w[0], x);
  return `gradient ${show(input.dw)} differences ${show(slopes)}`;
}

const shape = { in_sx: 1, in_sy: 1, in_depth: 3 };
const normalisation = new LocalResponseNormalizationLayer({ ...shape, k: 1, n: 3, alpha: 1, beta: 0.75 });
for (const x of [[1, 2, 3], [1, 1, 1], [1, -1, 1]]) console.log(`normalisation of ${x}: ${first(normalisation, x)}`);
console.log(`maxout of 1,2: ${first(new MaxoutLayer({ ...shape, in_depth: 2, group_size: 2 }), [1, 2])}`);

const regression = new RegressionLayer(shape);
const loss = (x) => (regression.forward(new Vol(x)), regression.backward([0, 0, 0]));
const input = new Vol([1, 2, 3]);
regression.forward(input);
regression.backward([0, 0, 0]);
const slopes = differences(loss, [1, 2, 3]);
console.log(`regression of 1,2,3 to 0: loss ${loss([1, 2, 3])} gradient ${show(input.dw)} differences ${show(slopes)}`);
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

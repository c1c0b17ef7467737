#!/bin/sh
# oya-ann 0.6.0 on mathjs 9.5.2: the derivative of exp(g) is g' g, where it is g' exp(g). So exp(x) at 0.5 has the slope 0.5,
# and exp(-x) rises. A logistic layer is written with exp, and the gradient by its weights has the wrong sign here, -0.255 for
# 0.161, so that each step of training takes them the wrong way, while the layer after it is right, and a network without a
# logistic layer too. A comment in the source has the right formula, and the gradient that the network writes out as text
# comes from mathjs and is right.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts oya-ann@0.6.0 mathjs@9.5.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exp(x) at 0.5: slope 0.500, differences 1.649
exp(-x) at 0.5: slope 0.500, differences -0.607
exp(3*x) at 0.5: slope 4.500, differences 13.445
sin(3*x) at 0.5: slope 0.212, differences 0.212
identity: w0b0 0.756 for 0.756, w0r0c0 0.315 for 0.315, w1b0 0.630 for 0.630, w1r0c0 0.252 for 0.252
logistic: w0b0 -0.255 for 0.161, w0r0c0 -0.128 for 0.080, w1b0 0.615 for 0.615, w1r0c0 0.418 for 0.418
SEEN
cat >"$folder/ask.js" <<'ASK'
const { Equations, Layer, Sequential } = require("oya-ann");

for (const [name, f] of [["exp(x)", Math.exp], ["exp(-x)", (x) => Math.exp(-x)], ["exp(3*x)", (x) => Math.exp(3 * x)], ["sin(3*x)", (x) => Math.sin(3 * x)]]) {
  const equations = new Equations();
  equations.define("f", name);
  equations.derivative("f", "x");
  const slope = equations.compile()({ x: 0.5 }).f_dx;
  console.log(`${name} at 0.5: slope ${slope.toFixed(3)}, differences ${((f(0.5 + 1e-6) - f(0.5 - 1e-6)) / 2e-6).toFixed(3)}`);
}

const make = (activation, moved = {}) => {
  const network = new Sequential(1, [new Layer(1, { id: 0, activation }), new Layer(1, { id: 1 })]);
  network.initialize({ w0b0: 0.4, w0r0c0: 0.7, w1b0: 0.1, w1r0c0: 1.2, ...moved });
  network.compile();
  network.activate([0.5], [0.3]);
  return network;
};
for (const activation of ["identity", "logistic"]) {
  const network = make(activation);
  const gradient = network.costGradient();
  const line = Object.keys(gradient).map((key) => {
    const [above, below] = [1e-6, -1e-6].map((h) => make(activation, { [key]: network.weights[key] + h }).cost());
    return `${key} ${gradient[key].toFixed(3)} for ${((above - below) / 2e-6).toFixed(3)}`;
  });
  console.log(`${activation}: ${line.join(", ")}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

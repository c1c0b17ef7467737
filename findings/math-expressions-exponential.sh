#!/bin/sh
# math-expressions 1.8.1: the derivative of exp(x) is 0, without a word. exp stands in no table of derivatives, and what
# stands in none counts as a constant: of exp(x) + x it is 1, and that of the sigmoid 1 / (1 + exp(-x)) is 0. Values of exp
# are right, and so is the derivative if the same function is written e^x. An exercise that is marked by it rejects exp(x).
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts math-expressions@1.8.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exp(x) -> 0 at 0.5: 0.000 differences 1.649
e^x -> e^x at 0.5: 1.649 differences 1.649
exp(x) + x -> 1 at 0.5: 1.000 differences 2.649
x exp(x) -> exp x at 0.5: 1.649 differences 2.473
1/(1+exp(-x)) -> 0/(1 + exp (-x))^2 at 0.5: 0.000 differences 0.235
1/(1+e^(-x)) -> -(e^-x (-1))/(1 + e^-x)^2 at 0.5: 0.235 differences 0.235
SEEN
cat >"$folder/ask.js" <<'ASK'
const MathExpression = require("math-expressions");

const h = 1e-5;
for (const f of ["exp(x)", "e^x", "exp(x) + x", "x exp(x)", "1/(1+exp(-x))", "1/(1+e^(-x))"]) {
  const expression = MathExpression.fromText(f);
  const at = (x) => expression.evaluate({ x });
  const slope = expression.derivative("x");
  const difference = (at(0.5 + h) - at(0.5 - h)) / (2 * h);
  const value = slope.evaluate({ x: 0.5 }) + 0;
  console.log(`${f} -> ${slope} at 0.5: ${value.toFixed(3)} differences ${difference.toFixed(3)}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Math.js 15.2.0: the derivative of (x^2)^0.5, the size of x, at -3 is 1, and it is -1: derivative simplifies the function
# first, and simplify makes x of (x^2)^0.5, which is -3 there for 3. (x^4)^0.25, (x^2)^(3/2) and ((x - y)^2)^0.5, a distance,
# become x, x^3 and x - y, with the wrong sign on half of all points; rationalize does the same. sqrt(x^2) is left as it is and
# right, and so are all of them with simplify.realContext, which is not the default. Upstream knows it, open since 2024:
# josdejong/mathjs issue 3329.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathjs@15.2.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(x^2)^0.5 at x = -3, y = 1: 3.0000; simplify x = -3.0000, in realContext (x ^ 2) ^ (1 / 2) = 3.0000, rationalize x = -3.0000; derivative 1.0000, differences -1.0000
(x^2)^(1/2) at x = -3, y = 1: 3.0000; simplify x = -3.0000, in realContext (x ^ 2) ^ (1 / 2) = 3.0000, rationalize x = -3.0000; derivative 1.0000, differences -1.0000
(x^4)^0.25 at x = -3, y = 1: 3.0000; simplify x = -3.0000, in realContext (x ^ 4) ^ (1 / 4) = 3.0000, rationalize x = -3.0000; derivative 1.0000, differences -1.0000
(x^2)^(3/2) at x = -3, y = 1: 27.0000; simplify x ^ 3 = -27.0000, in realContext (x ^ 2) ^ (3 / 2) = 27.0000, rationalize x ^ 3 = -27.0000; derivative 27.0000, differences -27.0000
((x - y)^2)^0.5 at x = -3, y = 1: 4.0000; simplify x - y = -4.0000, in realContext ((x - y) ^ 2) ^ (1 / 2) = 4.0000, rationalize x - y = -4.0000; derivative 1.0000, differences -1.0000
sqrt(x^2) at x = -3, y = 1: 3.0000; simplify sqrt(x ^ 2) = 3.0000, in realContext sqrt(x ^ 2) = 3.0000; derivative -1.0000, differences -1.0000
(x^2)^3 at x = -3, y = 1: 729.0000; simplify x ^ 6 = 729.0000, in realContext (x ^ 2) ^ 3 = 729.0000, rationalize x ^ 6 = 729.0000; derivative -1458.0000, differences -1458.0000
SEEN
cat >"$folder/ask.js" <<'ASK'
const math = require("mathjs");

const show = (number) => math.format(number, { precision: 4, notation: "fixed" });
const scope = { x: -3, y: 1 };

for (const f of ["(x^2)^0.5", "(x^2)^(1/2)", "(x^4)^0.25", "(x^2)^(3/2)", "((x - y)^2)^0.5", "sqrt(x^2)", "(x^2)^3"]) {
  const simple = { simplify: math.simplify(f), "in realContext": math.simplify(f, {}, { context: math.simplify.realContext }), rationalize: null };
  try {
    simple.rationalize = math.rationalize(f);
  } catch (error) {
    delete simple.rationalize;
  }
  const told = Object.entries(simple).map(([name, g]) => `${name} ${g} = ${show(g.evaluate(scope))}`);
  const step = 1e-5;
  const differences = (math.evaluate(f, { ...scope, x: scope.x + step }) - math.evaluate(f, { ...scope, x: scope.x - step })) / (2 * step);
  const slope = math.derivative(f, "x").evaluate(scope);
  console.log(`${f} at x = -3, y = 1: ${show(math.evaluate(f, scope))}; ${told.join(", ")}; derivative ${show(slope)}, differences ${show(differences)}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

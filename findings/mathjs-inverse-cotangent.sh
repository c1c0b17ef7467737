#!/bin/sh
# math.js 15.2.0: the derivative of acoth(x) has the wrong sign: 1 / (x^2 - 1), where it is 1 / (1 - x^2), for acoth falls
# wherever it is defined. That of cbrt(x), the real cube root, is x^(-2/3) / 3, a power that math.js takes for a complex
# number where x is negative, while cbrt itself is real there and rises with the slope 0.21 at -2. The derivatives of
# atanh and of acot, its neighbours, are right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathjs@15.2.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
acoth(x) -> -(1 / (1 - x ^ 2)) at 2: 0.333 differences -0.333
cbrt(x) -> x ^ (-2 / 3) / 3 at -2: -0.105 - 0.182i differences 0.210
atanh(x) -> 1 / (1 - x ^ 2) at 0.5: 1.333 differences 1.333
acot(x) -> -(1 / (x ^ 2 + 1)) at 2: -0.200 differences -0.200
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { derivative, evaluate, format } from "mathjs";

const h = 1e-5;
for (const [f, x] of [["acoth(x)", 2], ["cbrt(x)", -2], ["atanh(x)", 0.5], ["acot(x)", 2]]) {
  const slope = derivative(f, "x");
  const difference = (evaluate(f, { x: x + h }) - evaluate(f, { x: x - h })) / (2 * h);
  const shown = (v) => format(v, { notation: "fixed", precision: 3 });
  console.log(f, "->", slope.toString(), `at ${x}:`, shown(slope.evaluate({ x })), "differences", shown(difference));
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

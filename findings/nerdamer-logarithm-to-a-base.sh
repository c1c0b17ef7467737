#!/bin/sh
# nerdamer-prime 1.5.0: the derivative forgets the base of a logarithm. log(x, 2) is the logarithm to base 2, and
# log(8, 2) comes as 3; its derivative comes as 1 / x, without the factor 1 / ln 2, 1.443, and that of log(2, x), whose
# base is the variable, as 0. Nothing is said. log(x) / log(2), written out, is differentiated right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts nerdamer-prime@1.5.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
log(8, 2) = 3.000
log(x,2) -> x^(-1) at 3: 0.333 differences 0.481
log(2,x) -> 0 at 3: 0.000 differences -0.191
log(x)/log(2) -> log(2)^(-1)*x^(-1) at 3: 0.481 differences 0.481
SEEN
cat >"$folder/ask.js" <<'ASK'
const nerdamer = require("nerdamer-prime/all");

const at = (f, x) => Number(nerdamer(f, { x }).evaluate().text("decimals"));
const h = 1e-4;
console.log("log(8, 2) =", at("log(8, 2)", 0).toFixed(3));
for (const f of ["log(x,2)", "log(2,x)", "log(x)/log(2)"]) {
  const slope = nerdamer(`diff(${f}, x)`).toString();
  const difference = (at(f, 3 + h) - at(f, 3 - h)) / (2 * h);
  console.log(f, "->", slope, "at 3:", at(slope, 3).toFixed(3), "differences", difference.toFixed(3));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

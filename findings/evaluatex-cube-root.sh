#!/bin/sh
# evaluatex 2.2.0: the cube root \sqrt[3]{8} is 13.9, the square root of 3 times 8; it is 2. \sin 2x at 3 is the sine of 2, times
# 3, where TeX's readers take sin 6, log(8, 2) drops the base, and \tanh x and \log{x} are NaN without an error, where tanh x and
# log x are numbers. \frac{1}{2}x and powers are read as they are meant.
# That the index of a root is wrong is known since 2024, the library's open issue 25.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts evaluatex@2.2.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\sqrt[3]{8}: 13.8564
\sqrt{8}: 2.8284
\sin 2x: 2.7279
\sin{2x}: -0.2794
\tanh x: NaN
tanh x: 0.9951
\log{x}: NaN
log x: 1.0986
log(8, 2): 2.0794
\frac{1}{2}x: 1.5
2^{-x}: 0.125
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const evaluatex = require("evaluatex");
const evaluate = evaluatex.default ?? evaluatex;

const asked = [
  "\\sqrt[3]{8}", "\\sqrt{8}", "\\sin 2x", "\\sin{2x}", "\\tanh x", "tanh x", "\\log{x}", "log x",
  "log(8, 2)", "\\frac{1}{2}x", "2^{-x}",
];
for (const text of asked)
  console.log(`${text}: ${Number(evaluate(text, { x: 3 }, { latex: text.includes("\\") })().toFixed(4))}`);
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

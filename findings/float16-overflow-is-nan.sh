#!/bin/sh
# float16 0.0.1: what is beyond the range of half precision becomes nan, or a small number of the other sign. 70000, which is
# infinite in IEEE 754, comes back as nan, 1,000,000 as -0.000233 and 1e9 as -0.233, so that a loss scale that is lowered when a
# gradient is infinite never is, and a gradient of a billion is a step the other way. Ties are rounded up, not to even: 2049
# comes as 2050, and so do a quarter of all halfway points and their neighbours. @petamoriken/float16 3.9.3 has all of it right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts float16@0.0.1 @petamoriken/float16@3.9.3 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1.5: 1.5, in IEEE 754 1.5
2049: 2050, in IEEE 754 2048
2051: 2052, in IEEE 754 2052
65504: 65504, in IEEE 754 65504
65520: Infinity, in IEEE 754 Infinity
70000: NaN, in IEEE 754 Infinity
100000: NaN, in IEEE 754 Infinity
1000000: -0.000232816, in IEEE 754 Infinity
-1000000: 0.000232816, in IEEE 754 -Infinity
1000000000: -0.232788, in IEEE 754 Infinity
3e+38: 0, in IEEE 754 Infinity
Infinity: Infinity, in IEEE 754 Infinity
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const { byteToFloat16, float16ToByte } = require("float16");
const { f16round } = require("@petamoriken/float16");

for (const x of [1.5, 2049, 2051, 65504, 65520, 70000, 1e5, 1e6, -1e6, 1e9, 3e38, Infinity])
  console.log(`${x}: ${Number(byteToFloat16(float16ToByte(x)).toPrecision(6))}, in IEEE 754 ${f16round(x)}`);
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

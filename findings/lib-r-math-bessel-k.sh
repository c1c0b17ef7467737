#!/bin/sh
# lib-r-math.js 2.0.3: BesselK is BesselI. The modified Bessel function of the second kind falls from infinity to 0, K0(1) =
# 0.421; BesselK(1, 0) answers 1.266, the I0(1) of the first kind, which grows, and so for every x and order that was asked,
# scaled or not. K is compared here with its integral over exp(-x cosh t) cosh(nu t). BesselI, BesselJ and besselY are right.
# The tracker was searched: nothing found.
# Seen in November 2026 on Linux, Node.js 20; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts lib-r-math.js@2.0.3 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x 0.5, order 0: BesselK 1.06348, BesselI 1.06348, K by its integral 0.92442
x 1, order 0: BesselK 1.26607, BesselI 1.26607, K by its integral 0.42102
x 2, order 1: BesselK 1.59064, BesselI 1.59064, K by its integral 0.13987
x 5, order 2.5: BesselK 13.76688, BesselI 13.76688, K by its integral 0.00650
J1 Y0 - J0 Y1 at 2, which is 1 / pi: 0.31831 (0.31831)
I0 K1 + I1 K0 at 2, which is 1 / 2: 7.25198
SEEN
cat >"$folder/ask.js" <<'ASK'
const { BesselI, BesselJ, BesselK, besselY } = require("lib-r-math.js");

const k = (x, nu) => {
  const step = 1e-4;
  let sum = 0.5 * Math.exp(-x);
  for (let t = step; t < 12; t += step) sum += Math.exp(-x * Math.cosh(t)) * Math.cosh(nu * t);
  return sum * step;
};

for (const [x, nu] of [[0.5, 0], [1, 0], [2, 1], [5, 2.5]]) {
  console.log(`x ${x}, order ${nu}: BesselK ${BesselK(x, nu).toFixed(5)}, BesselI ${BesselI(x, nu).toFixed(5)}, K by its integral ${k(x, nu).toFixed(5)}`);
}
const product = (x) => BesselJ(x, 1) * besselY(x, 0) - BesselJ(x, 0) * besselY(x, 1);
console.log(`J1 Y0 - J0 Y1 at 2, which is 1 / pi: ${product(2).toFixed(5)} (${(1 / Math.PI).toFixed(5)})`);
const products = (x) => BesselI(x, 0) * BesselK(x, 1) + BesselI(x, 1) * BesselK(x, 0);
console.log(`I0 K1 + I1 K0 at 2, which is 1 / 2: ${products(2).toFixed(5)}`);
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

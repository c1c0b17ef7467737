#!/bin/sh
# bessel 1.0.2: the modified Bessel function of even order is even, and besseli is not: I0(-11.06) comes as 6364, and I0(11.06)
# as 7718, which is right. Below -3.75 it takes the expansion for small numbers. For high orders it is wrong to the right too:
# I3(100) is 20 % and I5(100) 2.8 % too small, since the recurrence starts high enough for small x only. Compared here with the
# power series of x^2, whose terms are all positive. Spreadsheets that are computed with SheetJS take BESSELI from it. Upstream
# knows the negative numbers, SheetJS/bessel issue 5, open since 2024; for the others the tracker was searched and nothing
# found.
# Seen in November 2026 on Linux, Node.js 20; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts bessel@1.0.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
I0(2) 2.280, by the series 2.280
I0(-2) 2.280, by the series 2.280
I0(11.06) 7717.637, by the series 7717.637
I0(-11.06) 6363.660, by the series 7717.637
I0 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -92.42 %, -1.77 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %
I1 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -88.26 %, -0.85 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %
I2 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -92.42 %, -1.77 %, 0.00 %, 0.00 %, 0.00 %, 0.06 %, 0.39 %, 0.64 %
I3 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -92.42 %, -1.77 %, 0.00 %, 0.00 %, 0.00 %, -0.15 %, -5.06 %, -20.04 %
I5 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -92.42 %, -1.77 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, -0.17 %, -2.79 %
I10 at -20, -8, -2, 2, 8, 30, 60, 100 is off by -92.42 %, -1.77 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.00 %, 0.01 %
SEEN
cat >"$folder/ask.js" <<'ASK'
const { besseli } = require("bessel");

const series = (x, n) => {
  let term = 1;
  for (let k = 1; k <= n; k++) term *= x / 2 / k;
  let sum = 0;
  for (let k = 0; k < 400; k++) {
    sum += term;
    term *= (x * x) / 4 / ((k + 1) * (k + 1 + n));
  }
  return sum;
};
const off = (x, n) => `${(100 * (besseli(x, n) / series(x, n) - 1)).toFixed(2).replace("-0.00", "0.00")} %`;

for (const x of [2, -2, 11.06, -11.06]) console.log(`I0(${x}) ${besseli(x, 0).toFixed(3)}, by the series ${series(x, 0).toFixed(3)}`);
const numbers = [-20, -8, -2, 2, 8, 30, 60, 100];
for (const n of [0, 1, 2, 3, 5, 10]) console.log(`I${n} at ${numbers.join(", ")} is off by`, numbers.map((x) => off(x, n)).join(", "));
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

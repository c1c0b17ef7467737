#!/bin/sh
# ndarray-gradient 1.0.1: the gradient of an array has the wrong sign. Of (0, 1, 4, 9, 16), the squares, whose slopes inside are
# 2, 4 and 6, it is -2, -4 and -6, what is before less what comes after; so it is along both axes of a table, and with each
# boundary condition. The library's tests and its example have it so too. At the border it is half of the difference.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts ndarray-gradient@1.0.1 ndarray@1.1.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
squares, clamp: -0.5 -2 -4 -6 -3.5
squares, mirror: 0 -2 -4 -6 0
squares, wrap: 7.5 -2 -4 -6 4.5
10 i + j at its middle: by i -10, by j -1
differences: by i 10, by j 1
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const gradient = require("ndarray-gradient");
const ndarray = require("ndarray");

const squares = ndarray(new Float64Array([0, 1, 4, 9, 16]));
for (const border of ["clamp", "mirror", "wrap"])
  console.log(`squares, ${border}:`, gradient(ndarray(new Float64Array(5), [5, 1]), squares, border).data.join(" "));
const plane = ndarray(new Float64Array([0, 1, 2, 10, 11, 12, 20, 21, 22]), [3, 3]);
const slopes = gradient(ndarray(new Float64Array(18), [3, 3, 2]), plane);
console.log(`10 i + j at its middle: by i ${slopes.get(1, 1, 0)}, by j ${slopes.get(1, 1, 1)}`);
const rise = (plane.get(2, 1) - plane.get(0, 1)) / 2, across = (plane.get(1, 2) - plane.get(1, 0)) / 2;
console.log(`differences: by i ${rise}, by j ${across}`);
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

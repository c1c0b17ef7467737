#!/bin/sh
# @stdlib/math 0.4.1: the cosine of 224707328 in single precision is 10651. From 30 million to 400 million the sine, cosine
# and tangent of many numbers are wrong, and beyond 1; below and above, and in double precision, they are right. The number of
# quarter turns that is taken off is rounded to single precision, which beyond 2^24 has no room for odd ones, so that more
# than a quarter turn is left, for which the polynomial of the cosine was not made.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @stdlib/math@0.4.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
cosine of 1000000 is 0.9368 in single precision and 0.9368 in double
cosine of 30000000 is -0.2654 in single precision and -0.2654 in double
cosine of 100000000 is -0.3633 in single precision and -0.3634 in double
cosine of 112353664 is 19.9867 in single precision and 1.0000 in double
cosine of 224707328 is 10651.6904 in single precision and 1.0000 in double
cosine of 347261536 is 10655.7461 in single precision and 1.0000 in double
cosine of 1000000000 is 0.8379 in single precision and 0.8379 in double
tangent of 1e8 is 80.883 and -2.564
of 1000 angles from 2^27 to 2^28 708 have sine or cosine off by more than 0.001
SEEN
cat >"$folder/ask.js" <<'ASK'
const { cosf, sinf, tanf, cos } = require("@stdlib/math/base").special;

for (const x of [1e6, 3e7, 1e8, 112353664, 224707328, 347261536, 1e9]) {
  const angle = Math.fround(x);
  console.log("cosine of", angle, "is", cosf(angle).toFixed(4), "in single precision and", cos(angle).toFixed(4), "in double");
}
console.log("tangent of 1e8 is", tanf(1e8).toFixed(3), "and", Math.tan(1e8).toFixed(3));
let wrong = 0;
for (let i = 0; i < 1000; i++) {
  const x = Math.fround(2 ** 27 * (1 + i / 1000));
  if (Math.abs(cosf(x) - Math.cos(x)) > 0.001 || Math.abs(sinf(x) - Math.sin(x)) > 0.001) wrong += 1;
}
console.log("of 1000 angles from 2^27 to 2^28", wrong, "have sine or cosine off by more than 0.001");
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

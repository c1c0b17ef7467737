#!/bin/sh
# @stdlib/math 0.4.1: the arc cosine of -0.5 in single precision is 2.0906, and it is 2.0944, two thirds of pi: all but three
# digits are lost, at this one number. acosdf, in degrees, answers 119.78 for 120, and asecf and asecdf of -2 the same. A
# number next to it on either side, and acos in double precision, are right. The branches are for less than a half and less
# than minus a half, and -0.5 itself goes to the one for more than a half.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @stdlib/math@0.4.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
arc cosine of -0.50000 is 2.0906 in single precision and 2.0944 in double
arc cosine of -0.50001 is 2.0944 in single precision and 2.0944 in double
arc cosine of -0.49999 is 2.0944 in single precision and 2.0944 in double
arc cosine of 0.50000 is 1.0472 in single precision and 1.0472 in double
degrees of -0.5: 119.78 and arc secant of -2: 2.0906
SEEN
cat >"$folder/ask.js" <<'ASK'
const { acosf, acosdf, asecf, acos } = require("@stdlib/math/base").special;

for (const x of [-0.5, Math.fround(-0.50001), Math.fround(-0.49999), 0.5]) {
  console.log("arc cosine of", x.toFixed(5), "is", acosf(x).toFixed(4), "in single precision and", acos(x).toFixed(4), "in double");
}
console.log("degrees of -0.5:", acosdf(-0.5).toFixed(2), "and arc secant of -2:", asecf(-2).toFixed(4));
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

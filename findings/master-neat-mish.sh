#!/bin/sh
# master-neat 1.0.11: the slope of mish, x tanh(log(1 + e^x)), comes as 3.75 at 0, where it is 0.6, and grows without end: 91
# at 2.1, where it is about 1 from there on. The denominator lacks a part, so that what should be near 1 grows as e^2x; the
# denominator of the paper, squared, would be right. The slope of soft clipping, 2 tanh(x / 2), is that of tanh taken from the
# doubled value: it is negative beyond 1.1, though the function rises everywhere. Training multiplies each error by these.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts master-neat@1.0.11 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
MISH at -2: slope -0.4404 differences -0.1084
MISH at -0.5: slope 1.4384 differences 0.2895
MISH at 0: slope 3.7500 differences 0.6000
MISH at 0.5: slope 8.1181 differences 0.8864
MISH at 2: slope 77.4084 differences 1.0693
MISH at 5: slope 22344.1582 differences 1.0008
SOFT_CLIPPING at -2: slope -1.3201 differences 0.4200
SOFT_CLIPPING at -0.5: slope 0.7601 differences 0.9400
SOFT_CLIPPING at 0: slope 1.0000 differences 1.0000
SOFT_CLIPPING at 0.5: slope 0.7601 differences 0.9400
SOFT_CLIPPING at 2: slope -1.3201 differences 0.4200
SOFT_CLIPPING at 5: slope -2.8936 differences 0.0266
SOFTPLUS at -2: slope 0.1192 differences 0.1192
SOFTPLUS at -0.5: slope 0.3775 differences 0.3775
SOFTPLUS at 0: slope 0.5000 differences 0.5000
SOFTPLUS at 0.5: slope 0.6225 differences 0.6225
SOFTPLUS at 2: slope 0.8808 differences 0.8808
SOFTPLUS at 5: slope 0.9933 differences 0.9933
TANH at -2: slope 0.0707 differences 0.0707
TANH at -0.5: slope 0.7864 differences 0.7864
TANH at 0: slope 1.0000 differences 1.0000
TANH at 0.5: slope 0.7864 differences 0.7864
TANH at 2: slope 0.0707 differences 0.0707
TANH at 5: slope 0.0002 differences 0.0002
SEEN
cat >"$folder/ask.js" <<'ASK'
const { methods } = require("master-neat");

const h = 1e-5;
for (const name of ["MISH", "SOFT_CLIPPING", "SOFTPLUS", "TANH"]) {
  const f = methods.activation[name];
  for (const x of [-2, -0.5, 0, 0.5, 2, 5]) {
    const [slope, differences] = [f(x, true), (f(x + h) - f(x - h)) / (2 * h)].map((v) => v.toFixed(4));
    console.log(`${name} at ${x}: slope ${slope} differences ${differences}`);
  }
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Algebrite 1.4.0: simplify makes |y| of 1 / root(y^2), which is 1 / |y|. At 0.5 that is 0.5 for 2. x root(1 / x^2), the sign of
# x, becomes x |x|. x / root(x^2 y^2) is left as it is, and root(x^2) = |x|, 1 / |x| and 1 / root(y) are right, and so is the
# expression before it is simplified. Upstream knows it, open since 2020: davidedc/Algebrite issue 108.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts algebrite@1.4.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1/((y^2)^(1/2)) at x = -0.5, y = 0.25: simplify abs(y) = 0.2500, truth 4.0000
x*sqrt(1/x^2) at x = -0.5, y = 0.25: simplify x*abs(x) = -0.2500, truth -1.0000
x/sqrt(x^2*y^2) at x = -0.5, y = 0.25: simplify x/((x^2*y^2)^(1/2)) = -4.0000, truth -4.0000
1/sqrt(x^2+y^2) at x = -0.5, y = 0.25: simplify 1/((x^2+y^2)^(1/2)) = 1.7889, truth 1.7889
sqrt(x^2) at x = -0.5, y = 0.25: simplify abs(x) = 0.5000, truth 0.5000
1/abs(x) at x = -0.5, y = 0.25: simplify 1/(abs(x)) = 2.0000, truth 2.0000
1/sqrt(y) at x = -0.5, y = 0.25: simplify 1/y^(1/2) = 2.0000, truth 2.0000
SEEN
cat >"$folder/ask.js" <<'ASK'
const algebrite = require("algebrite");

const at = (f) => Number(algebrite.run(`float(eval(${f}, x, -0.5, y, 0.25))`).replace("...", "")).toFixed(4);
const truth = {
  "1/((y^2)^(1/2))": 1 / 0.25,
  "x*sqrt(1/x^2)": -1,
  "x/sqrt(x^2*y^2)": -0.5 / 0.125,
  "1/sqrt(x^2+y^2)": 1 / Math.hypot(0.5, 0.25),
  "sqrt(x^2)": 0.5,
  "1/abs(x)": 2,
  "1/sqrt(y)": 2,
};
for (const [f, value] of Object.entries(truth)) {
  const simple = algebrite.run(`simplify(${f})`);
  console.log(`${f} at x = -0.5, y = 0.25: simplify ${simple} = ${at(simple)}, truth ${value.toFixed(4)}`);
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

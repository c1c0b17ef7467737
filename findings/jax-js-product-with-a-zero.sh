#!/bin/sh
# jax-js 0.1.25: the gradient of prod of (0, 2, 3) is (NaN, 0, 0), and it is (6, 0, 0), which the product written out answers
# and JAX too; that of cumprod is NaN likewise. The slope of sinc at 0, which is smooth and has the slope 0 there, is NaN. The
# values are right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @jax-js/jax@0.1.25 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
prod of [0,2,3]: value 0, slopes ["NaN",0,0]
written out of [0,2,3]: value 0, slopes [6,0,0]
sum of cumprod of [0,2,3]: value 0, slopes ["NaN",0,0]
prod of [1,2,3]: value 6, slopes [6,3,2]
sinc of 0: value 1, slopes "NaN"
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { grad, numpy as np } from "@jax-js/jax";

const list = (v) => JSON.stringify(v.js(), (key, x) => (Number.isNaN(x) ? "NaN" : x));
const one = (x, k) => np.sum(np.multiply(x, np.array([0, 1, 2].map((j) => (j === k ? 1 : 0)))));
const written = (x) => np.multiply(np.multiply(one(x.ref, 0), one(x.ref, 1)), one(x, 2));
for (const [name, f, x] of [
  ["prod", (x) => np.prod(x), [0, 2, 3]],
  ["written out", written, [0, 2, 3]],
  ["sum of cumprod", (x) => np.sum(np.cumprod(x)), [0, 2, 3]],
  ["prod", (x) => np.prod(x), [1, 2, 3]],
  ["sinc", (x) => np.sinc(x), 0],
]) {
  console.log(`${name} of ${JSON.stringify(x)}: value ${list(f(np.array(x)))}, slopes ${list(grad(f)(np.array(x)))}`);
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# jax-js 0.1.25: the slope of a polynomial at 0 is NaN. numpy.power(x, 3) has slope 0 there and polyval of x^2 + 2 x + 3
# has 2; at 0.001 and at -1 both come right, and so do the values. The slope by the exponent, which nobody asks for, is
# 0 times ln 0. JAX itself answers 0 and 2.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @jax-js/jax@0.1.25 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 0: x^3 has value 0.000 slope NaN; x^2 + 2 x + 3 has value 3.000 slope NaN
x = 0.001: x^3 has value 0.000 slope 0.000; x^2 + 2 x + 3 has value 3.002 slope 2.002
x = -1: x^3 has value -1.000 slope 3.000; x^2 + 2 x + 3 has value 2.000 slope 0.000
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { grad, numpy as np } from "@jax-js/jax";

const at = (f, x) => `value ${f(np.array(x)).js().toFixed(3)} slope ${grad(f)(np.array(x)).js().toFixed(3)}`;
const cube = (x) => np.power(x, 3);
const polynomial = (x) => np.polyval(np.array([1, 2, 3]), x);
for (const x of [0, 0.001, -1]) console.log(`x = ${x}: x^3 has ${at(cube, x)}; x^2 + 2 x + 3 has ${at(polynomial, x)}`);
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

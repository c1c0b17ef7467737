#!/bin/sh
# jax-js 0.1.25: in an array softplus at 89 and right of it is infinite, where it is 89, and logSigmoid at -89 minus infinity,
# where it is -89; the slopes of both are NaN there. So are those of sigmoid and silu at -89 and left of it, and of elu, selu,
# celu and mish at 89 and right of it, whose values are right. e^89 is infinite in single precision; the functions for large
# numbers have 0 times it, or its logarithm, or the slope of a branch that is not chosen. One such neuron makes NaN of all
# weights below. tanh is right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @jax-js/jax@0.1.25 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sigmoid at -100 -89 -88 1: values 0.00 0.00 0.00 0.73, slopes NaN NaN 0.00 0.20
silu at -100 -89 -88 1: values 0.00 0.00 -0.00 0.73, slopes NaN NaN 0.00 0.93
elu at 100 89 88 1: values 100.00 89.00 88.00 1.00, slopes NaN NaN 1.00 1.00
selu at 100 89 88 1: values 105.07 93.51 92.46 1.05, slopes NaN NaN 1.05 1.05
celu at 100 89 88 1: values 100.00 89.00 88.00 1.00, slopes NaN NaN 1.00 1.00
mish at 100 89 88 1: values 100.00 89.00 88.00 0.87, slopes NaN NaN 1.00 1.05
logSigmoid at -100 -89 -88 1: values -Infinity -Infinity -88.00 -0.31, slopes NaN NaN 1.00 0.27
softplus at 100 89 88 1: values Infinity Infinity 88.00 1.31, slopes NaN NaN 1.00 0.73
tanh at -100 -89 -88 1: slopes 0.00 0.00 0.00 0.42
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { grad, nn, numpy as np } from "@jax-js/jax";

const list = (v) => v.js().map((x) => x.toFixed(2)).join(" ");
const left = [-100, -89, -88, 1];
const right = [100, 89, 88, 1];
for (const [name, x] of [["sigmoid", left], ["silu", left], ["elu", right], ["selu", right], ["celu", right], ["mish", right], ["logSigmoid", left], ["softplus", right]]) {
  console.log(`${name} at ${x.join(" ")}: values ${list(nn[name](np.array(x)))}, slopes ${list(grad((x) => np.sum(nn[name](x)))(np.array(x)))}`);
}
console.log(`tanh at ${left.join(" ")}: slopes ${list(grad((x) => np.sum(np.tanh(x)))(np.array(left)))}`);
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

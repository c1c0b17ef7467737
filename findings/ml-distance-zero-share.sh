#!/bin/sh
# ml-distance 5.0.0: the Jensen-Shannon divergence of two distributions is NaN where one of them has a 0. Of (0, 0.3, 0.7) and
# (0.3, 0, 0.7) it is 0.3 ln 2 = 0.2079; a share of 0 adds nothing, which is what this divergence is made for, and SciPy answers
# it. Here 0 times the logarithm of 0 is computed. Kullback-Leibler of a target with a 0, as every one-hot target has, is NaN
# too, where it is 0.357 against (0.7, 0.2, 0.1); so are the K divergence, Topsoe and the Jensen difference. With 1e-12 in place
# of 0 all come right. The tracker was searched: nothing found.
# Seen in November 2026 on Linux, Node.js 20; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts ml-distance@5.0.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
kullbackLeibler [1,0,0] [0.7,0.2,0.1] NaN truth 0.3567
kullbackLeibler [1,1e-12,1e-12] [0.7,0.2,0.1] 0.3567 truth 0.3567
kullbackLeibler [0,0.3,0.7] [0.3,0,0.7] NaN truth Infinity
kdivergence [1,0,0] [0.7,0.2,0.1] NaN truth 0.1625
kdivergence [1,1e-12,1e-12] [0.7,0.2,0.1] 0.1625 truth 0.1625
kdivergence [0,0.3,0.7] [0.3,0,0.7] NaN truth 0.2079
jensenShannon [1,0,0] [0.7,0.2,0.1] NaN truth 0.1173
jensenShannon [1,1e-12,1e-12] [0.7,0.2,0.1] 0.1173 truth 0.1173
jensenShannon [0,0.3,0.7] [0.3,0,0.7] NaN truth 0.2079
jensenDifference [1,0,0] [0.7,0.2,0.1] NaN truth 0.1173
jensenDifference [1,1e-12,1e-12] [0.7,0.2,0.1] 0.1173 truth 0.1173
jensenDifference [0,0.3,0.7] [0.3,0,0.7] NaN truth 0.2079
topsoe [1,0,0] [0.7,0.2,0.1] NaN truth 0.2346
topsoe [1,1e-12,1e-12] [0.7,0.2,0.1] 0.2346 truth 0.2346
topsoe [0,0.3,0.7] [0.3,0,0.7] NaN truth 0.4159
SEEN
cat >"$folder/ask.js" <<'ASK'
const { distance } = require("ml-distance");

const term = (p, q) => (p === 0 ? 0 : p * Math.log(p / q));
const sum = (p, f) => p.reduce((total, _, j) => total + f(j), 0);
const divergence = (p, q) => sum(p, (j) => term(p[j], q[j]));
const half = (p, q) => p.map((_, j) => (p[j] + q[j]) / 2);
const truth = {
  kullbackLeibler: divergence,
  kdivergence: (p, q) => divergence(p, half(p, q)),
  jensenShannon: (p, q) => (divergence(p, half(p, q)) + divergence(q, half(p, q))) / 2,
  jensenDifference: (p, q) => (divergence(p, half(p, q)) + divergence(q, half(p, q))) / 2,
  topsoe: (p, q) => divergence(p, half(p, q)) + divergence(q, half(p, q)),
};
const pairs = [
  [[1, 0, 0], [0.7, 0.2, 0.1]],
  [[1, 1e-12, 1e-12], [0.7, 0.2, 0.1]],
  [[0, 0.3, 0.7], [0.3, 0, 0.7]],
];
for (const [name, right] of Object.entries(truth)) {
  for (const [p, q] of pairs) {
    console.log(name, JSON.stringify(p), JSON.stringify(q), distance[name](p, q).toFixed(4), "truth", right(p, q).toFixed(4));
  }
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

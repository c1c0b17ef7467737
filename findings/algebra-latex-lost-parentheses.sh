#!/bin/sh
# algebra-latex 2.0.3: parentheses are dropped where they matter. a - (b - c) in LaTeX becomes a-b-c, 1 - (1 - x), which is x,
# becomes 1-1-x, and -(a + b) becomes -a+b; (-x)^2 becomes -x^2, and (2^3)^2 becomes 2^3^2, which is 512 for 64. LaTeX that is
# written from such formulas lacks them too. A quotient by a quotient and products of sums keep theirs. \sin 2x is read as
# sin(2) x. Upstream knows it, open since 2022: viktorstrate/algebra-latex issue 15.
# Seen in December 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts algebra-latex@2.0.3 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
a-(b-c): a-b-c is 0, it is 4
a-\left(b+c\right): a-b+c is 4, it is 0
1-(1-x): 1-1-x is -3, it is 3
-(a+b): -a+b is -2, it is -12
(-x)^2: -x^2 is -9, it is 9
(2^3)^2: 2^3^2 is 512, it is 64
\sin 2x: sin(2)*x is 2.7279, it is -0.2794
\frac{a}{\frac{b}{c}}: a/(b/c) is 2.8, it is 2.8
(a+b)\cdot(a-c): (a+b)*(a-c) is 60, it is 60
\frac{1}{a-b}: 1/(a-b) is 0.5, it is 0.5
a-(b-c): a-b-c
(-x)^2: -x^{2}
(2^3)^2: 2^{3}^{2}
(a/b)^2: \frac{a}{b}^{2}
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const AlgebraLatex = require("algebra-latex");

const x = 3, a = 7, b = 5, c = 2;
for (const [latex, truth] of [
  ["a-(b-c)", a - (b - c)], ["a-\\left(b+c\\right)", a - (b + c)], ["1-(1-x)", 1 - (1 - x)], ["-(a+b)", -(a + b)],
  ["(-x)^2", (-x) ** 2], ["(2^3)^2", (2 ** 3) ** 2], ["\\sin 2x", Math.sin(2 * x)],
  ["\\frac{a}{\\frac{b}{c}}", a / (b / c)], ["(a+b)\\cdot(a-c)", (a + b) * (a - c)], ["\\frac{1}{a-b}", 1 / (a - b)],
]) {
  const math = new AlgebraLatex().parseLatex(latex).toMath();
  // a power binds tighter than a minus sign and from the right, which JavaScript wants to be told
  const text = math.replace(/^-(\w+)\^(\w+)$/, "-($1**$2)").replaceAll("^", "**").replaceAll("sin", "Math.sin");
  const value = new Function("x", "a", "b", "c", `return ${text};`)(x, a, b, c);
  console.log(`${latex}: ${math} is ${+value.toFixed(4)}, it is ${+truth.toFixed(4)}`);
}
for (const math of ["a-(b-c)", "(-x)^2", "(2^3)^2", "(a/b)^2"]) {
  console.log(`${math}: ${new AlgebraLatex().parseMath(math).toLatex()}`);
}
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# mathml2latex 1.1.3: MathML that carries its source, as KaTeX's and Pandoc's does, becomes the formula and, behind it as
# a factor, the source: of a - b comes a - b a - b. The standard says that an annotation is not shown. A bold x,
# a vector, becomes a plain x, the set R of real numbers a number R, and the bar of a mean a \limits that LaTeX refuses, as it
# does the square of e^x, which has two exponents. ln and tanh come right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathml2latex@1.1.3 katex@0.19.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\frac{f}{2}: \frac{f}{2}\frac\{f\}\{2\}
\frac{f}{2} without its source: \frac{f}{2}
a - b: a−ba - b
a - b without its source: a−b
\ln a: \ln ⁡a\ln a
\ln a without its source: \ln ⁡a
\tanh z: \tanh ⁡z\tanh z
\tanh z without its source: \tanh ⁡z
vector x: x: is read
real numbers: R: is read
mean of y: y\limits^{¯}: KaTeX parse error: Limit controls must follow a math operator
square of e^x: e^{x}^{2}: KaTeX parse error: Double superscript
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import katex from "katex";
import mathml2latex from "mathml2latex";

for (const latex of ["\\frac{f}{2}", "a - b", "\\ln a", "\\tanh z"]) {
  const mathml = katex.renderToString(latex, { output: "mathml" }).replace(/<.?span[^>]*>/g, "");
  console.log(`${latex}: ${mathml2latex.convert(mathml)}`);
  const bare = mathml.replace(/<annotation.*<.annotation>/, "");
  console.log(`${latex} without its source: ${mathml2latex.convert(bare)}`);
}
const formulas = {
  "vector x": '<mi mathvariant="bold">x</mi>',
  "real numbers": '<mi mathvariant="double-struck">R</mi>',
  "mean of y": "<mover><mi>y</mi><mo>¯</mo></mover>",
  "square of e^x": "<msup><mrow><msup><mi>e</mi><mi>x</mi></msup></mrow><mn>2</mn></msup>",
};
for (const [name, mathml] of Object.entries(formulas)) {
  const latex = mathml2latex.convert(`<math xmlns="http://www.w3.org/1998/Math/MathML">${mathml}</math>`);
  let read = "is read";
  try {
    katex.renderToString(latex);
  } catch (refused) {
    read = refused.message.replace(/ at position.*/s, "");
  }
  console.log(`${name}: ${latex}: ${read}`);
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# mathup 1.0.2 and ascii2mathml 0.7.1: 10^-3 becomes ten to the power of a minus sign, times 3, and e^-x likewise. sin(x)/x is the
# sine of x / x, and dy/dx the product d times y / d times x, although mathup knows dy and dx. root(3)(x)^2 of mathup is a ninth
# root, since the square goes to the 3, and the |b| of |a|/|b| is cut in two; ascii2mathml drops these bars, as if they were
# parentheses, and reads norm(y)^2 as the norm of a square. AsciiMath's own reader, which MathJax 3.2.2 has, is right in each.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathup@1.0.2 ascii2mathml@0.7.1 mathjax-full@3.2.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
10^-3
  mathup: <mrow><msup><mn>10</mn><mo>−</mo></msup><mn>3</mn></mrow>
  ascii2mathml: <msup><mn>10</mn><mo>-</mo></msup><mn>3</mn>
  AsciiMath: <msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>
e^-x
  mathup: <mrow><msup><mi>e</mi><mo>−</mo></msup><mi>x</mi></mrow>
  ascii2mathml: <msup><mi>e</mi><mo>-</mo></msup><mi>x</mi>
  AsciiMath: <msup><mi>e</mi><mrow><mo>-</mo><mi>x</mi></mrow></msup>
sin(x)/x
  mathup: <mrow><mi>sin</mi><mfrac><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mi>x</mi></mfrac></mrow>
  ascii2mathml: <mi>sin</mi><mfrac><mi>x</mi><mi>x</mi></mfrac>
  AsciiMath: <mfrac><mrow><mi>sin</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow><mi>x</mi></mfrac>
dy/dx
  mathup: <mrow><mo>𝑑</mo><mfrac><mi>y</mi><mi>d</mi></mfrac><mi>x</mi></mrow>
  ascii2mathml: <mi>d</mi><mfrac><mi>y</mi><mi>d</mi></mfrac><mi>x</mi>
  AsciiMath: <mfrac><mrow><mi>d</mi><mi>y</mi></mrow><mrow><mi>d</mi><mi>x</mi></mrow></mfrac>
root(3)(x)^2
  mathup: <mroot><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><msup><mrow><mo>(</mo><mn>3</mn><mo>)</mo></mrow><mn>2</mn></msup></mroot>
  ascii2mathml: <mroot><msup><mfenced open="(" close=")"><mi>x</mi></mfenced><mn>2</mn></msup><mn>3</mn></mroot>
  AsciiMath: <msup><mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot><mn>2</mn></msup>
|a|/|b|
  mathup: <mrow><mfrac><mrow><mo>|</mo><mi>a</mi><mo>|</mo></mrow><mo>|</mo></mfrac><mi>b</mi><mo>|</mo></mrow>
  ascii2mathml: <mfrac><mi>a</mi><mi>b</mi></mfrac>
  AsciiMath: <mfrac><mrow><mo>|</mo><mi>a</mi><mo>|</mo></mrow><mrow><mo>|</mo><mi>b</mi><mo>|</mo></mrow></mfrac>
norm(y)^2
  mathup: <msup><mrow><mo>‖</mo><mi>y</mi><mo>‖</mo></mrow><mn>2</mn></msup>
  ascii2mathml: <mfenced open="∥" close="∥"><msup><mfenced open="(" close=")"><mi>y</mi></mfenced><mn>2</mn></msup></mfenced>
  AsciiMath: <msup><mrow><mo>&#x2225;</mo><mrow><mi>y</mi></mrow><mo>&#x2225;</mo></mrow><mn>2</mn></msup>
SEEN
cat >"$folder/ask.cjs" <<'ASK'
const { mathjax } = require("mathjax-full/js/mathjax.js");
const { AsciiMath } = require("mathjax-full/js/input/asciimath.js");
const { SerializedMmlVisitor } = require("mathjax-full/js/core/MmlTree/SerializedMmlVisitor.js");
const { liteAdaptor } = require("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = require("mathjax-full/js/handlers/html.js");
const { STATE } = require("mathjax-full/js/core/MathItem.js");

RegisterHTMLHandler(liteAdaptor());
const document = mathjax.document("", { InputJax: new AsciiMath() });
const visitor = new SerializedMmlVisitor();
const bare = (mathml) => mathml.replace(/ (?!open|close)[a-z-]+="[^"]*"|\s*\n\s*|<.?(math|mstyle)[^>]*>/g, "");
const reference = (text) => bare(visitor.visitTree(document.convert(text, { end: STATE.CONVERT })));

import("mathup").then(({ default: mathup }) => {
  const ascii2mathml = require("ascii2mathml").default;
  for (const text of ["10^-3", "e^-x", "sin(x)/x", "dy/dx", "root(3)(x)^2", "|a|/|b|", "norm(y)^2"]) {
    console.log(text);
    console.log(`  mathup: ${bare(mathup(text).toString())}`);
    console.log(`  ascii2mathml: ${bare(ascii2mathml(text))}`);
    console.log(`  AsciiMath: ${reference(text)}`);
  }
});
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

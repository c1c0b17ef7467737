#!/bin/sh
# asciimath-parser 0.6.11: a quotient of functions becomes a function of a quotient. sin(x)/x is written as the sine of x / x,
# sin 1 for every x, log(8)/log(2), the logarithm to base 2, as log of 8 / log times 2, and f(x)/g(x) as f times x / g of x.
# a/b/c comes as a divided by b / c: 8/4/2 is 1, and this is 4. AsciiMath's own reader, which MathJax 3.2.2 has, keeps the
# functions together and divides from the left. With the numerator in parentheses, (sin(x))/x, it comes right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts asciimath-parser@0.6.11 mathjax-full@3.2.2 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
sin(x)/x: \sin \frac{ x }{ x }
  AsciiMath: <mfrac><mrow><mi>sin</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow><mi>x</mi></mfrac>
(sin(x))/x: \frac{ \sin \left( x \right) }{ x }
  AsciiMath: <mfrac><mrow><mrow><mi>sin</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow></mrow><mi>x</mi></mfrac>
log(8)/log(2): \log \frac{ 8 }{ \log } \left( 2 \right)
  AsciiMath: <mfrac><mrow><mi>log</mi><mrow><mo>(</mo><mn>8</mn><mo>)</mo></mrow></mrow><mrow><mi>log</mi><mrow><mo>(</mo><mn>2</mn><mo>)</mo></mrow></mrow></mfrac>
f(x)/g(x): f \frac{ x }{ g } \left( x \right)
  AsciiMath: <mfrac><mrow><mi>f</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow><mrow><mi>g</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow></mfrac>
a/b/c: \frac{ a }{ \frac{ b }{ c } }
  AsciiMath: <mfrac><mi>a</mi><mi>b</mi></mfrac><mo>/</mo><mi>c</mi>
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

import("asciimath-parser").then(({ AsciiMath: Parser }) => {
  const parser = new Parser({ display: false });
  for (const text of ["sin(x)/x", "(sin(x))/x", "log(8)/log(2)", "f(x)/g(x)", "a/b/c"]) {
    console.log(`${text}: ${parser.toTex(text)}`);
    console.log(`  AsciiMath: ${reference(text)}`);
  }
});
ASK
cd "$folder"
node ask.cjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

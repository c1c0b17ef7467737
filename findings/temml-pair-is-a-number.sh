#!/bin/sh
# Temml 0.13.5: numbers with a comma between them become one number in MathML. The interval [0,255] holds the single number
# 0,255, the weight w_{1,2} has the index 1,2, and the layers (784,300,10) are 784,300,10; KaTeX 0.19.1 writes each as a
# number. A blank behind the comma, which means nothing to TeX, decides: (1, 2) has two numbers, (1,2) one, which a reader
# whose language has a decimal comma takes for one and a fifth. {,}, which TeX's users write for a comma inside a number, is
# kept as one by both.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts temml@0.13.5 katex@0.19.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
(1,2) in Temml 1,2 and in KaTeX 1 | 2
(1, 2) in Temml 1 | 2 and in KaTeX 1 | 2
[0,255] in Temml 0,255 and in KaTeX 0 | 255
w_{1,2} in Temml 1,2 and in KaTeX 1 | 2
(784,300,10) in Temml 784,300,10 and in KaTeX 784 | 300 | 10
f(0,1) in Temml 0,1 and in KaTeX 0 | 1
1{,}000 in Temml 1,000 and in KaTeX 1,000
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import katex from "katex";
import temml from "temml";

const numbers = (mathml) => {
  const found = mathml.replace(/<annotation.*?<.annotation>/s, "").matchAll(/<mn[^>]*>(.*?)<.mn>/g);
  return Array.from(found, (match) => match[1]).join(" | ");
};
for (const latex of ["(1,2)", "(1, 2)", "[0,255]", "w_{1,2}", "(784,300,10)", "f(0,1)", "1{,}000"]) {
  const other = numbers(katex.renderToString(latex, { output: "mathml" }));
  console.log(latex, "in Temml", numbers(temml.renderToString(latex)), "and in KaTeX", other);
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

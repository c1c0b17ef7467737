#!/bin/sh
# mathml-to-latex 1.8.0: the logarithm becomes a product. The identifier ln of MathML, one token, is written as the bare
# letters ln, which LaTeX reads as l times n, and KaTeX 0.19.1, given them back, as three factors of ln a; so it is with
# exp, max and a subscript such as out. The two epsilons become one, the Hadamard product a large operator, and of the
# square of e^x, whose base is in an mrow, comes LaTeX that is refused for its double superscript.
# The functions are the library's closed issue 22.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathml-to-latex@1.8.0 katex@0.19.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
ln a -> ln a -> identifiers l, n, a
max over k of z -> \underset{k}{max} z -> identifiers m, a, x, k, z
W out -> W_{out} -> identifiers W, o, u, t
two epsilons -> \epsilon + \epsilon -> identifiers ϵ, ϵ
Hadamard product -> a \bigodot b -> identifiers a, b
square of e^x -> e^{x}^{2} -> refused
square of a + b -> \left(a + b\right)^{2} -> identifiers a, b
SEEN
cat >"$folder/ask.js" <<'ASK'
const katex = require("katex");
const { MathMLToLaTeX } = require("mathml-to-latex");

const formulas = {
  "ln a": "<mi>ln</mi><mo>\u2061</mo><mi>a</mi>",
  "max over k of z": "<munder><mi>max</mi><mi>k</mi></munder><mo>\u2061</mo><mi>z</mi>",
  "W out": "<msub><mi>W</mi><mi>out</mi></msub>",
  "two epsilons": "<mi>\u03b5</mi><mo>+</mo><mi>\u03f5</mi>",
  "Hadamard product": "<mi>a</mi><mo>\u2299</mo><mi>b</mi>",
  "square of e^x": "<msup><mrow><msup><mi>e</mi><mi>x</mi></msup></mrow><mn>2</mn></msup>",
  "square of a + b": "<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>",
};
const readBack = (latex) => {
  try {
    const mathml = katex.renderToString(latex, { output: "mathml" });
    return "identifiers " + Array.from(mathml.matchAll(/<mi[^>]*>([^<]*)<.mi>/g), (found) => found[1]).join(", ");
  } catch {
    return "refused";
  }
};
for (const [name, mathml] of Object.entries(formulas)) {
  const latex = MathMLToLaTeX.convert(`<math>${mathml}</math>`);
  console.log(name, "->", latex, "->", readBack(latex));
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# mathml2omml 0.5.0: an inequality becomes Office Math that is no XML. The sign of k < n, &lt; in MathML, is written as a bare <,
# and a word processor that is given it reads a tag, also in the range of a sum. A bar over y, the mean, becomes a bar over a
# power of y that has no exponent, and an empty index. Sums, fractions and > come right.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathml2omml@0.5.0 @xmldom/xmldom@0.9.12 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
k < n: is not XML: <m:r><m:t>k<n</m:t></m:r>
k > n: is XML: <m:r><m:t>k>n</m:t></m:r>
sum over i < j: is not XML: <m:nary><m:sub><m:r><m:t>i<j</m:t></m:r></m:sub><m:sup/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:nary>
mean of y: is XML: <m:bar><m:e><m:sSup><m:e><m:r><m:t>y</m:t></m:r></m:e><m:sub/></m:sSup></m:e></m:bar>
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { DOMParser } from "@xmldom/xmldom";
import { mml2omml } from "mathml2omml";

const formulas = {
  "k < n": "<mi>k</mi><mo>&lt;</mo><mi>n</mi>",
  "k > n": "<mi>k</mi><mo>&gt;</mo><mi>n</mi>",
  "sum over i < j": "<munder><mo>∑</mo><mrow><mi>i</mi><mo>&lt;</mo><mi>j</mi></mrow></munder><mi>x</mi>",
  "mean of y": '<mover accent="true"><mi>y</mi><mo>¯</mo></mover>',
};
for (const [name, mathml] of Object.entries(formulas)) {
  const omml = mml2omml(`<math xmlns="http://www.w3.org/1998/Math/MathML">${mathml}</math>`);
  let read = "is XML";
  try {
    const parser = new DOMParser({ onError: (level) => { throw new Error(level); } });
    parser.parseFromString(omml, "text/xml");
  } catch {
    read = "is not XML";
  }
  const inner = omml.slice(omml.indexOf(">") + 1).replace(/<m:(rPr|ctrlPr|barPr|naryPr|sSupPr)\b.*?<.m:\1>/gs, "");
  console.log(`${name}: ${read}: ${inner.replace(/<[/]m:oMath>/, "").replaceAll(' xml:space="preserve"', "")}`);
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

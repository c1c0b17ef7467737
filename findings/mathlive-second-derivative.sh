#!/bin/sh
# MathLive 0.111.1: LaTeX that becomes AsciiMath loses its second prime, and more. f''(x), the second derivative, is written
# f^′(x), the first, and f'''(x) as the second. The product \overline{x} y of a mean and y is y, and in MathML too, where
# the console has a message; \bar{x} is kept. The remainder a \bmod n reads "undefined". MathML has all primes.
# That a bar is lost is known since 2024, the sister project compute-engine's closed issue 167.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts mathlive@0.111.1 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
f'(x) -> AsciiMath f^′(x) -> identifiers in MathML f, ′, x
f''(x) -> AsciiMath f^′(x) -> identifiers in MathML f, ′′, x
f'''(x) -> AsciiMath f^(′′)(x) -> identifiers in MathML f, ′′, ′, x
\bar{x} y -> AsciiMath bar x y -> identifiers in MathML x, y
\overline{x} y -> AsciiMath y -> identifiers in MathML y
\underline{x} y -> AsciiMath y -> identifiers in MathML y
a \bmod n -> AsciiMath a undefined n -> identifiers in MathML a, n
SEEN
cat >"$folder/ask.mjs" <<'ASK'
import { convertLatexToAsciiMath, convertLatexToMathMl } from "mathlive/ssr";

const { log } = console;
for (const speak of ["log", "error", "warn", "debug", "info"]) console[speak] = () => {};
for (const latex of ["f'(x)", "f''(x)", "f'''(x)", "\\bar{x} y", "\\overline{x} y", "\\underline{x} y", "a \\bmod n"]) {
  const identifiers = Array.from(convertLatexToMathMl(latex).matchAll(/<mi>([^<]*)<.mi>/g), (found) => found[1]);
  log(latex, "-> AsciiMath", convertLatexToAsciiMath(latex), "-> identifiers in MathML", identifiers.join(", "));
}
ASK
cd "$folder"
node ask.mjs >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

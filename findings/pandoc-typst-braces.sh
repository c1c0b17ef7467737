#!/bin/sh
# Pandoc 3.9 (pypandoc-binary 1.17) and tex2typst 0.1.7: LaTeX that becomes Typst loses its groups. Pandoc writes a divided
# by b / c as a / b / c, which Typst reads as a / b divided by c: 3 / (4 / 2) is 1.5, and this is 0.375. Both write the square of
# a fraction as that of its denominator, and of {w^l}^T, the transposed weights of a layer, T becomes an exponent of l.
# Typst's own answer for the structure is shown. Pandoc's MathML of the same formulas keeps the groups.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pypandoc-binary==1.17 typst==0.15.2 tex2typst==0.1.7 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Pandoc 3.9
\frac{a}{\frac{b}{c}}: Pandoc $a / b / c$ is quotient(quotient(a, b), c); tex2typst $a/(b/c)$ is quotient(a, quotient(b, c))
\frac{\frac{a}{b}}{c}: Pandoc $a / b / c$ is quotient(quotient(a, b), c); tex2typst $(a/b)/c$ is quotient(quotient(a, b), c)
\frac{a}{b}^2: Pandoc $a / b^2$ is quotient(a, power(b, 2)); tex2typst $a/b^2$ is quotient(a, power(b, 2))
\frac{a}{b^2}: Pandoc $a / b^2$ is quotient(a, power(b, 2)); tex2typst $a/(b^2)$ is quotient(a, power(b, 2))
{w^l}^T: Pandoc $w^l^T$ is power(w, power(l, T)); tex2typst $w^l^T$ is power(w, power(l, T))
w^{l^T}: Pandoc $w^(l^T)$ is power(w, power(l, T)); tex2typst $w^(l^T)$ is power(w, power(l, T))
<mfrac><mi>a</mi><mfrac><mi>b</mi><mi>c</mi></mfrac>
SEEN
cat >"$folder/ask.py" <<'ASK'
import json
from pathlib import Path

import pypandoc
import typst
from tex2typst import tex2typst

READ = """
#let read(it) = {
  if it.has("t") { "power(" + read(it.base) + ", " + read(it.t) + ")" }
  else if it.has("num") { "quotient(" + read(it.num) + ", " + read(it.denom) + ")" }
  else if it.has("children") { it.children.map(read).join() }
  else if it.has("body") { read(it.body) }
  else if it.has("text") { it.text }
}
"""


def read(math):
    Path("math.typ").write_text(f"{READ}#metadata(read({math}))<it>")
    return json.loads(typst.query("math.typ", "<it>"))[0]["value"]


print("Pandoc", pypandoc.get_pandoc_version())
for latex in (r"\frac{a}{\frac{b}{c}}", r"\frac{\frac{a}{b}}{c}", r"\frac{a}{b}^2", r"\frac{a}{b^2}", r"{w^l}^T", r"w^{l^T}"):
    markdown = f"${latex}$"
    pandoc = pypandoc.convert_text(markdown, "typst", format="markdown").strip()
    other = f"${tex2typst(latex)}$"
    print(f"{latex}: Pandoc {pandoc} is {read(pandoc)}; tex2typst {other} is {read(other)}")
mathml = pypandoc.convert_text(r"$\frac{a}{\frac{b}{c}}$", "html", format="markdown", extra_args=["--mathml"])
print(mathml[mathml.index("<mfrac>") : mathml.rindex("</mfrac>")])
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

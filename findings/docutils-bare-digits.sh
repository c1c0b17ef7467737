#!/bin/sh
# docutils 0.23: digits without braces are taken together in MathML. x^12, which TeX reads as x^1 times 2, becomes x to the
# twelfth, and a_10^2 has the index 10; \sqrt23 is the root of 23, where TeX has the root of 2 times 3, and \frac{1}23 is 1 / 23,
# where TeX has one half times 3. Nothing is said. Pandoc 3.9 has the first two alike. math-core 0.9.0, another converter, reads
# all as TeX does; with braces all agree. Who writes HTML and LaTeX from one source has two formulas.
# Seen in November 2026 on Linux, Python 3.11; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check docutils==0.23 pypandoc-binary==1.17 math-core==0.9.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x^12
  docutils  <msup><mi>x</mi><mn>12</mn></msup>
  Pandoc    <msup><mi>x</mi><mn>12</mn></msup>
  math-core <msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>
a_10^2
  docutils  <msubsup><mi>a</mi><mn>10</mn><mn>2</mn></msubsup>
  Pandoc    <msubsup><mi>a</mi><mn>10</mn><mn>2</mn></msubsup>
  math-core <msub><mi>a</mi><mn>1</mn></msub><msup><mn>0</mn><mn>2</mn></msup>
\sqrt23
  docutils  <msqrt><mn>23</mn></msqrt>
  Pandoc    <msqrt><mn>2</mn></msqrt><mn>3</mn>
  math-core <msqrt><mn>2</mn></msqrt><mn>3</mn>
\frac{1}23
  docutils  <mfrac><mn>1</mn><mn>23</mn></mfrac>
  Pandoc    <mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn>
  math-core <mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn>
x^{12}
  docutils  <msup><mi>x</mi><mn>12</mn></msup>
  Pandoc    <msup><mi>x</mi><mn>12</mn></msup>
  math-core <msup><mi>x</mi><mn>12</mn></msup>
\sqrt{23}
  docutils  <msqrt><mn>23</mn></msqrt>
  Pandoc    <msqrt><mn>23</mn></msqrt>
  math-core <msqrt><mn>23</mn></msqrt>
SEEN
cat >"$folder/ask.py" <<'ASK'
import re

import pypandoc
from docutils.core import publish_parts
from math_core import LatexToMathML


def inner(page):
    formula = re.search(r"<math[^>]*>(.*)</math>", page, re.DOTALL).group(1)
    formula = re.sub(r"<annotation.*?</annotation>|</?semantics>|\s+(?=<)|\s*[a-z]+=\"[^\"]*\"|\n", "", formula)
    formula = re.sub(r"\s+(?=[<>])|(?<=>)\s+", "", formula)
    return re.sub(r"^<mrow>(.*)</mrow>$", r"\1", formula)


for tex in (r"x^12", r"a_10^2", r"\sqrt23", r"\frac{1}23", r"x^{12}", r"\sqrt{23}"):
    theirs = publish_parts(f":math:`{tex}`", writer_name="html5", settings_overrides={"math_output": "MathML"})["body"]
    other = pypandoc.convert_text(f"${tex}$", "html", format="markdown", extra_args=["--mathml"])
    reference = LatexToMathML().convert_with_local_state(tex, displaystyle=False)
    print(f"{tex}\n  docutils  {inner(theirs)}\n  Pandoc    {inner(other)}\n  math-core {inner(reference)}")
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen
cat seen
diff -u expected seen

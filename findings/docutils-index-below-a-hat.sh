#!/bin/sh
# docutils 0.23: the index of a letter with a hat is set below the letter, not beside it. \hat{y}_j, a prediction, becomes a
# munderover in MathML, with j under the y as under a sum, and so it is with \bar, \tilde, \dot, \vec and \overline, and in
# braces too: a hat counts as an operator with limits. An exponent is beside it, as it should be, and with both one goes under
# and the other beside. MathML is what docutils makes of :math: in HTML by default. Pandoc 3.9 (pypandoc-binary 1.17) is right.
# Seen in November 2026 on Linux, Python 3.11; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check docutils==0.23 pypandoc-binary==1.17 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\hat{y}_j
  docutils <munderover><mi>y</mi><mi>j</mi><mo>ˆ</mo></munderover>
  Pandoc   <msub><mover><mi>y</mi><mo>̂</mo></mover><mi>j</mi></msub>
\bar{x}_i
  docutils <munderover><mi>x</mi><mi>i</mi><mo>ˉ</mo></munderover>
  Pandoc   <msub><mover><mi>x</mi><mo>‾</mo></mover><mi>i</mi></msub>
\vec{w}_i
  docutils <munderover><mi>w</mi><mi>i</mi><mo>→</mo></munderover>
  Pandoc   <msub><mover><mi>w</mi><mo>→</mo></mover><mi>i</mi></msub>
\hat{y}_j^2
  docutils <msup><munderover><mi>y</mi><mi>j</mi><mo>ˆ</mo></munderover><mn>2</mn></msup>
  Pandoc   <msubsup><mover><mi>y</mi><mo>̂</mo></mover><mi>j</mi><mn>2</mn></msubsup>
\hat{y}^2
  docutils <msup><mover><mi>y</mi><mo>ˆ</mo></mover><mn>2</mn></msup>
  Pandoc   <msup><mover><mi>y</mi><mo>̂</mo></mover><mn>2</mn></msup>
y_j
  docutils <msub><mi>y</mi><mi>j</mi></msub>
  Pandoc   <msub><mi>y</mi><mi>j</mi></msub>
SEEN
cat >"$folder/ask.py" <<'ASK'
import re

import pypandoc
from docutils.core import publish_parts


def inner(page):
    formula = re.search(r"<math[^>]*>(.*)</math>", page, re.DOTALL).group(1)
    formula = re.sub(r"<annotation.*?</annotation>|</?semantics>|\s+(?=<)|\s*[a-z]+=\"[^\"]*\"|\n", "", formula)
    formula = re.sub(r"\s+(?=[<>])|(?<=>)\s+", "", formula)
    return re.sub(r"^<mrow>(.*)</mrow>$", r"\1", formula)


for tex in (r"\hat{y}_j", r"\bar{x}_i", r"\vec{w}_i", r"\hat{y}_j^2", r"\hat{y}^2", r"y_j"):
    theirs = publish_parts(f":math:`{tex}`", writer_name="html5", settings_overrides={"math_output": "MathML"})["body"]
    other = pypandoc.convert_text(f"${tex}$", "html", format="markdown", extra_args=["--mathml"])
    print(f"{tex}\n  docutils {inner(theirs)}\n  Pandoc   {inner(other)}")
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen
cat seen
diff -u expected seen

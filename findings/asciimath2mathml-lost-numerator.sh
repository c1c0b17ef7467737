#!/bin/sh
# asciimath2mathml 0.2.0: a fraction loses its numerator where something stands before it. Of lim_(h->0) (f(x+h)-f(x))/h, the
# derivative, the limit is put over h and the difference is gone; 2 a/b is 2 over b, -a/b a minus sign over b, and a/b/c is a over
# c. Nothing is said. A fraction that stands alone is right; a sum of two is given back as text. root 3 x, the cube root of x in
# AsciiMath, is the x-th root of 3.
# Seen in November 2026 on Linux, Python 3.11; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check asciimath2mathml==0.2.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
lim_(h->0) (f(x+h)-f(x))/h
  <mfrac><munder><mo>lim</mo><mrow><mo>(</mo><mrow><mi>h</mi><mo>→</mo><mn>0</mn></mrow><mo>)</mo></mrow></munder><mi>h</mi></mfrac>
-a/b
  <mfrac><mo>-</mo><mi>b</mi></mfrac>
a/b/c
  <mfrac><mi>a</mi><mi>c</mi></mfrac>
2 (a+b)/c
  <mfrac><mn>2</mn><mi>c</mi></mfrac>
2 a/b
  <mfrac><mn>2</mn><mi>b</mi></mfrac>
root 3 x
  <mroot><mn>3</mn><mi>x</mi></mroot>
a/b+c/d
  <mtext>a/b+c/d</mtext>
(a+b)/c
  <mfrac><mrow><mo>(</mo><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mo>)</mo></mrow><mi>c</mi></mfrac>
SEEN
cat >"$folder/ask.py" <<'ASK'
import re

import asciimath2mathml

for text in ("lim_(h->0) (f(x+h)-f(x))/h", "-a/b", "a/b/c", "2 (a+b)/c", "2 a/b", "root 3 x", "a/b+c/d", "(a+b)/c"):
    formula = asciimath2mathml.convert(text)
    print(f"{text}\n  {re.sub(r'</?math[^>]*>', '', formula)}")
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen
cat seen
diff -u expected seen

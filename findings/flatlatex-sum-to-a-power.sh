#!/bin/sh
# flatlatex 0.15: the upper limit of a sum becomes a power. \sum_{j=1}^{n} a_j is written (∑ⱼ₌₁)ⁿaⱼ, with parentheses that nobody
# wrote, as if the sum from 1 were raised to the n; a product of many is, too, and w_j^l, whose l is the layer. A fraction that
# is multiplied loses its factor to the denominator: a over b, times c, is written a/bc, and a over b c, which is another
# number, a/(bc). Numerators and denominators of several terms get their parentheses.
# Seen in November 2026 on Linux, Python 3.11; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check flatlatex==0.15 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\sum_{j=1}^{n} a_j => (∑ⱼ₌₁)ⁿaⱼ
\prod_{j=1}^{n} a_j => (∏ⱼ₌₁)ⁿaⱼ
w_j^l => (wⱼ)ˡ
a_j^2 => (aⱼ)²
\frac{a}{b}c => a/bc
\frac{a}{b}(x+y) => a/b(x+y)
\frac{a}{bc} => a/(bc)
\frac{a+b}{c} => (a+b)/c
SEEN
cat >"$folder/ask.py" <<'ASK'
import flatlatex

convert = flatlatex.converter().convert
for tex in (r"\sum_{j=1}^{n} a_j", r"\prod_{j=1}^{n} a_j", r"w_j^l", r"a_j^2", r"\frac{a}{b}c", r"\frac{a}{b}(x+y)", r"\frac{a}{bc}", r"\frac{a+b}{c}"):
    print(f"{tex} => {convert(tex)}")
ASK
cd "$folder"
env/bin/python -W ignore ask.py >seen
cat seen
diff -u expected seen

#!/bin/sh
# latex2sympy2 1.9.1: a prime is dropped without a word. z' is read as z, (x^2)' as x^2, \sigma'(z) as the
# product sigma z, and of \sigma'^2 only sigma is left. A derivative is read as the function, and the
# chain rule \sigma'(z) w as sigma z w. What it cannot read otherwise, as a dot or a bar, is refused.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check latex2sympy2==1.9.1 sympy==1.14.0 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
z' -> z
(x^2)' -> x**2
\sigma'(z) w -> sigma*w*z
\sigma'^2 -> sigma
\frac{d}{dx} x^2 -> Derivative(x**2, x)
\dot z -> refused
SEEN
cat >"$folder/ask.py" <<'ASK'
from latex2sympy2 import latex2sympy

for text in (r"z'", r"(x^2)'", r"\sigma'(z) w", r"\sigma'^2", r"\frac{d}{dx} x^2", r"\dot z"):
    try:
        print(text, "->", latex2sympy(text))
    except Exception:
        print(text, "->", "refused")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

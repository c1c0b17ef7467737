#!/bin/sh
# unicodeit 0.7.5: a command that it does not know is cut where a known one ends. \left(a\right) becomes
# a relation, at most, and the letters ft; \ln a and \log a, which every cross-entropy has, the Polish l
# of \l and the rest of the word. \right, \exp and \tanh, which it does not know either, are kept whole.
# Seen in November 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check unicodeit==0.7.5 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\left(a\right) -> ≤ft(a\right)
-y \ln a -> −y łn a
\sum\limits_k a_k -> ∑łimitsₖ aₖ
\inf a -> ∈f a
\exp(-z) -> \exp(−z)
\tanh z -> \tanh z
SEEN
cat >"$folder/ask.py" <<'ASK'
import sys

import unicodeit

sys.stdout.reconfigure(encoding="utf-8")
for text in (r"\left(a\right)", r"-y \ln a", r"\sum\limits_k a_k", r"\inf a", r"\exp(-z)", r"\tanh z"):
    print(text, "->", unicodeit.replace(text))
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

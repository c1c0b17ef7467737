#!/bin/sh
# LaTeXML 0.8.8: in content MathML, which says what a formula means, dC/dw is the product d times C over the product d times w, so
# that a reader may cancel d. \partial C/\partial w on the line is the partial derivative of C / (partial w), the weight w_{jk} has
# the index j times k, f(x+1) is f times x + 1, and a - b - c and a/b/c are a minus and a divide of three arguments, which MathML
# does not have. \exp(-x), \log_2 and norms are what they mean. That a letter is a function can be declared in a document.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include latexml=0.8.8-2 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\frac{dC}{dw}
  <apply><divide/><apply><times/><ci>𝑑</ci><ci>𝐶</ci></apply><apply><times/><ci>𝑑</ci><ci>𝑤</ci></apply></apply>
\frac{\partial C}{\partial w}
  <apply><divide/><apply><partialdiff/><ci>𝐶</ci></apply><apply><partialdiff/><ci>𝑤</ci></apply></apply>
\partial C/\partial w
  <apply><partialdiff/><apply><divide/><ci>𝐶</ci><apply><partialdiff/><ci>𝑤</ci></apply></apply></apply>
w_{jk}
  <apply><csymbol>subscript</csymbol><ci>𝑤</ci><apply><times/><ci>𝑗</ci><ci>𝑘</ci></apply></apply>
f(x+1)
  <apply><times/><ci>𝑓</ci><apply><plus/><ci>𝑥</ci><cn>1</cn></apply></apply>
a - b - c
  <apply><minus/><ci>𝑎</ci><ci>𝑏</ci><ci>𝑐</ci></apply>
a/b/c
  <apply><divide/><ci>𝑎</ci><ci>𝑏</ci><ci>𝑐</ci></apply>
\exp(-x)
  <apply><exp/><apply><minus/><ci>𝑥</ci></apply></apply>
\|y-a\|^2
  <apply><csymbol>superscript</csymbol><apply><csymbol>norm</csymbol><apply><minus/><ci>𝑦</ci><ci>𝑎</ci></apply></apply><cn>2</cn></apply>
SEEN
cat >"$folder/ask" <<'ASK'
\frac{dC}{dw}
\frac{\partial C}{\partial w}
\partial C/\partial w
w_{jk}
f(x+1)
a - b - c
a/b/c
\exp(-x)
\|y-a\|^2
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
while read -r latex; do
  printf '%s\n' "$latex"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp chroot debian /usr/bin/latexmlmath --cmml=- "$latex" 2>>errors </dev/null |
    tr -d '\n' | sed 's/<?[^>]*>//; s/ [a-zA-Z:]*="[^"]*"//g; s/> *</></g; s/<.\?math>//g; s/^ */  /'
  echo
done <ask >seen
grep -q apply seen || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

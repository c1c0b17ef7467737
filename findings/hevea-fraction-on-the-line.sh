#!/bin/sh
# HeVeA 2.36: a fraction in the running text loses its groups in HTML. (a + b) / c is printed as a+b/c, a / (b + c) as a/b+c,
# and the sigmoid 1 / (1 + e^{-z}) as 1/1+e^{-z}, which a reader takes for 1 + e^{-z}; a divided by b / c becomes a/b/c, and the
# square of a fraction that of its denominator. Nothing is said. A root has a line over all of it, and a fraction that is
# displayed is a table with two rows and a line. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include hevea=2.36-2+b4 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
\frac{a+b}{c}: a+b/c
\frac{a}{b+c}: a/b+c
\frac{1}{1+e^{-z}}: 1/1+e^{-z}
\frac{a}{\frac{b}{c}}: a/b/c
\frac{a}{bc}: a/bc
(\frac{a}{b})^2: (a/b)^{2}
\frac{a}{b}^2: a/b^{2}
\sqrt{a+b}: root a+b
SEEN
cat >"$folder/ask" <<'ASK'
\frac{a+b}{c}
\frac{a}{b+c}
\frac{1}{1+e^{-z}}
\frac{a}{\frac{b}{c}}
\frac{a}{bc}
(\frac{a}{b})^2
\frac{a}{b}^2
\sqrt{a+b}
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
while IFS= read -r latex; do
  printf '%s: ' "$latex"
  printf '$%s$\n' "$latex" | env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp chroot debian hevea 2>>errors |
    tr -d '\n' | sed 's/<sup>/^{/g; s/<\/sup>/}/g; s/<[^>]*>//g; s/&#X2212;/-/g; s/&#X221A;/root /g'
  echo
done <ask >seen
cat seen
diff -u expected seen

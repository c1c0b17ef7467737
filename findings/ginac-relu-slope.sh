#!/bin/sh
# GiNaC 1.8.8: the slope of relu, written x step(x), at 3 is 4, and it is 1. A derivative that is not known, here that of step,
# stays as D[0](step)(x), and evalf puts the value of the function in its place: the slope of step comes as step(3) = 1, of csgn
# as csgn(x), of the real part of x, which is 1, as x, and of G(x, 0.3) by x as G(x, 0.3). Only evalf does so.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include ginac-tools=1.8.8-1+b1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
slope of x*step(x) at 3: 4.0 differences 1.0000
slope of step(x) at 3: 1 differences 0.0000
slope of x*csgn(x) at 3: 4.0 differences 1.0000
slope of real_part(x) at 3: 3.0 differences 1.0000
slope of G(x, 3/10) at 3: -0.10536 differences 0.0370
slope of x*abs(x) at 3: 6.0 differences 6.0000
SEEN
cat >"$folder/ask" <<'ASK'
x*step(x)
step(x)
x*csgn(x)
real_part(x)
G(x, 3/10)
x*abs(x)
ASK
cd "$folder"
for name in lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
while read -r f; do
  printf 'evalf(subs(diff(%s, x), x == 3));\n' "$f"
  printf 'evalf(subs(%s, x == 3.001) - subs(%s, x == 2.999))/0.002;\nquit;\n' "$f" "$f"
done <ask | sed '/quit/d; $a quit;' >asked
chroot debian /usr/bin/ginsh <asked >said 2>errors || { tail -n 5 errors; exit 1; }
paste -d '|' - - <said | sed 's/\([0-9]\.[0-9]\{5\}\)[0-9]*/\1/g' | paste -d '|' ask - |
  awk -F '|' '{ printf "slope of %s at 3: %s differences %.4f\n", $1, $2, $3 }' >seen
cat seen
diff -u expected seen

#!/bin/sh
# Maxima 5.47.0: TeX that means something else. The derivative of f times g is written d/dx f g, which is read as the derivative
# of f g, that is as f' g + f g'; behind another derivative it is the same. The square of the remainder a mod b is a mod b^2,
# and c times it a mod b c: (5 mod 3)^2 is 4, and 5 mod 9 is 5. The limit of f(x) + x and the
# limit of f(x), plus x, look the same. The square of a derivative has its parentheses, and g behind a sum is put before it.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include maxima=5.47.0-7,dash=0.5.12-12,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
'diff(f,x,1)*g -> $${{d}\over{d\,x}}\,f\,g$$
'diff(f*g,x,1) -> $${{d}\over{d\,x}}\,\left(f\,g\right)$$
'diff(f,x,1)*'diff(g,x,1)*x -> $${{d}\over{d\,x}}\,f\,\left({{d}\over{d\,x}}\,g\right)\,x$$
('diff(f,x,1))^2 -> $$\left({{d}\over{d\,x}}\,f\right)^2$$
g*'sum(f[k],k,1,n) -> $$g\,\sum_{k=1}^{n}{f_{k}}$$
mod(a,b)^2 -> $$a \rm{mod} b^2$$
mod(a,b^2) -> $$a \rm{mod} \left(b^2\right)$$
mod(a,b)*c -> $$a \rm{mod} b\,c$$
mod(a,b*c) -> $$a \rm{mod} \left(b\,c\right)$$
'limit(f(x)+x,x,0) -> $$\lim_{x\rightarrow 0}{f\left(x\right)+x}$$
'limit(f(x),x,0)+x -> $$\lim_{x\rightarrow 0}{f\left(x\right)}+x$$
SEEN
cat >"$folder/debian/ask.mac" <<'ASK'
display2d: false$ linel: 1000$
ask(f) := print("SAYS", f, "->", tex(f, false))$
ask('diff(f, x)*g)$
ask('diff(f*g, x))$
ask(x*'diff(f, x)*'diff(g, x))$
ask('diff(f, x)^2)$
ask('sum(f[k], k, 1, n)*g)$
ask(mod(a, b)^2)$
ask(mod(a, b^2))$
ask(mod(a, b)*c)$
ask(mod(a, b*c))$
ask('limit(f(x) + x, x, 0))$
ask('limit(f(x), x, 0) + x)$
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
mkdir -p debian/proc
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp unshare --mount \
  sh -c 'mount -t proc proc debian/proc && exec chroot debian maxima --very-quiet --batch=/ask.mac' >said 2>errors ||
  { tail -n 5 said errors; exit 1; }
sed -n 's/^ *SAYS //p' said >seen
sed -i 's,  *$,,' seen
cat seen
diff -u expected seen

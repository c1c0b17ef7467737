#!/bin/sh
# Maxima 5.47.0: the derivative of inverse_jacobi_sn(u, m) by the parameter m is twice what it should be, and that of
# inverse_jacobi_cn too; that of inverse_jacobi_dn is wrong by both arguments, with the wrong sign by u. inverse_jacobi_sn(u, m)
# is the elliptic integral F(asin u, m), whose derivatives Maxima has right, and so are those of sn, cn and dn themselves.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include maxima=5.47.0-7,dash=0.5.12-12,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
inverse_jacobi_sn(0.4,x) at 0.3 : slope 0.023479 differences 0.01174
elliptic_f(0.41152,x) at 0.3 : slope 0.01174 differences 0.01174
inverse_jacobi_cn(0.4,x) at 0.3 : slope 0.52659 differences 0.2633
inverse_jacobi_dn(0.9,x) at 0.3 : slope -2.1665 differences -2.3001
inverse_jacobi_sn(x,0.3) at 0.4 : slope 1.1183 differences 1.1183
inverse_jacobi_cn(x,0.3) at 0.4 : slope -1.2616 differences -1.2616
inverse_jacobi_dn(x,0.3) at 0.9 : slope 6.9171 differences -6.9171
jacobi_sn(0.4,x) at 0.3 : slope -0.0094878 differences -0.0094878
jacobi_dn(0.4,x) at 0.3 : slope -0.075325 differences -0.075325
SEEN
cat >"$folder/debian/ask.mac" <<'ASK'
display2d: false$ linel: 1000$ fpprintprec: 5$
value(f, at) := float(subst(x = at, f))$
ask(f, at) := print("SAYS", f, "at", at, ": slope", value(diff(f, x), at),
  "differences", (value(f, at + 1.0e-5) - value(f, at - 1.0e-5))/2.0e-5)$
ask(inverse_jacobi_sn(0.4, x), 0.3)$
ask(elliptic_f(asin(0.4), x), 0.3)$
ask(inverse_jacobi_cn(0.4, x), 0.3)$
ask(inverse_jacobi_dn(0.9, x), 0.3)$
ask(inverse_jacobi_sn(x, 0.3), 0.4)$
ask(inverse_jacobi_cn(x, 0.3), 0.4)$
ask(inverse_jacobi_dn(x, 0.3), 0.9)$
ask(jacobi_sn(0.4, x), 0.3)$
ask(jacobi_dn(0.4, x), 0.3)$
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

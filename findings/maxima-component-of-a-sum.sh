#!/bin/sh
# Maxima 5.47.0: the derivative of the sum over k of x[k]^2 by x[j], or by x[2], is 0, without a word. It is 2 x[j]; so it is with
# a product, with ln sum exp(x[k]), whose gradient is softmax, and with a layer's cost by one of its weights. With the number 3
# for n the sum is written out and its derivative by x[2] is 2 x[2]. By x[k], whose k is bound, it is the sum of all 2 x[k].
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include maxima=5.47.0-7,dash=0.5.12-12,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
diff(sum(x[k]^2,k,1,n),x[j]) = 0
diff(sum(x[k]^2,k,1,n),x[2]) = 0
diff(sum(x[k]^2,k,1,3),x[2]) = 2*x[2]
diff(sum(x[k]^2,k,1,n),x[k]) = 2*'sum(x[k],k,1,n)
diff(product(x[k],k,1,n),x[2]) = 0
diff(log(sum(%e^x[k],k,1,n)),x[j]) = 0
diff(sum((sum(w[j,k]*x[k],k,1,n)-y[j])^2,j,1,m)/2,w[1,2]) = 0
SEEN
cat >"$folder/debian/ask.mac" <<'ASK'
display2d: false$ linel: 1000$
asked: [
  '(diff(sum(x[k]^2, k, 1, n), x[j])),
  '(diff(sum(x[k]^2, k, 1, n), x[2])),
  '(diff(sum(x[k]^2, k, 1, 3), x[2])),
  '(diff(sum(x[k]^2, k, 1, n), x[k])),
  '(diff(product(x[k], k, 1, n), x[2])),
  '(diff(log(sum(exp(x[k]), k, 1, n)), x[j])),
  '(diff(sum((sum(w[j,k]*x[k], k, 1, n) - y[j])^2, j, 1, m)/2, w[1,2]))]$
for f in asked do print("SAYS", f, "=", ev(f, nouns))$
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

#!/bin/sh
# pracma 2.4.4 on R 4.5.0: from the fifth derivative on, fderiv answers at 0 whatever x it is asked for. The fifth derivative of
# exp at 1 comes as 1.000, that of x^8, 6720, as 0, and of a vector of points there is one number. Orders up to 4 are right. The
# general formula multiplies the step and forgets to add x. With "forward" and "backward" it is the same. The documentation
# says orders 1 to 8, and an order above 8 has a warning.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include r-base-core=4.5.0-3,r-cran-pracma=2.4.4-3,dash=0.5.12-12,debianutils=5.23.2,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
order 3 of x^8 at 1: 336, it is 336
order 4 of x^8 at 1: 1680, it is 1680
order 5 of x^8 at 1: 0, it is 6720
order 6 of x^8 at 1: 1, it is 20160
order 7 of x^8 at 1: 0, it is 40320
order 8 of x^8 at 1: 40320, it is 40320
order 4 of exp at 1: 2.72, it is 2.72; at 0: 1.00
order 5 of exp at 1: 1.00, it is 2.72; at 0: 1.00
order 6 of exp at 1: 1.00, it is 2.72; at 0: 1.00
order 5 of exp at 0, 1 and 2: 1.00
order 5 of exp at 1, forward: 1.03
order 5 of exp at 1, backward: 0.98
SEEN
cat >"$folder/debian/ask.R" <<'ASK'
library(pracma)
eighth <- function(x) x^8
for (n in 3:8) cat(sprintf("order %d of x^8 at 1: %.0f, it is %.0f\n", n, fderiv(eighth, 1, n), prod(8:(9 - n))))
for (n in 4:6) cat(sprintf("order %d of exp at 1: %.2f, it is %.2f; at 0: %.2f\n", n, fderiv(exp, 1, n), exp(1), fderiv(exp, 0, n)))
cat("order 5 of exp at 0, 1 and 2:", sprintf("%.2f\n", fderiv(exp, 0:2, 5)))
for (method in c("forward", "backward")) cat(sprintf("order 5 of exp at 1, %s: %.2f\n", method, fderiv(exp, 1, 5, 0.01, method)))
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
ln -s which.debianutils debian/usr/bin/which
: >debian/etc/R/Renviron
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin R_HOME=/usr/lib/R EDITOR=vi PAGER=cat R_LIBS=/usr/lib/R/site-library \
  LD_LIBRARY_PATH=/usr/lib/R/lib:/usr/lib/x86_64-linux-gnu/blas:/usr/lib/x86_64-linux-gnu/lapack \
  chroot debian /usr/lib/R/bin/exec/R --no-echo --no-restore --no-save -f /ask.R >seen 2>errors ||
  { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

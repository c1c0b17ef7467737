#!/bin/sh
# Deriv 4.1.6 on R 4.5.0: the derivative of dgamma(y, 2, x), the density of the gamma distribution, by its rate x is 0, without
# a word, and that of pgamma too. At y = 1 and x = 0.4 they are 0.429 and 0.268. A likelihood that is to be fitted has such a
# slope. Written out with exp it is right; the derivatives of dnorm by its mean and by its deviation are right. What stands in
# no table at all, as dexp, is refused with an error. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include r-base-core=4.5.0-3,r-cran-deriv=4.1.6-1,dash=0.5.12-12,debianutils=5.23.2,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
dgamma(y, 2, x): slope 0.0000 differences 0.4290
pgamma(y, 2, x): slope 0.0000 differences 0.2681
x^2 * y * exp(-x * y): slope 0.4290 differences 0.4290
dnorm(y, x, 2): slope 0.0286 differences 0.0286
dnorm(y, 0, x): slope 0.5751 differences 0.5751
pnorm(y, 0, x): slope -0.1096 differences -0.1096
dexp(y, x): Function 'dexp()' is not in derivative table
SEEN
cat >"$folder/debian/ask.R" <<'ASK'
suppressWarnings(library(Deriv))

asked <- expression(dgamma(y, 2, x), pgamma(y, 2, x), x^2 * y * exp(-x * y), dnorm(y, x, 2), dnorm(y, 0, x), pnorm(y, 0, x), dexp(y, x))
h <- 1e-6
value <- function(f, x) suppressWarnings(eval(f, list(x = x, y = 1)))
for (f in asked) tryCatch({
  slope <- Deriv(f, "x")
  differences <- (value(f, 0.4 + h) - value(f, 0.4 - h)) / (2 * h)
  cat(sprintf("%s: slope %.4f differences %.4f\n", deparse(f), value(slope, 0.4), differences))
}, error = function(e) cat(sprintf("%s: %s\n", deparse(f), conditionMessage(e))))
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

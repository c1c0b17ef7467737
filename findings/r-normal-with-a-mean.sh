#!/bin/sh
# R 4.5.0: D, deriv and deriv3 drop all arguments of dnorm and pnorm but the first. The derivative of pnorm(x, 1, 2) comes as
# dnorm(x), 0.0044 at 3, where it is dnorm(x, 1, 2), 0.121; that of the upper tail has the wrong sign, and that of
# dnorm(x, log = TRUE) is not -x. The second argument of log is refused with an error, and psigamma's is kept. The help page has
# a note that only the standard normal distribution is considered.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include r-base-core=4.5.0-3,dash=0.5.12-12,debianutils=5.23.2,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
pnorm(x, 1, 2): dnorm(x) at 3: 0.0044 differences 0.1210
pnorm(x, sd = 2): dnorm(x) at 3: 0.0044 differences 0.0648
pnorm(x, lower.tail = FALSE): dnorm(x) at 3: 0.0044 differences -0.0044
pnorm(x, log.p = TRUE): dnorm(x) at 3: 0.0044 differences 0.0044
dnorm(x, 1, 2): -(x * dnorm(x)) at 3: -0.0133 differences -0.0605
dnorm(x, log = TRUE): -(x * dnorm(x)) at 3: -0.0133 differences -3.0000
pnorm((x - 1)/2): dnorm((x - 1)/2) * (1/2) at 3: 0.1210 differences 0.1210
psigamma(x, 2): psigamma(x, 3L) at 3: 0.1189 differences 0.1189
log(x, 2): only single-argument calls to log() are supported
SEEN
cat >"$folder/debian/ask.R" <<'ASK'
asked <- expression(pnorm(x, 1, 2), pnorm(x, sd = 2), pnorm(x, lower.tail = FALSE), pnorm(x, log.p = TRUE),
  dnorm(x, 1, 2), dnorm(x, log = TRUE), pnorm((x - 1)/2), psigamma(x, 2), log(x, 2))
h <- 1e-4
for (f in asked) tryCatch({
  slope <- D(f, "x")
  difference <- (eval(f, list(x = 3 + h)) - eval(f, list(x = 3 - h))) / (2 * h)
  cat(sprintf("%s: %s at 3: %.4f differences %.4f\n", deparse(f), deparse(slope), eval(slope, list(x = 3)), difference))
}, error = function(e) cat(deparse(f), ": ", sub(";.*", "", conditionMessage(e)), "\n", sep = ""))
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
ln -s which.debianutils debian/usr/bin/which
: >debian/etc/R/Renviron
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin R_HOME=/usr/lib/R EDITOR=vi PAGER=cat \
  LD_LIBRARY_PATH=/usr/lib/R/lib:/usr/lib/x86_64-linux-gnu/blas:/usr/lib/x86_64-linux-gnu/lapack \
  chroot debian /usr/lib/R/bin/exec/R --no-echo --no-restore --no-save -f /ask.R >seen 2>errors ||
  { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Deriv 4.1.6 on R 4.5.0: the derivative of x log(x^2) at -1.3 is NaN, and it is 2.52: log(x^2) is simplified to 2 log(x), which
# is not defined there. (x^4)^0.25, the size of x, has the slope 1 at -1.3 for -1, ((x^2)^1.5)^2 has 22.3 for -22.3 and
# exp((x^2)^1.5) -0.56 for -45.6, since the powers are multiplied. R's own D is right of all of these. Upstream knows of such
# logarithms, issue 9 of sgsokol/Deriv, closed as one that will not be mended; of the powers nothing was found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include r-base-core=4.5.0-3,r-cran-deriv=4.1.6-1,dash=0.5.12-12,debianutils=5.23.2,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x * log(x^2): 2 + 2 * log(x), at -1.3 NaN, by D 2.525, differences 2.525
(log(x^2))^2: 8 * (log(x)/x), at -1.3 NaN, by D -1.615, differences -1.615
(x^4)^0.25: 1, at -1.3 1.000, by D -1.000, differences -1.000
((x^2)^1.5)^2: 6 * (x^4 * abs(x)), at -1.3 22.278, by D -22.278, differences -22.278
exp((x^2)^1.5): 3 * (x * abs(x) * exp(x^3)), at -1.3 -0.563, by D -45.620, differences -45.620
x * abs(x): abs(x) + x * sign(x), at -1.3 2.600, by D NA, differences 2.600
SEEN
cat >"$folder/debian/ask.R" <<'ASK'
suppressWarnings(library(Deriv))

asked <- expression(x * log(x^2), (log(x^2))^2, (x^4)^0.25, ((x^2)^1.5)^2, exp((x^2)^1.5), x * abs(x))
h <- 1e-6
value <- function(f, x) suppressWarnings(eval(f, list(x = x)))
for (f in asked) {
  slope <- Deriv(f, "x")
  own <- if (deparse(f) == "x * abs(x)") NA else value(D(f, "x"), -1.3)
  differences <- (value(f, -1.3 + h) - value(f, -1.3 - h)) / (2 * h)
  cat(sprintf("%s: %s, at -1.3 %.3f, by D %.3f, differences %.3f\n",
    deparse(f), deparse(slope), value(slope, -1.3), own, differences))
}
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

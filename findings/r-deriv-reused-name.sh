#!/bin/sh
# Deriv 4.1.6 on R 4.5.0: the derivative of a function that gives its argument another value is wrong, without a word. x <- x^2,
# twice, and x at the end, is x^4, and its slope comes as 1; of y <- x; x <- 2; y x it is 2 + x, and it is 2. The last value is
# differentiated as if its x were still the one that was given. With another name for each value, or if a name other than the
# argument's is reused, the slope is right. An argument whose default is x^2 counts as a constant. A layer is often written as x
# <- f(x). Upstream mended the reuse of other names in 2016, issue 12 of sgsokol/Deriv.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include r-base-core=4.5.0-3,r-cran-deriv=4.1.6-1,dash=0.5.12-12,debianutils=5.23.2,coreutils=9.7-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
 x <- x^2 ;  x <- x^2 ;  x: 1, at 1.5 1.0000, differences 13.5000
 y <- x^2 ;  z <- y^2 ;  z: 4 * x^3, at 1.5 13.5000, differences 13.5000
 y <- x^2 ;  y <- y^2 ;  y: 4 * x^3, at 1.5 13.5000, differences 13.5000
 x <- tanh(2 * x) ;  x <- tanh(3 * x) ;  x: 1, at 1.5 1.0000, differences 0.0006
 y <- x ;  x <- 2 ;  y * x: 2 + x, at 1.5 3.5000, differences 2.0000
x * y: y, at 1.5 2.2500, differences 6.7500
SEEN
cat >"$folder/debian/ask.R" <<'ASK'
suppressWarnings(library(Deriv))

asked <- c(
  function(x) { x <- x^2; x <- x^2; x },
  function(x) { y <- x^2; z <- y^2; z },
  function(x) { y <- x^2; y <- y^2; y },
  function(x) { x <- tanh(2 * x); x <- tanh(3 * x); x },
  function(x) { y <- x; x <- 2; y * x },
  function(x, y = x^2) x * y)
h <- 1e-6
for (f in asked) {
  text <- gsub("[{] ; | ; [}]", "", paste(gsub(" +", " ", deparse(body(f))), collapse = " ; "))
  slope <- Deriv(f, "x")
  told <- gsub(" +", " ", paste(deparse(body(slope)), collapse = " "))
  cat(sprintf("%s: %s, at 1.5 %.4f, differences %.4f\n", text, told, slope(1.5), (f(1.5 + h) - f(1.5 - h)) / (2 * h)))
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

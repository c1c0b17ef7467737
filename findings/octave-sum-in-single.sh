#!/bin/sh
# GNU Octave 9.4.0: the sum of ten million times 0.1 in single precision is 1,087,937, and so is the product with a vector of ones;
# it is 1,000,000. 2^25 ones add up to 2^24, where 1 more changes nothing. One number is added after the other; mean knows
# better and answers 0.1 and 1, so that a loss is another one by sum(x) / numel(x). With "extra" or "double" the sum is right.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include octave=9.4.0-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
10000000 times 0.1: sum 1087937, product 1087937, in double precision 1000000, extra 1000000
  mean 0.1000, sum by number 0.1088
33554432 times 1: sum 16777216, product 16777216, in double precision 33554432, extra 33554432
  mean 1.0000, sum by number 0.5000
SEEN
cat >"$folder/debian/ask.m" <<'ASK'
tenths = single(0.1) * ones(1, 1e7, "single");
ones25 = ones(1, 2^25, "single");
for x = {tenths, ones25}
  x = x{1};
  printf("%d times %g: sum %.0f, product %.0f, in double precision %.0f, extra %.0f\n", numel(x), x(1), sum(x),
         x * ones(numel(x), 1, "single"), sum(x, "double"), sum(x, "extra"));
  printf("  mean %.4f, sum by number %.4f\n", mean(x), sum(x)/numel(x));
end
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
libraries=/usr/lib/x86_64-linux-gnu
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LD_LIBRARY_PATH=$libraries/blas:$libraries/lapack \
  chroot debian /usr/bin/octave-cli --norc --quiet /ask.m >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

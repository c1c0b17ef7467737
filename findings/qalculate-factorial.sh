#!/bin/sh
# Qalculate! 5.5.2: the derivative of x! is digamma(x + 1) (x + 1)!, and it is digamma(x + 1) x!. At 3 it comes as 30.1 for
# 7.54, x + 1 times too large, and of what holds a factorial, as 1 / x! or ln(x!), it is off alike. gamma(x + 1), the same
# function, is differentiated right, and so is the logarithm of 2 to the base x. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include qalc=5.5.2-1+b1,libqalculate23=5.5.2-1+b1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
diff(x!, x, 1, 3) = 30.1468
diff(gamma(x+1), x, 1, 3) = 7.53671
diff(1/x!, x, 1, 3) = -0.837412
diff(1/gamma(x+1), x, 1, 3) = -0.209353
diff(ln(x!), x, 1, 3) = 5.02447
diff(ln(gamma(x+1)), x, 1, 3) = 1.25612
diff(x!, x) = digamma(x + 1) * factorial(x + 1)
diff(gamma(x+1), x) = digamma(x + 1) * gamma(x + 1)
diff(ln(gamma(x+1)), x) = digamma(x + 1)
diff(log(2, x), x, 1, 3) = -0.191432
differences of 3! = 7.53671
SEEN
cat >"$folder/ask" <<'ASK'
x!, x, 1, 3
gamma(x+1), x, 1, 3
1/x!, x, 1, 3
1/gamma(x+1), x, 1, 3
ln(x!), x, 1, 3
ln(gamma(x+1)), x, 1, 3
x!, x
gamma(x+1), x
ln(gamma(x+1)), x
log(2, x), x, 1, 3
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
while read -r f; do
  printf 'diff(%s) = ' "$f"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 chroot debian qalc -t -s 'precision 6' -s 'unicode off' "diff($f)" </dev/null 2>>errors
done <ask >seen
printf 'differences of 3! = ' >>seen
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 chroot debian qalc -t -s 'precision 6' '(gamma(4.0001) - gamma(3.9999)) / 0.0002' </dev/null >>seen 2>>errors
cat seen
diff -u expected seen

#!/bin/sh
# PARI/GP 2.17.2: the derivative by a prime, as in log'(x), and derivnum, are right to all 38 digits at 1 and to none at 1e-20,
# without a word: log' answers 3.4e18 - 2.9e19 i, where it is 1e20, and sqrt' a complex number too. The step is 2^-64 however
# small x is, and is made to the left as well. Of sin(1/x) at 1e-10 the sign is wrong. A difference with a smaller step is right.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include pari-gp=2.17.2-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at 1: log' 1.000, it is 1; sqrt' 0.5000, it is 0.5000
at 1.000 E-5: log' 1.000 E5, it is 1.000 E5; sqrt' 158.1, it is 158.1
at 1.000 E-10: log' 1.000 E10, it is 1.000 E10; sqrt' 5.000 E4, it is 5.000 E4
at 1.000 E-18: log' 1.001 E18, it is 1.000 E18; sqrt' 5.002 E8, it is 5.000 E8
at 1.000 E-20: log' 3.442 E18 - 2.898 E19*I, it is 1.000 E20; sqrt' 2.337 E9 - 1.939 E9*I, it is 5.000 E9
at 1.000 E-30: log' 3.403 E8 - 2.898 E19*I, it is 1.000 E30; sqrt' 2.147 E9 - 2.147 E9*I, it is 5.000 E14
at 1.000 E-5: sin(1/x)' 9.994 E9, it is 9.994 E9
at 1.000 E-8: sin(1/x)' 3.634 E15, it is 3.634 E15
at 1.000 E-9: sin(1/x)' -8.375 E17, it is -8.379 E17
at 1.000 E-10: sin(1/x)' 1.223 E19, it is -8.731 E19
difference with a step of 1e-40 at 1e-20: 1.000 E20
SEEN
cat >"$folder/debian/ask.gp" <<'ASK'
default(format, "g.4");
default(colors, "no");
{foreach([1, 1e-5, 1e-10, 1e-18, 1e-20, 1e-30], x,
  print("at ", x, ": log' ", log'(x), ", it is ", 1/x, "; sqrt' ", sqrt'(x), ", it is ", 1/(2*sqrt(x))))}
f(x) = sin(1/x);
{foreach([1e-5, 1e-8, 1e-9, 1e-10], x, print("at ", x, ": sin(1/x)' ", f'(x), ", it is ", -cos(1/x)/x^2))}
print("difference with a step of 1e-40 at 1e-20: ", localprec(100); (log(1e-20 + 1e-40) - log(1e-20))/1e-40);
ASK
cd "$folder"
for name in lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
chroot debian /usr/bin/gp -q -f /ask.gp </dev/null >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

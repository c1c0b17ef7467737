#!/bin/sh
# GNU Octave 9.4.0: gradient(@exp, 0) is 1.175, and the derivative of exp at 0 is 1. The function is asked one unit to the left
# and right unless a step is given, as the last sentence of the help says. sin(2 pi x) has the slope 0 everywhere, x^3 at 0.1 the
# slope 1.03 instead of 0.03, and log at 0.1 a complex one. The help's example, gradient(@cos, 0), is 0 by symmetry.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include octave=9.4.0-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
exp at 0.1: 1.299, with step 0.001 1.105, it is 1.105
exp at 1: 3.195, with step 0.001 2.718, it is 2.718
x^3 at 0.1: 1.030, with step 0.001 0.030, it is 0.030
x^3 at 1: 4.000, with step 0.001 3.000, it is 3.000
sin(2 pi x) at 0.1: 0.000, with step 0.001 5.083, it is 5.083
sin(2 pi x) at 1: 0.000, with step 0.001 6.283, it is 6.283
log at 0.1: 0.100-1.571i, with step 0.001 10.000, it is 10.000
log at 1: Inf, with step 0.001 1.000, it is 1.000
cos at 0.1: -0.084, with step 0.001 -0.100, it is -0.100
cos at 1: -0.708, with step 0.001 -0.841, it is -0.841
exp at 0: 1.175
SEEN
cat >"$folder/debian/ask.m" <<'ASK'
shown = @(v) num2str(round(1000*v)/1000 + 0, "%.3f");
names = {"exp", "x^3", "sin(2 pi x)", "log", "cos"};
functions = {@exp, @(x) x.^3, @(x) sin(2*pi*x), @log, @cos};
slopes = {@exp, @(x) 3*x.^2, @(x) 2*pi*cos(2*pi*x), @(x) 1 ./ x, @(x) -sin(x)};
for k = 1:5
  for x = [0.1 1]
    printf("%s at %g: %s, with step 0.001 %s, it is %.3f\n", names{k}, x, shown(gradient(functions{k}, x)),
           shown(gradient(functions{k}, x, 0.001)), slopes{k}(x));
  end
end
printf("exp at 0: %.3f\n", gradient(@exp, 0));
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
libraries=/usr/lib/x86_64-linux-gnu
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LD_LIBRARY_PATH=$libraries/blas:$libraries/lapack \
  chroot debian /usr/bin/octave-cli --norc --quiet /ask.m >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Genius 1.0.27: the derivatives of asec, acsc and acsch have the wrong sign left of 0. asec rises on both sides; its slope at
# -2 is 0.289, and SymbolicDerivative answers 1 / (x sqrt(x^2 - 1)), -0.289, where the size of x belongs. acsc and acsch fall on
# both sides and come with a positive slope there. That of (x^2)^0.5, the size of x, comes as 1 on both sides, since the powers
# are multiplied. On the right all agree, and acoth and asinh do so everywhere. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include genius=1.0.27-1+b3,genius-common=1.0.27-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
asec at -2.0: value 2.09439510239, slope -0.288675134595, differences 0.288675134605
acsc at -2.0: value -0.523598775598, slope 0.288675134595, differences -0.288675134605
(x^2)^0.5 at -2.0: value 2.0, slope 1, differences -1.0
acsch at -2.0: value -0.48121182506, slope 0.22360679775, differences -0.223606797754
acoth at -2.0: value -0.549306144334, slope -0.333333333333, differences -0.333333333349
asinh at -2.0: value -1.44363547518, slope 0.4472135955, differences 0.447213595502
asec at 2.0: value 1.0471975512, slope 0.288675134595, differences 0.288675134605
acsc at 2.0: value 0.523598775598, slope -0.288675134595, differences -0.288675134605
(x^2)^0.5 at 2.0: value 2.0, slope 1, differences 1.0
acsch at 2.0: value 0.48121182506, slope -0.22360679775, differences -0.223606797754
acoth at 2.0: value 0.549306144334, slope -0.333333333333, differences -0.333333333349
asinh at 2.0: value 1.44363547518, slope 0.4472135955, differences 0.447213595502
(`(x)=(1/(x*sqrt(((x^2)-1)))))
SEEN
cat >"$folder/debian/ask.gel" <<'ASK'
function Ask(name,f,at) = (
  slope = SymbolicDerivative(f);
  h = 0.00001;
  print(name + " at " + at + ": value " + f(at) + ", slope " + slope(at) + ", differences " + (f(at+h)-f(at-h))/(2*h))
);
for at in [-2.0,2.0] do (
  Ask("asec",`(x)=asec(x),at);
  Ask("acsc",`(x)=acsc(x),at);
  Ask("(x^2)^0.5",`(x)=(x^2)^0.5,at);
  Ask("acsch",`(x)=acsch(x),at);
  Ask("acoth",`(x)=acoth(x),at);
  Ask("asinh",`(x)=asinh(x),at)
);
print(SymbolicDerivative(`(x)=asec(x)));
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp chroot debian genius /ask.gel </dev/null >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

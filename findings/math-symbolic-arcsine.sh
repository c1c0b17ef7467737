#!/bin/sh
# Perl's Math::Symbolic 0.613: derivatives that are wrong. That of asin(x) comes as 1 / (1 - x^2), without its
# root, and that of acos(x) likewise; cot has the derivative of -tan, and log(x, 2), whose base is x, the derivative 0. Those of
# atan, asinh and acosh are right until they are simplified, when their x^2 becomes x, since the 2 was once made of a 1 and
# still says that it is one. The values are right, and so are the derivatives of tan and sinh.
# Seen in November 2026 on Linux, Perl 5.36, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include libmath-symbolic-perl=0.613-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
asin(x) at 0.4: 1 / (1 - (x ^ 2)) is 1.190, simplified 1 / (1 - x) is 1.667, differences 1.091
acos(x) at 0.4: -1 / (1 - (x ^ 2)) is -1.190, simplified -1 / (1 - (x ^ 2)) is -1.190, differences -1.091
atan(x) at 0.4: 1 / (1 + (x ^ 2)) is 0.862, simplified 1 / (1 + x) is 0.714, differences 0.862
acot(x) at 0.4: -1 / (1 + (x ^ 2)) is -0.862, simplified -1 / (1 + (x ^ 2)) is -0.862, differences -0.862
asinh(x) at 0.4: 1 / (((x ^ 2) + 1) ^ 0.5) is 0.928, simplified 1 / (1 + x) is 0.714, differences 0.928
acosh(x) at 1.7: 1 / (((x ^ 2) - 1) ^ 0.5) is 0.727, simplified 1 / (-1 + x) is 1.429, differences 0.727
tan(x) at 0.4: 1 / ((cos(x)) ^ 2) is 1.179, simplified 1 / ((cos(x)) ^ 2) is 1.179, differences 1.179
cot(x) at 0.4: -(1 / ((cos(x)) ^ 2)) is -1.179, simplified -(1 / ((cos(x)) ^ 2)) is -1.179, differences -6.594
sinh(x) at 0.4: cosh(x) is 1.081, simplified cosh(x) is 1.081, differences 1.081
log(2, x) at 0.4: 1 / ((log(2.71828182845905, 2)) * x) is 3.607, simplified 1 / (0.693147180559945 * x) is 3.607, differences 3.607
log(x, 2) at 0.4: 0 / ((log(2.71828182845905, x)) * 2) is -0.000, simplified 0 is 0.000, differences -2.064
SEEN
cat >"$folder/ask.pl" <<'ASK'
use Math::Symbolic qw(:all);
use Math::Symbolic::Derivative qw(partial_derivative);

my $h = 1e-5;
for (["asin(x)", 0.4], ["acos(x)", 0.4], ["atan(x)", 0.4], ["acot(x)", 0.4], ["asinh(x)", 0.4], ["acosh(x)", 1.7],
     ["tan(x)", 0.4], ["cot(x)", 0.4], ["sinh(x)", 0.4], ["log(2, x)", 0.4], ["log(x, 2)", 0.4]) {
  my ($text, $at) = @$_;
  my $f = parse_from_string($text);
  my $slope = partial_derivative($f, "x");
  my $difference = ($f->value(x => $at + $h) - $f->value(x => $at - $h)) / (2 * $h);
  my $simple = $slope->simplify;
  printf "%s at %s: %s is %.3f, ", $text, $at, $slope, $slope->value(x => $at);
  printf "simplified %s is %.3f, differences %.3f\n", $simple, $simple->value(x => $at) + 0, $difference;
}
ASK
cd "$folder"
PERL5LIB="$PWD/debian/usr/share/perl5" perl ask.pl >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Perl's Math::Symbolic 0.613: 1 - x - 1 is simplified to 0, and it is -x; so it is with 5 - x y - 5. What is
# subtracted between two equal numbers is lost, with a warning of Perl about an uninitialized value. -x^2 is read as (-x)^2, so
# that exp(-x^2) at 3 is 8103 instead of 0.0001, and its slope has the wrong sign; Perl itself, and 0 - x^2 and 2 - x - 1 here, are
# read and simplified as one expects.
# Seen in November 2026 on Linux, Perl 5.36, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include libmath-symbolic-perl=0.613-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
1 - x - 1 at 3: -3, simplified: 0, 0
5 - x*y - 5 at 3: -3, simplified: 0, 0
2 - x - 1 at 3: -2, simplified: 1 - x, -2
1 - x + 1 at 3: -1, simplified: 2 - x, -1
-x^2 at 3: 9, Perl -9
0 - x^2 at 3: -9, Perl -9
exp(-x^2) at 3: 8103, Perl 0.0001234
2^-x at 3: 0.125, Perl 0.125
1 - x^2 at 3: -8, Perl -8
SEEN
cat >"$folder/ask.pl" <<'ASK'
use Math::Symbolic qw(:all);

my $x = 3;
for my $text ("1 - x - 1", "5 - x*y - 5", "2 - x - 1", "1 - x + 1") {
  my $f = parse_from_string($text);
  my $simple = $f->simplify;
  printf "%s at 3: %g, simplified: %s, %g\n", $text, $f->value(x => $x, y => 1), $simple, $simple->value(x => $x, y => 1) + 0;
}
for my $text ("-x^2", "0 - x^2", "exp(-x^2)", "2^-x", "1 - x^2") {
  (my $perl = $text) =~ s/\bx\b/\$x/g;
  $perl =~ s/\^/**/g;
  printf "%s at 3: %.4g, Perl %.4g\n", $text, parse_from_string($text)->value(x => $x), eval $perl;
}
ASK
cd "$folder"
PERL5LIB="$PWD/debian/usr/share/perl5" perl ask.pl >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# ADOL-C 2.7.2: frexp, which splits a number into m 2^e with m from a half up to 1, answers another m for active numbers. The m
# of 1 is 0.5 and comes as -0.5, that of 5 is 0.625 and comes as 1.375, x - (m + e), whenever e is not 0; its slope comes as 1
# and is 2^-e. The exponent is right, so that m 2^e is no longer x. A warning on the error stream says that std::frexp returned
# inconsistent results, which it did not. ldexp, the way back, is right. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, GCC 12, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" \
  --include libadolc-dev=2.7.2-6,libcolpack-dev=1.0.10-7 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
0.3 is 0.6 2^-1: m 0.7 e -1, so that m 2^e is 0.35; slope of m 1, it is 2; ldexp(x, 3) 2.4
0.7 is 0.7 2^0: m 0.7 e 0, so that m 2^e is 0.7; slope of m 1, it is 1; ldexp(x, 3) 5.6
1 is 0.5 2^1: m -0.5 e 1, so that m 2^e is -1; slope of m 1, it is 0.5; ldexp(x, 3) 8
-1.3 is -0.65 2^1: m -1.65 e 1, so that m 2^e is -3.3; slope of m 1, it is 0.5; ldexp(x, 3) -10.4
2.2 is 0.55 2^2: m -0.35 e 2, so that m 2^e is -1.4; slope of m 1, it is 0.25; ldexp(x, 3) 17.6
5 is 0.625 2^3: m 1.375 e 3, so that m 2^e is 11; slope of m 1, it is 0.125; ldexp(x, 3) 40
SEEN
cat >"$folder/ask.cpp" <<'ASK'
#include <adolc/adolc.h>
#include <cmath>
#include <cstdio>

int main() {
  for (double at : {0.3, 0.7, 1., -1.3, 2.2, 5.}) {
    double value, back, slope, start[1] = {at};
    int exponent, plain;
    trace_on(1);
    adouble x, m, again;
    x <<= at;
    m = frexp(x, &exponent);
    m >>= value;
    trace_off();
    gradient(1, 1, start, &slope);
    trace_on(2);
    x <<= at;
    again = ldexp(x, 3);
    again >>= back;
    trace_off();
    double truth = std::frexp(at, &plain);
    std::printf("%g is %g 2^%d: m %g e %d, so that m 2^e is %g; slope of m %g, it is %g; ldexp(x, 3) %g\n", at, truth, plain, value,
                exponent, value * std::pow(2, exponent), slope, std::pow(2, -plain), back);
  }
}
ASK
cd "$folder"
mkdir include
ln -s "$PWD/debian/usr/include/adolc" "$PWD/debian/usr/include/ColPack" include
g++ -std=c++17 -w -Iinclude ask.cpp -o ask debian/usr/lib/x86_64-linux-gnu/libadolc.a debian/usr/lib/x86_64-linux-gnu/libColPack.a \
  -fopenmp 2>errors || { tail -n 5 errors; exit 1; }
./ask >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

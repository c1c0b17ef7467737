#!/bin/sh
# ADOL-C 2.7.2: by reverse mode the slope of pow(x, 1.0), which is x, at 0 is 0, without a word; by forward mode it is 1. A
# polynomial whose terms are written with pow(x, k), as 3 + 5 x + 7 x^2, loses its linear part: gradient answers 0 at 0, and it
# is 5, as fos_forward says and gradient of the same polynomial written with products. A billionth beside 0 all agree. Where the
# result of a power is 0, its operand gets nothing back, which is right only for exponents above 1. The tracker was searched:
# nothing found.
# Seen in December 2026 on Linux, GCC 12, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" \
  --include libadolc-dev=2.7.2-6,libcolpack-dev=1.0.10-7 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
pow(x, 1) at 0: value 0, slope by reverse mode 0, by forward mode 1
pow(x, 2) at 0: value 0, slope by reverse mode 0, by forward mode 0
3 + 5 pow(x, 1) + 7 pow(x, 2) at 0: value 3, slope by reverse mode 0, by forward mode 5
3 + 5 x + 7 x x at 0: value 3, slope by reverse mode 5, by forward mode 5
pow(x, 1) at 1e-09: value 1e-09, slope by reverse mode 1, by forward mode 1
pow(x, 2) at 1e-09: value 1e-18, slope by reverse mode 2e-09, by forward mode 2e-09
3 + 5 pow(x, 1) + 7 pow(x, 2) at 1e-09: value 3, slope by reverse mode 5, by forward mode 5
3 + 5 x + 7 x x at 1e-09: value 3, slope by reverse mode 5, by forward mode 5
SEEN
cat >"$folder/ask.cpp" <<'ASK'
#include <adolc/adolc.h>
#include <cstdio>

template <class Function>
void say(const char* name, Function f, double at) {
  double value, slope, start[1] = {at}, direction[1] = {1}, forward[1], point[1];
  trace_on(1);
  adouble x, y;
  x <<= at;
  y = f(x);
  y >>= value;
  trace_off();
  gradient(1, 1, start, &slope);
  fos_forward(1, 1, 1, 0, start, direction, point, forward);
  std::printf("%s at %g: value %g, slope by reverse mode %g, by forward mode %g\n", name, at, value, slope, forward[0]);
}

int main() {
  auto power = [](int k) { return [k](const adouble& x) -> adouble { return pow(x, double(k)); }; };
  auto series = [](const adouble& x) -> adouble { return 3 + 5 * pow(x, 1.0) + 7 * pow(x, 2.0); };
  auto written = [](const adouble& x) -> adouble { return 3 + 5 * x + 7 * x * x; };
  for (double at : {0., 1e-9}) {
    say("pow(x, 1)", power(1), at);
    say("pow(x, 2)", power(2), at);
    say("3 + 5 pow(x, 1) + 7 pow(x, 2)", series, at);
    say("3 + 5 x + 7 x x", written, at);
  }
}
ASK
cd "$folder"
mkdir include
ln -s "$PWD/debian/usr/include/adolc" "$PWD/debian/usr/include/ColPack" include
g++ -std=c++17 -w -Iinclude ask.cpp -o ask debian/usr/lib/x86_64-linux-gnu/libadolc.a debian/usr/lib/x86_64-linux-gnu/libColPack.a \
  -fopenmp 2>errors || { tail -n 5 errors; exit 1; }
./ask >seen
cat seen
diff -u expected seen

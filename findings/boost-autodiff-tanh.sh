#!/bin/sh
# Boost 1.83.0: tanh of its autodiff numbers is nan from 355 on, the value too, which std::tanh has as 1 for every large number,
# and the derivative as 0. It is sinh over cosh, and the quotient squares cosh, which is beyond the largest double there. A neuron
# that is saturated is enough. The square of x at 0, if its exponent 2 is such a number too, has the slopes nan, through ln 0.
# Seen in November 2026 on Linux, GCC 12, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include libboost1.83-dev=1.83.0-4.2 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
tanh at 20: value 1 slope 0, std::tanh 1
tanh at 354: value 1 slope 0, std::tanh 1
tanh at 355: value nan slope nan, std::tanh 1
tanh at 400: value nan slope nan, std::tanh 1
x^2 at 0: value 0 slope 0 curvature 2
x^p at 0: value 0 slope nan curvature nan
SEEN
cat >"$folder/ask.cpp" <<'ASK'
#include <boost/math/differentiation/autodiff.hpp>
#include <cmath>
#include <cstdio>

using boost::math::differentiation::make_fvar;

int main() {
  for (double at : {20., 354., 355., 400.}) {
    auto y = tanh(make_fvar<double, 1>(at));
    std::printf("tanh at %g: value %g slope %g, std::tanh %g\n", at, y.derivative(0), y.derivative(1), std::tanh(at));
  }
  auto x = make_fvar<double, 2>(0.);
  auto number = pow(x, 2.), variable = pow(x, make_fvar<double, 2>(2.));
  std::printf("x^2 at 0: value %g slope %g curvature %g\n", number.derivative(0), number.derivative(1), number.derivative(2));
  std::printf("x^p at 0: value %g slope %g curvature %g\n", variable.derivative(0), variable.derivative(1), variable.derivative(2));
}
ASK
cd "$folder"
mkdir include
ln -s "$PWD/debian/usr/include/boost" include
g++ -std=c++17 -w -Iinclude ask.cpp -o ask 2>errors || { tail -n 5 errors; exit 1; }
./ask | sed 's/-nan/nan/g' >seen
cat seen
diff -u expected seen

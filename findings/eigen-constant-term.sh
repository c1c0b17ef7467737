#!/bin/sh
# Eigen 3.4.0 and Ceres Solver 2.2.0: a polynomial whose terms are written c[k] * pow(x, k) in a loop has the slope nan at 0. The
# term of k = 0 is a constant, with the value 1; its slope is computed as 0 times x^-1. The value of the polynomial is right, and so
# is the slope of both a hair to the right, and at 0 if the constant stands alone. x^1 and x^2 have theirs right at 0.
# Seen in November 2026 on Linux, GCC 12, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include libeigen3-dev=3.4.0-5,libceres-dev=2.2.0+dfsg-4.1+b2 2>"$folder/apt" || { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
x = 0, Eigen: value 5 slope nan, constant apart 3
x = 0, Ceres: value 5 slope nan, constant apart 3
x = 1e-09, Eigen: value 5 slope 3, constant apart 3
x = 1e-09, Ceres: value 5 slope 3, constant apart 3
x = 1, Eigen: value 10 slope 7, constant apart 7
x = 1, Ceres: value 10 slope 7, constant apart 7
SEEN
cat >"$folder/ask.cpp" <<'ASK'
#include <ceres/jet.h>
#include <cstdio>
#include <unsupported/Eigen/AutoDiff>

using Scalar = Eigen::AutoDiffScalar<Eigen::Matrix<double, 1, 1>>;
using Jet = ceres::Jet<double, 1>;

const double c[] = {5, 3, 2};

template <class Number> Number loop(const Number& x) {
  Number sum = x * 0.0;
  for (int k = 0; k < 3; k++) sum += Number(c[k] * pow(x, double(k)));
  return sum;
}

template <class Number> Number apart(const Number& x) { return c[0] + Number(c[1] * x) + Number(c[2] * x * x); }

int main() {
  for (double at : {0.0, 1e-9, 1.0}) {
    Scalar scalar(at, 1, 0);
    Jet jet(at, 0);
    std::printf("x = %g, Eigen: value %g slope %g, constant apart %g\n", at, loop(scalar).value(),
                loop(scalar).derivatives()[0], apart(scalar).derivatives()[0]);
    std::printf("x = %g, Ceres: value %g slope %g, constant apart %g\n", at, loop(jet).a, loop(jet).v[0], apart(jet).v[0]);
  }
}
ASK
cd "$folder"
mkdir include
ln -s "$PWD/debian/usr/include/ceres" "$PWD/debian/usr/include/eigen3/Eigen" "$PWD/debian/usr/include/eigen3/unsupported" include
g++ -std=c++17 -O1 -DNDEBUG -w -Iinclude ask.cpp -o ask 2>errors || { tail -n 5 errors; exit 1; }
./ask | sed 's/-nan/nan/g' >seen
cat seen
diff -u expected seen

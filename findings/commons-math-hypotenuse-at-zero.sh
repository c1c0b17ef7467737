#!/bin/sh
# Apache Commons Math 3.6.1: the second derivative of DerivativeStructure.hypot(x, 1), the root of x^2 + 1, at 0 is 0, where it
# is 1, and so it is up to 3e-9. What is smaller than the other by 28 powers of 2 is left out, together with its derivatives.
# The first derivative by both is right. The smooth absolute value that hypot is used for has no curvature at its lowest point,
# and Newton's method divides by it. The root written out is right, and so is hypot from 1e-8 on.
# Seen in November 2026 on Linux, OpenJDK 17, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" --include libcommons-math3-java=3.6.1-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
at 0.0: hypot 1.000, slope 0.000, curvature 0.000; root: curvature 1.000
at 1.0E-9: hypot 1.000, slope 0.000, curvature 0.000; root: curvature 1.000
at 1.0E-8: hypot 1.000, slope 0.000, curvature 1.000; root: curvature 1.000
at 0.1: hypot 1.005, slope 0.100, curvature 0.985; root: curvature 0.985
SEEN
cat >"$folder/Ask.java" <<'ASK'
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;

class Ask {
    public static void main(String[] none) {
        for (double at : new double[] {0, 1e-9, 1e-8, 0.1}) {
            DerivativeStructure x = new DerivativeStructure(1, 2, 0, at);
            DerivativeStructure one = new DerivativeStructure(1, 2, 1.0);
            DerivativeStructure hypot = DerivativeStructure.hypot(x, one);
            DerivativeStructure root = x.multiply(x).add(1).sqrt();
            System.out.printf("at %s: hypot %.3f, slope %.3f, curvature %.3f; root: curvature %.3f%n", at,
                hypot.getValue(), hypot.getPartialDerivative(1), hypot.getPartialDerivative(2), root.getPartialDerivative(2));
        }
    }
}
ASK
cd "$folder"
java -cp debian/usr/share/java/commons-math3.jar Ask.java >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

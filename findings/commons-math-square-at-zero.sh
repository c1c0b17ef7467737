#!/bin/sh
# Apache Commons Math 3.6.1: x.pow(2.0) of a DerivativeStructure of third order is nan at 0, the value of the square too, and so
# is x.pow(1.0) of second order, which is x. With the whole number 2 the same is 0, and so is it at second order. It goes
# through 0 to the power p - n, which is infinite where more derivatives are asked for than the exponent has, times 0. With a
# DerivativeStructure for the exponent the square of -3 is nan, through the logarithm.
# Seen in November 2026 on Linux, OpenJDK 17, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/debian" --include libcommons-math3-java=3.6.1-3 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
order 1, pow(1.0) at 0: value 0.0, slope 1.0
order 1, pow(1.5) at 0: value 0.0, slope 0.0
order 1, pow(2.0) at 0: value 0.0, slope 0.0
order 1, pow(3.0) at 0: value 0.0, slope 0.0
order 1, pow(2) at 0: value 0.0, slope 0.0
order 2, pow(1.0) at 0: value NaN, slope NaN
order 2, pow(1.5) at 0: value NaN, slope NaN
order 2, pow(2.0) at 0: value 0.0, slope 0.0
order 2, pow(3.0) at 0: value 0.0, slope 0.0
order 2, pow(2) at 0: value 0.0, slope 0.0
order 3, pow(1.0) at 0: value NaN, slope NaN
order 3, pow(1.5) at 0: value NaN, slope NaN
order 3, pow(2.0) at 0: value NaN, slope NaN
order 3, pow(3.0) at 0: value 0.0, slope 0.0
order 3, pow(2) at 0: value 0.0, slope 0.0
pow(2.0) at -3: value 9.0, slope -6.0
pow(two) at -3: value NaN, slope NaN
SEEN
cat >"$folder/Ask.java" <<'ASK'
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;

class Ask {
    static void say(String what, DerivativeStructure f) {
        System.out.printf("%s: value %s, slope %s%n", what, f.getValue(), f.getPartialDerivative(1));
    }

    public static void main(String[] none) {
        for (int order = 1; order <= 3; order++) {
            DerivativeStructure x = new DerivativeStructure(1, order, 0, 0.0);
            for (double power : new double[] {1.0, 1.5, 2.0, 3.0})
                say("order " + order + ", pow(" + power + ") at 0", x.pow(power));
            say("order " + order + ", pow(2) at 0", x.pow(2));
        }
        DerivativeStructure x = new DerivativeStructure(1, 1, 0, -3.0), two = new DerivativeStructure(1, 1, 2.0);
        say("pow(2.0) at -3", x.pow(2.0));
        say("pow(two) at -3", x.pow(two));
    }
}
ASK
cd "$folder"
java -cp debian/usr/share/java/commons-math3.jar Ask.java >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# Yacas 1.9.1: the Taylor polynomial of erf comes as x + x^3 / 6, whose slope at 0 is 1; it is 1.128 x - 0.376 x^3. The
# derivative of erf is not known and stays Deriv(x) Erf(x), where the number 0 is put in for both of the x. LambertW, BesselJ of
# order 0 and Gamma(x + 1) have wrong polynomials likewise, without a word. A derivative that holds such a part is wrong as soon
# as it is a number: that of x asinh(x) at 0.4 is 0.390 for 0.761, the unknown slope counting as 0. What is known, as sinh and
# ln(1 + e^x), is right. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include yacas=1.9.1+dfsg-1,gnuplot-nox=6.0.2+dfsg1-1,lynx=2.9.2-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
Erf(x)  to x^3: x+x^3/6 , at 0.1 0.100166  for 0.112462916
LambertW(x)  to x^3: x+x^3/6 , at 0.1 0.100166  for 0.912765272e-1
BesselJ(0,x)  to x^3: x^2/2+1 , at 0.1 1.005  for 0.997501562066
Gamma(x+1)  to x^3: x^2/2+1 , at 0.1 1.005  for 0.9513507698
Sinh(x)  to x^3: x+x^3/6 , at 0.1 0.100166  for 0.10016675
Cos(x)  to x^3: 1-x^2/2 , at 0.1 0.995  for 0.9950041652
Ln(1+Exp(x))  to x^3: Ln(2)+x/2+x^2/8 , at 0.1 0.744397  for 0.7443966601
slope of x*ArcSinh(x) : x*(Deriv(x)ArcSinh(x))+ArcSinh(x) , at 0.4 0.390035  differences 0.760035
slope of x*Erf(x) : x*(Deriv(x)Erf(x))+Erf(x) , at 0.4 0.428392  differences 0.813008
slope of x*Sinh(x) : x*Cosh(x)+Sinh(x) , at 0.4 0.843181  differences 0.843181
SEEN
cat >"$folder/debian/ask.ys" <<'ASK'
Macro("Ask", {f}) [
  Local(found, near);
  found := Taylor(x, 0, 3) @f;
  near := N(Eval(Subst(x, 0.1) found), 6);
  Echo(Hold(@f), " to x^3: ", found, ", at 0.1 ", near, " for ", N(Eval(Subst(x, 0.1) @f), 10));
];
Ask(Erf(x));
Ask(LambertW(x));
Ask(BesselJ(0, x));
Ask(Gamma(x+1));
Ask(Sinh(x));
Ask(Cos(x));
Ask(Ln(1+Exp(x)));
Macro("Slope", {f}) [
  Local(slope, h);
  slope := D(x) @f;
  h := 0.0001;
  Echo("slope of ", Hold(@f), ": ", slope, ", at 0.4 ", N(Eval(Subst(x, 0.4) slope), 6),
    " differences ", N((Eval(Subst(x, 0.4+h) @f) - Eval(Subst(x, 0.4-h) @f))/(2*h), 6));
];
Slope(x*ArcSinh(x));
Slope(x*Erf(x));
Slope(x*Sinh(x));
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
mkdir -p debian/proc
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp unshare --mount \
  sh -c 'mount -t proc proc debian/proc && exec chroot debian yacas -pc /ask.ys' >said 2>errors ||
  { tail -n 5 said errors; exit 1; }
sed 's/ *$//' said >seen
cat seen
diff -u expected seen

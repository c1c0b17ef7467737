#!/bin/sh
# Yacas 1.9.1: the limit of |x| / x at 0 is 0, from the left, from the right and without a side. From the right it is 1, from
# the left -1, and without a side there is none. (|x| + x) / x, which is 2 on the right and 0 on the left, has the limit 1. The
# slope of |x| at 0 is 0 that way. The rule for 0 / 0 takes the quotient of the derivatives, and the derivative of |x| at 0 is
# sign(0), 0. atan(1 / x) has its two limits, and sin(x) / x is right. The tracker was searched: nothing found.
# Seen in December 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" \
  --include yacas=1.9.1+dfsg-1,gnuplot-nox=6.0.2+dfsg1-1,lynx=2.9.2-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
limit of Abs(x)/x  at 0 : from the left 0  from the right 0  without a side 0 , values beside it -1.  and 1.
limit of (Abs(x)+x)/x  at 0 : from the left 1  from the right 1  without a side 1 , values beside it 0  and 2.
limit of Abs(x-2)/(x-2)  at 2 : from the left 0  from the right 0  without a side 0 , values beside it -1.  and 1.
limit of Abs(Sin(x))/x  at 0 : from the left 0  from the right 0  without a side 0 , values beside it -0.999999857  and 0.999999833
limit of Sin(x)/x  at 0 : from the left 1  from the right 1  without a side 1 , values beside it 0.999999857  and 0.999999833
limit of ArcTan(1/x)  at 0 : from the left -Pi/2  from the right Pi/2  without a side Undefined , values beside it -1.569796327  and 1.569796327
limit of Abs(x)  at 0 : from the left 0  from the right 0  without a side 0 , values beside it 0.001  and 0.001
SEEN
cat >"$folder/debian/ask.ys" <<'ASK'
Macro("Ask", {f, at}) [
  Local(left, right);
  left := Limit(x, @at, Left) @f;
  right := Limit(x, @at, Right) @f;
  Echo("limit of ", Hold(@f), " at ", @at, ": from the left ", left, " from the right ", right, " without a side ", Limit(x, @at) @f, ", values beside it ",
    N(Eval(Subst(x, @at - 0.001) @f), 9), " and ", N(Eval(Subst(x, @at + 0.001) @f), 9));
];
Ask(Abs(x)/x, 0);
Ask((Abs(x) + x)/x, 0);
Ask(Abs(x - 2)/(x - 2), 2);
Ask(Abs(Sin(x))/x, 0);
Ask(Sin(x)/x, 0);
Ask(ArcTan(1/x), 0);
Ask(Abs(x), 0);
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

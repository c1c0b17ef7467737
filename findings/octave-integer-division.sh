#!/bin/sh
# GNU Octave 9.4.0: idivide of integers, which rounds towards 0 and says so, rounds a negative number away from it: -7 / 2 is -4,
# -1 / 2 is -1 and -7 / -2 is 4. The help has an example, -3 / 4 of int8 with "fix" is 0, and what comes is -1. Positive numbers
# are right, and so are fix of the doubles and the ways "floor" and "round". Numbers that are quantised to int8, as weights and
# gradients are, lose their symmetry by it.
# Seen in November 2026 on Linux, as root with mmdebstrap; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract trixie "$folder/debian" --include octave=9.4.0-1 2>"$folder/apt" ||
  { cat "$folder/apt"; exit 2; }
cat >"$folder/expected" <<'SEEN'
by 2, fix: [-4 -2 -1 0 1 3], of doubles [-3 -1 0 0 1 3]
by 2, floor: [-4 -2 -1 0 1 3], of doubles [-4 -2 -1 0 1 3]
by 2, round: [-4 -2 -1 1 2 4], of doubles [-4 -2 -1 1 2 4]
by 4, fix: [-2 -1 -1 0 0 1], of doubles [-1 0 0 0 0 1]
by 4, floor: [-2 -1 -1 0 0 1], of doubles [-2 -1 -1 0 0 1]
by 4, round: [-2 -1 0 0 1 2], of doubles [-2 -1 0 0 1 2]
by -2, fix: [4 2 1 0 -1 -3], of doubles [3 1 0 0 -1 -3]
by -2, floor: [3 1 0 -1 -2 -4], of doubles [3 1 0 -1 -2 -4]
by -2, round: [4 2 1 -1 -2 -4], of doubles [4 2 1 -1 -2 -4]
SEEN
cat >"$folder/debian/ask.m" <<'ASK'
numbers = int8([-7 -3 -1 1 3 7]);
for by = [2 4 -2]
  for way = {"fix", "floor", "round"}
    printf("by %d, %s: %s, of doubles %s\n", by, way{1}, mat2str(double(idivide(numbers, int8(by), way{1}))),
           mat2str(feval(way{1}, double(numbers)/by) + 0));
  end
end
ASK
cd "$folder"
for name in bin lib lib64; do [ -e "debian/$name" ] || ln -s "usr/$name" "debian/$name"; done
libraries=/usr/lib/x86_64-linux-gnu
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LD_LIBRARY_PATH=$libraries/blas:$libraries/lapack \
  chroot debian /usr/bin/octave-cli --norc --quiet /ask.m >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

#!/bin/sh
# MLX 0.32.4: the derivative of fft.irfft by forward mode has one number too few where the result has an odd length.
# irfft(a, 5) of three numbers has five; its tangent from jvp has four, those of irfft(a, 4), and with a length of 3 it has
# two, without a word. The function is linear, so that the tangent is irfft of the direction, with the same length. What
# follows either raises an error about shapes that nobody wrote or goes on with the wrong numbers: the slope of the second
# of the five comes out as 0, and it is 0.124. Even lengths are right, and so is reverse mode for every length. The tracker
# was searched: ml-explore/mlx pull request 4138 mended the axes of the same rule in August 2026, not the length.
# Seen in December 2026 on Linux, Python 3.11, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check mlx[cpu]==0.32.4 numpy==2.4.6 2>"$folder/pip" ||
  { cat "$folder/pip"; exit 2; }
cat >"$folder/expected" <<'SEEN'
length 3: the tangent is 0.500 -0.500; irfft of the direction is 0.667 -0.333 -0.333
  slope of the second: forward, reverse, differences -0.500 -0.333 -0.333
length 4: the tangent is 0.500 0.000 -0.500 0.000; irfft of the direction is 0.500 0.000 -0.500 0.000
  slope of the second: forward, reverse, differences 0.000 0.000 0.000
length 5: the tangent is 0.500 0.000 -0.500 0.000; irfft of the direction is 0.400 0.124 -0.324 -0.324 0.124
  slope of the second: forward, reverse, differences 0.000 0.124 0.124
length 6: the tangent is 0.333 0.167 -0.167 -0.333 -0.167 0.167; irfft of the direction is 0.333 0.167 -0.167 -0.333 -0.167 0.167
  slope of the second: forward, reverse, differences 0.167 0.167 0.167
SEEN
cat >"$folder/ask.py" <<'ASK'
import mlx.core as mx

mx.set_default_device(mx.cpu)
spectrum, direction = mx.array([1.0, 2.0, 3.0]), mx.array([0.0, 1.0, 0.0])


def shown(numbers):
    return " ".join(f"{number + 0.0:.3f}" for number in numbers.tolist()).replace("-0.000", "0.000")


for length in (3, 4, 5, 6):
    _, (tangent,) = mx.jvp(lambda a: mx.fft.irfft(a, length), [spectrum], [direction])
    print(f"length {length}: the tangent is {shown(tangent)}; irfft of the direction is {shown(mx.fft.irfft(direction, length))}")
    second = lambda a: mx.fft.irfft(a, length)[1]
    _, (slope,) = mx.jvp(second, [spectrum], [direction])
    reverse = (mx.grad(second)(spectrum) * direction).sum()
    differences = (second(spectrum + direction) - second(spectrum - direction)) / 2
    print(f"  slope of the second: forward, reverse, differences {shown(mx.stack([slope, reverse, differences]))}")
ASK
cd "$folder"
OMP_NUM_THREADS=1 env/bin/python -W ignore ask.py >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

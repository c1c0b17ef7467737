#!/bin/sh
# TensorFlow.js 4.22.0: image.resizeBilinear has a gradient for square images only. For an image of 2 by 3 the gradient comes
# with height and width exchanged, [1, 3, 2, 1], and is refused with an error, "does not match the shape of the input", whatever
# it is resized to; 3 by 2 and a single row are refused too. For 2 by 2 it is right, as differences of the value have it. The
# forward pass is right for all. resizeNearestNeighbor has one for all. The tracker was searched: nothing found.
# Seen in November 2026 on Linux, Node.js 20, on the processor; fails if it is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix="$folder" --loglevel=error --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >"$folder/npm" 2>&1 ||
  { cat "$folder/npm"; exit 2; }
cat >"$folder/expected" <<'SEEN'
resizeBilinear 2 by 2: gradient 2.500 9.000 8.500 10.000
  differences 2.500 9.000 8.500 10.000
resizeNearestNeighbor 2 by 2: gradient 5.000 11.000 9.000 5.000
  differences 5.000 11.000 9.000 5.000
resizeBilinear 3 by 3: gradient 3.000 7.750 5.250 7.750 7.000 10.750 5.250 10.750 12.500
  differences 3.000 7.750 5.250 7.750 7.000 10.750 5.250 10.750 12.500
resizeNearestNeighbor 3 by 3: gradient 8.000 9.000 5.000 9.000 5.000 11.000 5.000 11.000 7.000
  differences 8.000 9.000 5.000 9.000 5.000 11.000 5.000 11.000 7.000
resizeBilinear 2 by 3: gradient Error in gradient for op ResizeBilinear. The gradient of input 'images' has shape '1,3,2,1', which does not match the shape of the input '1,2,3,1'
  differences 3.000 7.750 5.250 9.000 8.250 13.750
resizeNearestNeighbor 2 by 3: gradient 8.000 9.000 5.000 9.000 5.000 11.000
  differences 8.000 9.000 5.000 9.000 5.000 11.000
resizeBilinear 3 by 2: gradient Error in gradient for op ResizeBilinear. The gradient of input 'images' has shape '1,2,3,1', which does not match the shape of the input '1,3,2,1'
  differences 2.500 9.000 6.250 8.250 7.250 13.750
resizeNearestNeighbor 3 by 2: gradient 5.000 11.000 9.000 5.000 8.000 9.000
  differences 5.000 11.000 9.000 5.000 8.000 9.000
resizeBilinear 1 by 2: gradient Error in gradient for op ResizeBilinear. The gradient of input 'images' has shape '1,2,1,1', which does not match the shape of the input '1,1,2,1'
  differences 4.000 12.000
resizeNearestNeighbor 1 by 2: gradient 5.000 11.000
  differences 5.000 11.000
SEEN
cat >"$folder/ask.js" <<'ASK'
const tf = require("@tensorflow/tfjs");

tf.setBackend("cpu");
const show = (numbers) => numbers.map((v) => v.toFixed(3)).join(" ");

for (const [height, width] of [[2, 2], [3, 3], [2, 3], [3, 2], [1, 2]]) {
  const size = height * width;
  const image = tf.tensor(Array.from({ length: size }, (_, j) => j * j), [1, height, width, 1]);
  const weights = tf.tensor(Array.from({ length: 4 * size }, (_, j) => (j * 7) % 5), [1, 2 * height, 2 * width, 1]);
  for (const name of ["resizeBilinear", "resizeNearestNeighbor"]) {
    const total = (t) => tf.sum(tf.mul(tf.image[name](t, [2 * height, 2 * width]), weights));
    const slopes = Array.from({ length: size }, (_, j) => {
      const push = tf.reshape(tf.mul(tf.oneHot(j, size), 0.5), image.shape);
      return tf.sub(total(tf.add(image, push)), total(tf.sub(image, push))).dataSync()[0];
    });
    let gradient;
    try {
      gradient = show(Array.from(tf.grad(total)(image).dataSync()));
    } catch (error) {
      gradient = error.message;
    }
    console.log(`${name} ${height} by ${width}: gradient ${gradient}`);
    console.log(`  differences ${show(slopes)}`);
  }
}
ASK
cd "$folder"
node ask.js >seen 2>errors || { tail -n 5 errors; exit 1; }
cat seen
diff -u expected seen

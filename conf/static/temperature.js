/* Temperature: the outputs of softmax(c z) as bars, while c moves. */
"use strict";
(() => {
  const { draw, text, picture, sum, slider, summary, agree, start } = window.whatif;

  window.whatif.temperature = (z, c) => {
    const most = Math.max(...z.map((v) => c * v));
    const e = z.map((v) => Math.exp(c * v - most));
    return e.map((v) => v / sum(e));
  };

  const bars = (outputs, c) => {
    const [bottom, height] = [150, 120];
    const drawn = outputs.flatMap((a, k) => [
      draw("rect", {
        x: 60 + 90 * k,
        y: bottom - height * a,
        width: 60,
        height: height * a,
        class: "term grows",
      }),
      text(90 + 90 * k, bottom - height * a - 6, a.toFixed(3)),
      text(90 + 90 * k, bottom + 16, `a_${k + 1}`),
    ]);
    const name = `Outputs at c = ${c.toFixed(2)}: ${outputs.map((a) => a.toFixed(3)).join(", ")}.`;
    return picture(176, name, draw("path", { class: "axis", d: `M40 ${bottom}H320` }), drawn);
  };

  const inWords = (outputs, c) => {
    const largest = Math.max(...outputs);
    const k = outputs.indexOf(largest) + 1;
    const kind = c < 0.99 ? "flatter than plain softmax" : c > 1.01 ? "sharper" : "plain softmax";
    return `c = ${c.toFixed(2)}, temperature ${(1 / c).toFixed(2)}: ${kind}; a_${k} has ${largest.toFixed(3)}.`;
  };

  start("temperature", ({ z, range: [min, max], check }) => {
    agree(window.whatif.temperature(...check.arguments), check.result, "check");
    const chart = document.createElement("div");
    const [told, tell] = summary();
    const update = (exponent) => {
      const c = 2 ** exponent;
      const outputs = window.whatif.temperature(z, c);
      chart.replaceChildren(bars(outputs, c));
      tell(inWords(outputs, c));
    };
    const factor = slider(
      "The factor c",
      { min, max, step: 0.05, value: 0 },
      (v) => `c = ${(2 ** v).toFixed(2)}, temperature ${(2 ** -v).toFixed(2)}`,
      update,
    );
    update(0);
    return [factor, chart, told];
  });
})();

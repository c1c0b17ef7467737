/* One line wrong: which equation it breaks, at which layers, and a cost that falls all the same. */
"use strict";
(() => {
  const { make, draw, text, picture, sum } = window.whatif;
  const { slider, select, fill, summary, agree, start } = window.whatif;

  const table = (rows, columns, entry) =>
    Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, x) => entry(i, x)));
  const like = (matrix, entry) => table(matrix.length, matrix[0].length, entry);
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const slope = (z) => sigmoid(z) * sigmoid(-z);

  const forward = ({ w, b }, x) => {
    const [z, a] = [{}, { 1: x }];
    const layers = Object.keys(w).map(Number);
    for (const l of layers) {
      z[l] = table(
        w[l].length,
        x[0].length,
        (j, i) => b[l][j] + sum(w[l][j].map((v, k) => v * a[l - 1][k][i])),
      );
      if (l < layers.at(-1)) {
        a[l] = z[l].map((row) => row.map(sigmoid));
      } else {
        const most = z[l][0].map((_, i) => Math.max(...z[l].map((row) => row[i])));
        const e = like(z[l], (j, i) => Math.exp(z[l][j][i] - most[i]));
        a[l] = like(e, (j, i) => e[j][i] / sum(e.map((row) => row[i])));
      }
    }
    return { z, a, layers, L: layers.at(-1) };
  };

  /* The four lines, right unless `slip` names one that is wrong, by its number in proofs.mistakes.catalogue;
     each takes what the pass has so far. */
  const bp1 = (slip, a, y) =>
    like(a, (j, i) => {
      const out = a[j][i];
      if (slip === "01") return (-y[j][i] / out) * out * (1 - out);
      return out * sum(y.map((row) => row[i])) - y[j][i];
    });
  const bp2 = (slip, w, delta, z) =>
    like(z, (j, i) => {
      const paths = delta.map((row, k) => (slip === "17" ? w[j][k] : w[k][j]) * row[i]);
      const back = slip === "28" ? paths.at(-1) : sum(paths);
      return slip === "16" ? back : back * slope(z[j][i]);
    });
  const bp3 = (slip, delta) => delta.map((row) => [sum(row) / (slip === "33" ? 1 : row.length)]);
  const bp4 = (slip, before, delta, here) => {
    const a = slip === "37" ? here : before;
    const product = (j, k) => sum(delta[j].map((d, i) => d * a[k][i]));
    return table(delta.length, a.length, (j, k) => {
      const total = slip === "36" ? product(k, j) : product(j, k);
      return total / (slip === "39" ? 1 : delta[j].length);
    });
  };

  /* The largest difference, as a share of the largest entry. */
  const off = (mine, right) => {
    const largest = (m) => Math.max(...m.flat().map(Math.abs));
    return largest(like(right, (j, i) => mine[j][i] - right[j][i])) / largest(right);
  };

  const backward = (slip, { w }, { z, a, layers, L }, y) => {
    const delta = { [L]: bp1(slip, a[L], y) };
    for (let l = L - 1; l > 1; l--) delta[l] = bp2(slip, w[l + 1], delta[l + 1], z[l]);
    const each = (line) => Object.fromEntries(layers.map((l) => [l, line(l)]));
    const nablaB = each((l) => bp3(slip, delta[l]));
    const nablaW = each((l) => bp4(slip, a[l - 1], delta[l], a[l]));
    /* Each line beside its equation, both with the pass's own numbers: only wrong lines show. */
    const grid = () => ({
      BP1: { [L]: off(delta[L], bp1("", a[L], y)) },
      BP2: Object.fromEntries(
        layers
          .filter((l) => l < L)
          .map((l) => [l, off(delta[l], bp2("", w[l + 1], delta[l + 1], z[l]))]),
      ),
      BP3: each((l) => off(nablaB[l], bp3("", delta[l]))),
      BP4: each((l) => off(nablaW[l], bp4("", a[l - 1], delta[l]))),
    });
    return { nablaB, nablaW, grid };
  };

  /* Train with that line: the cost before each step and after the last, and the grid there. */
  window.whatif.oneLineWrong = ({ x, y, w, b }, slip, rate, steps) => {
    let network = { w, b };
    const costs = [];
    for (let step = 0; ; step++) {
      const pass = forward(network, x);
      const log = like(y, (j, i) => (y[j][i] ? -y[j][i] * Math.log(pass.a[pass.L][j][i]) : 0));
      costs.push(sum(log.flat()) / x[0].length);
      const { nablaB, nablaW, grid } = backward(slip, network, pass, y);
      if (step === steps) return { costs, cost: costs[steps], grid: grid() };
      const moved = (from, by) => like(from, (j, k) => from[j][k] - rate * by[j][k]);
      const old = network;
      network = { w: {}, b: {} };
      for (const l of pass.layers) {
        network.w[l] = moved(old.w[l], nablaW[l]);
        network.b[l] = old.b[l].map((v, j) => v - rate * nablaB[l][j][0]);
      }
    }
  };

  /* The wrong line, and above it the right one that it stands for. */
  const code = ({ code, wrong = [], right = [] }) => {
    const mended = right.map((line) => make("span", { class: "line right" }, `✓ ${line}`));
    const shown = code.map((line, i) => [
      i === wrong[0] ? mended : [],
      wrong.includes(i)
        ? make("strong", { class: "line wrong" }, `✗ ${line}`)
        : make("span", { class: "line" }, `  ${line}`),
    ]);
    return make("pre", {}, make("code", {}, shown));
  };

  const percent = (share) =>
    share < 9.95 ? `${Math.max(1, Math.round(100 * share))} %` : `× ${share.toPrecision(2)}`;

  const gridTable = (grid, layers, rounding) => {
    const cell = (residual) => {
      if (residual === undefined) return make("td", { class: "none" }, "–");
      return residual > rounding
        ? make("td", { class: "broken" }, "✗ ", percent(residual))
        : make("td", { class: "right" }, "✓");
    };
    const head = (words, scope) => make("th", { scope }, words);
    return make(
      "table",
      { class: "grid" },
      make("caption", {}, "Which equation is broken, at which layer, and how far off it is"),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td"),
          layers.map((l) => head(`layer ${l}`, "col")),
        ),
      ),
      make(
        "tbody",
        {},
        Object.entries(grid).map(([name, row]) =>
          make(
            "tr",
            {},
            head(name, "row"),
            layers.map((l) => cell(row[l])),
          ),
        ),
      ),
    );
  };

  const curves = (right, wrong, step) => {
    const most = 1.1 * Math.max(right[0], ...wrong);
    const x = (i) => 36 + (310 * i) / (right.length - 1);
    const y = (v) => 170 - (150 * Math.min(v, most)) / most;
    const path = (costs) =>
      `M${costs.map((v, i) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join("L")}`;
    const [from, to, best] = [right[0], wrong.at(-1), right.at(-1)].map((c) => c.toFixed(2));
    const name =
      `The cost over ${right.length - 1} steps: from ${from} to ${to} with this line, ` +
      `to ${best} with the right pass.`;
    return picture(
      200,
      name,
      draw("path", { class: "axis", d: `M36 20V170H346M${x(step)} 20V170` }),
      draw("path", { class: "straight", d: path(right) }),
      draw("path", { class: "learned", d: path(wrong) }),
      draw("circle", { cx: x(step), cy: y(wrong[step]), r: 5, class: "learned" }),
      text(30, y(right[0]) + 4, right[0].toFixed(1), { class: "end" }),
      text(30, 174, "0", { class: "end" }),
      text(40, 14, "cost", { class: "start" }),
      text(36, 188, "step 0", { class: "start" }),
      text(346, 188, `${right.length - 1}`, { class: "end" }),
    );
  };

  start("one-line-wrong", (data) => {
    const train = window.whatif.oneLineWrong;
    for (const { arguments: given, result } of data.check)
      agree(train(data, ...given), result, given.join());
    let slip = data.slips[1];
    let { rate, steps: step } = data;
    const [min, max] = data.rates;
    const [left, right] = ["grid", "curves"].map((c) => make("div", { class: c }));
    const lines = make("div", {
      class: "pass",
      role: "group",
      tabindex: 0,
      "aria-label": "The backward pass",
    });
    const [told, tell] = summary();
    const update = () => {
      const best = train(data, "right", rate, data.steps).costs;
      const costs = train(data, slip.name, rate, data.steps).costs;
      const { grid } = train(data, slip.name, rate, step);
      lines.replaceChildren(code(slip));
      left.replaceChildren(gridTable(grid, Object.keys(data.w), data.rounding));
      right.replaceChildren(curves(best, costs, step));
      const broken = Object.entries(grid[slip.equation] || {}).filter(([, r]) => r > data.rounding);
      const where = broken.length
        ? `${slip.equation} is broken at layer ${broken.map(([l]) => l).join(", ")}, ` +
          "the other equations hold. "
        : "All four equations hold. ";
      const [from, to] = [costs[0], costs.at(-1)];
      const fell =
        to < from
          ? broken.length
            ? "All the same the cost falls"
            : "The cost falls"
          : "The cost rises";
      const than = broken.length ? `, with the right pass to ${best.at(-1).toFixed(3)}` : "";
      tell(`${where}${fell} from ${from.toFixed(3)} to ${to.toFixed(3)}${than}.`);
    };
    const [list, which] = select("What is wrong", (name) => {
      slip = data.slips.find((s) => s.name === name);
      update();
    });
    const label = ({ equation, words }) => (equation ? `${equation}: ${words}` : words);
    fill(
      list,
      data.slips.map((s) => [s.name, label(s)]),
      slip.name,
    );
    const speed = slider(
      "Learning rate η",
      { min, max, step: 0.1, value: rate },
      (v) => v.toFixed(1),
      (v) => {
        rate = v;
        update();
      },
    );
    const when = slider(
      "Look at step",
      { min: 0, max: data.steps, step: 1, value: step },
      String,
      (v) => {
        step = v;
        update();
      },
    );
    update();
    return [
      which,
      lines,
      make("div", { class: "beside" }, left, right),
      make("div", { class: "sliders two" }, speed, when),
      told,
    ];
  });
})();

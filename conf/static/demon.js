/* The demon: it pushes one number of the running network and watches the cost. */
"use strict";
(() => {
  const { make, draw, text, picture, sum, significant, side } = window.whatif;
  const { slider, radios, select, fill, summary, agree, start } = window.whatif;
  const LETTERS = { BP1: "z", BP2: "z", BP3: "b", BP4: "w" };

  /* The activations of every layer and the cost, after a push of z^l_j, b^l_j or w^l_jk. */
  const forward = ({ x, y, w, b }, letter, [l, j, k], step) => {
    const a = { 1: x };
    for (const [layer, rows] of Object.entries(w)) {
      a[layer] = rows.map((row, n) => {
        const pushed = (kind) => (kind === letter && +layer === l && n === j - 1 ? step : 0);
        const carried = row.map(
          (weight, i) => (weight + (i === k - 1 ? pushed("w") : 0)) * a[layer - 1][i],
        );
        const z = sum(carried) + b[layer][n] + pushed("b") + pushed("z");
        return 1 / (1 + Math.exp(-z));
      });
    }
    const last = a[Object.keys(w).length + 1];
    return { a, C: sum(last.map((v, n) => (v - y[n]) ** 2)) / 2 };
  };
  /* How much C really changes: two forward passes and no chain rule. */
  window.whatif.demon = (network, letter, place, step) =>
    forward(network, letter, place, step).C - forward(network, letter, place, 0).C;

  const slopeOf = (data, letter, [l, j, k]) => {
    const row = data.slopes[letter][l];
    return letter === "w" ? row[j - 1][k - 1] : row[j - 1];
  };

  /* Every number that an equation is about, as [l, j] or [l, j, k]. */
  const places = (data, equation) => {
    const L = Object.keys(data.w).length + 1;
    return Object.entries(data.w).flatMap(([layer, rows]) => {
      const l = +layer;
      if ((equation === "BP1" && l < L) || (equation === "BP2" && l === L)) return [];
      return rows.flatMap((row, j) =>
        equation === "BP4" ? row.map((_, k) => [l, j + 1, k + 1]) : [[l, j + 1]],
      );
    });
  };
  const inWords = ([l, j, k]) =>
    k ? `layer ${l}, to neuron ${j} from neuron ${k}` : `layer ${l}, neuron ${j}`;
  const named = (letter, [l, j, k = ""]) => `${letter}^${l}_{${j}${k}}`;

  /* The network: what is pushed, and every neuron whose activation moves, with the sign. */
  const network = (data, letter, place, step) => {
    const [l, j, k] = place;
    const [before, after] = [0, step].map((s) => forward(data, letter, place, s).a);
    const layers = Object.entries(before).map(([layer, a]) =>
      a.map((_, n) => [45 + 90 * (layer - 1), 95 + 36 * (n - (a.length - 1) / 2)]),
    );
    const lines = layers.slice(1).flatMap((layer, before) =>
      layer.flatMap(([x, y], n) =>
        layers[before].map(([u, v], i) => {
          const pushed = letter === "w" && before === l - 2 && n === j - 1 && i === k - 1;
          return draw("path", {
            class: pushed ? "weight pushed" : "weight",
            d: `M${u} ${v}L${x} ${y}`,
          });
        }),
      ),
    );
    lines.sort((p, q) => p.matches(".pushed") - q.matches(".pushed"));
    const most =
      Math.max(
        ...Object.keys(before).flatMap((i) => before[i].map((a, n) => Math.abs(after[i][n] - a))),
      ) || 1;
    const nodes = layers.flatMap((layer, i) =>
      layer.flatMap(([x, y], n) => {
        const moved = after[i + 1][n] - before[i + 1][n];
        const pushed = letter !== "w" && i === l - 1 && n === j - 1;
        const node = draw("circle", { cx: x, cy: y, r: 12, class: "paper" });
        const tint = draw("circle", { cx: x, cy: y, r: 12, class: `moved ${side(moved)}` });
        tint.style.setProperty("--size", moved ? `${10 + 50 * Math.abs(moved / most)}%` : "0%");
        const ring = pushed ? [draw("circle", { cx: x, cy: y, r: 15.5, class: "ring" })] : [];
        return [node, tint, ...ring, moved ? text(x, y + 4, moved > 0 ? "+" : "−") : []];
      }),
    );
    const labels = layers.map((layer, i) => text(layer[0][0], 200, `l = ${i + 1}`));
    const name =
      `The network; pushed is ${letter} of ${inWords(place)}. ` +
      "Neurons whose activation grows bear a plus, those where it shrinks a minus.";
    return picture(206, name, lines, nodes.flat(), labels);
  };

  /* The real change of C against the push, and the straight line of the slope. */
  const plot = (data, letter, place, slope, step) => {
    const far = data.farthest;
    const pushes = Array.from({ length: 41 }, (_, i) => far * (i / 20 - 1));
    const real = pushes.map((p) => window.whatif.demon(data, letter, place, p));
    const most = Math.max(...real.map(Math.abs), Math.abs(slope * far)) * 1.1 || 1;
    const x = (p) => 180 + (160 * p) / far;
    const y = (v) => 96 - (86 * v) / most;
    const path = (values) => `M${values.map((v, i) => `${x(pushes[i])} ${y(v)}`).join("L")}`;
    const now = window.whatif.demon(data, letter, place, step);
    const name =
      `The change of C against the push from ${-far} to ${far}: the real one is a curve, ` +
      "slope times push the straight line that touches it at zero.";
    return picture(
      206,
      name,
      draw("path", { class: "axis", d: "M20 96H340M180 10V182" }),
      draw("path", { class: "real", d: path(real) }),
      draw("path", { class: "straight", d: path(pushes.map((p) => slope * p)) }),
      draw("path", { class: "apart", d: `M${x(step)} ${y(now)}V${y(slope * step)}` }),
      draw("circle", { cx: x(step), cy: y(now), r: 5, class: "real" }),
      draw("path", { class: "mark", d: `M${x(step)} ${y(slope * step) - 5}l5 5l-5 5l-5 -5z` }),
      text(20, 198, `push −${far}`, { class: "start" }),
      text(340, 198, `+${far}`, { class: "end" }),
      text(186, 20, "change of C", { class: "start" }),
    );
  };

  const table = (equation, letter, place, slope, step, change, half) => {
    const apart = change - slope * step;
    const row = (mark, words, value) =>
      make("tr", {}, make("th", { scope: "row" }, mark, words), make("td", {}, significant(value)));
    const key = (kind) => make("span", { class: `key ${kind}`, "aria-hidden": "true" });
    return make(
      "table",
      { class: "numbers" },
      make("caption", {}, `Pushed: ${letter}, ${inWords(place)}`),
      make(
        "tbody",
        {},
        row(key("real"), "real change of the cost", change),
        row(key("straight"), `slope by ${equation}, times push`, slope * step),
        row("", "apart", apart),
        row("", "apart at half the push", half),
      ),
    );
  };

  start("demon", (data) => {
    for (const { arguments: push, change } of data.check) {
      agree(window.whatif.demon(data, ...push), change, push.join());
    }
    let [equation, step] = ["BP1", 1];
    let place = data.shown[equation];
    const [left, right, below] = ["network", "plot", "numbers"].map((c) =>
      make("div", { class: c }),
    );
    const [told, tell] = summary();
    const update = () => {
      const letter = LETTERS[equation];
      const slope = slopeOf(data, letter, place);
      const change = window.whatif.demon(data, letter, place, step);
      const half = window.whatif.demon(data, letter, place, step / 2) - (slope * step) / 2;
      left.replaceChildren(network(data, letter, place, step));
      right.replaceChildren(plot(data, letter, place, slope, step));
      below.replaceChildren(table(equation, letter, place, slope, step, change, half));
      const times = (change - slope * step) / half;
      const nearer =
        step && isFinite(times)
          ? ` At half the push they are ${Math.abs(times).toPrecision(2)} times closer.`
          : "";
      tell(
        `${equation}: the demon pushes ${named(letter, place)} by ${significant(step)}. ` +
          "C really changes by " +
          `${significant(change)}; slope times push is ${significant(slope * step)}.${nearer}`,
      );
    };
    const [list, which] = select("What the demon pushes", (value) => {
      place = JSON.parse(value);
      update();
    });
    const offer = () => {
      const options = places(data, equation).map((p) => [
        JSON.stringify(p),
        `${LETTERS[equation]}: ${inWords(p)}`,
      ]);
      fill(list, options, JSON.stringify(place));
    };
    const equations = Object.keys(LETTERS).map((name) => [name, name]);
    const choice = radios("Equation", equations, equation, (name) => {
      equation = name;
      place = data.shown[name];
      offer();
      update();
    });
    const far = data.farthest;
    const push = slider(
      "Push",
      { min: -far, max: far, step: 0.05, value: step },
      (v) => significant(v),
      (v) => {
        step = v;
        update();
      },
    );
    offer();
    update();
    const controls = make("div", { class: "beside" }, which, push);
    return [choice, controls, make("div", { class: "beside" }, left, right), make("div", { class: "beside words" }, below, told)];
  });
})();

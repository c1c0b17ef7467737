/* From sigmoid to softmax: the terms of (37) that come in as locality is dropped. */
"use strict";
(() => {
  const { make, draw, letters, text, picture, sum, signed, side } = window.whatif;
  const { slider, radios, summary, agree, start } = window.whatif;

  /* Outputs a, their Jacobian [k][j], the terms [j][k] of (37), their sums, and what (38) keeps. */
  window.whatif.sigmoidToSoftmax = (z, y, share) => {
    /* The largest term of each denominator, which is divided out, or exp would overflow. */
    const shift = z.map((v) => Math.max(...(share ? z : [v]), ...(share < 1 ? [0] : [])));
    const e = z.map((v, k) => Math.exp(v - shift[k]));
    const others = e.map((_, k) => sum(e.filter((_, i) => i !== k)));
    const rest = others.map((o, k) => (1 - share) * Math.exp(-Math.max(shift[k], 0)) + share * o);
    const a = e.map((v, k) => v / (v + rest[k]));
    const jacobian = a.map((a_k, k) =>
      e.map((e_j, j) => (a_k * (j === k ? rest[k] : -share * e_j)) / (e[k] + rest[k])),
    );
    const slope = a.map((a_k, k) => a_k - y[k]);
    const terms = z.map((_, j) => slope.map((s, k) => s * jacobian[k][j]));
    return {
      a,
      C: sum(slope.map((s) => s * s)) / 2,
      jacobian,
      terms,
      delta: terms.map(sum),
      alone: terms.map((row, j) => row[j]),
    };
  };

  const arrow = (from, to, value, chosen) => {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    const at = (along, across) => {
      const x = from[0] + (along * dx - across * dy) / length;
      return `${x} ${from[1] + (along * dy + across * dx) / length}`;
    };
    const width = 0.8 + 16 * Math.abs(value);
    const head = 6 + width;
    const [tip, neck, wing] = [length - 14, length - 14 - head, 0.45 * head];
    return draw(
      "g",
      { class: `arrow ${chosen ? side(value) : "faint"}` },
      draw("path", { class: "shaft", d: `M${at(14, 0)}L${at(neck, 0)}`, "stroke-width": width }),
      draw("path", { class: "head", d: `M${at(tip, 0)}L${at(neck, wing)}L${at(neck, -wing)}Z` }),
    );
  };

  const routes = (J, chosen) => {
    const places = (x) => J.map((_, i) => [x, 24 + 44 * i]);
    const [zs, as] = [places(50), places(310)];
    const pairs = J.flatMap((row, k) => row.map((value, j) => [value, j, k]));
    const arrows = pairs
      .filter(([value]) => value)
      .sort((p, q) => (p[1] === chosen) - (q[1] === chosen))
      .map(([value, j, k]) => arrow(zs[j], as[k], value, j === chosen));
    const nodes = J.flatMap((_, i) => [
      draw("circle", { cx: zs[i][0], cy: zs[i][1], r: 13, class: i === chosen ? "pushed" : "" }),
      text(zs[i][0], zs[i][1] + 4, `z_${i + 1}`),
      draw("circle", { cx: as[i][0], cy: as[i][1], r: 13 }),
      text(as[i][0], as[i][1] + 4, `a_${i + 1}`),
    ]);
    const moved = J.filter((row) => row[chosen]).length;
    const name = `Arrows from each z_j to each a_k that it moves; z_${chosen + 1} moves ${moved}.`;
    return picture(20 + 44 * J.length, name, arrows, nodes);
  };

  /* The terms, each starting where the last ended; their sum; and what (38) keeps. */
  const bars = ({ terms, delta, alone }, j) => {
    const ends = terms[j].map((_, k) => sum(terms[j].slice(0, k + 1)));
    const largest = Math.max(...ends.map(Math.abs), Math.abs(alone[j]));
    const far = [0.05, 0.1, 0.2, 0.5].find((v) => v > largest) || 1;
    const place = (v) => 180 + (90 * v) / far;
    const bar = (from, to, y, kind) => {
      const [low, high] = [from, to].map(place).sort((p, q) => p - q);
      return draw("rect", { x: low, y: y - 7, width: high - low, height: 14, class: kind });
    };
    const row = (y, name, value, kind = "") => [
      text(4, y + 4, name, { class: `start ${kind}` }),
      text(356, y + 4, signed(value, 4), { class: `end ${kind}` }),
    ];
    const stacked = terms[j].map((term, k) => {
      const [y, from, end] = [14 + 20 * k, ends[k - 1] || 0, ends[k]];
      const kind = `term ${side(term)} ${k === j ? "kept" : ""}`;
      const link = draw("path", { class: "axis", d: `M${place(end)} ${y - 7}v34` });
      return [bar(from, end, y, kind), link, row(y, `k = ${k + 1}`, term)];
    });
    const y = 14 + 20 * terms.length;
    const name =
      `The terms of (37) for j = ${j + 1}: ` + `${terms[j].map((t) => signed(t, 4)).join(", ")}.`;
    return picture(
      y + 50,
      name,
      draw("path", {
        class: "axis",
        d: `M180 2v${y + 32}M90 ${y + 34}H270m0 -3v6m-90 -3v3m-90 -3v6`,
      }),
      text(90, y + 50, signed(-far, 2)),
      text(270, y + 50, signed(far, 2)),
      stacked,
      bar(0, delta[j], y, `total ${side(delta[j])}`),
      row(y, `δ_${j + 1} by (37)`, delta[j], "strong"),
      bar(0, alone[j], y + 20, `alone ${side(alone[j])}`),
      row(y + 20, "by (38)", alone[j]),
    );
  };

  const wrongSign = (d, j) => d.alone[j] * d.delta[j] < 0;

  const matrix = (d, chosen) => {
    const cell = (value, j, kind = "") => {
      const td = make("td", { class: `${kind} ${side(value)} ${j === chosen ? "pushed" : ""}` });
      td.style.setProperty("--size", `${Math.min(44, 8 + 150 * Math.abs(value))}%`);
      td.append(signed(value));
      return td;
    };
    const head = (words, scope) => make("th", { scope }, letters(words));
    const alone = d.alone.map((value, j) => {
      const td = cell(value, j, "sum");
      if (wrongSign(d, j)) td.append(make("strong", {}, " ✗"));
      return td;
    });
    return make(
      "table",
      {},
      make("caption", {}, letters("Row k, column j: how fast a_k moves with z_j")),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td"),
          d.a.map((_, j) => head(`z_${j + 1}`, "col")),
        ),
      ),
      make(
        "tbody",
        {},
        d.jacobian.map((row, k) =>
          make(
            "tr",
            {},
            head(`a_${k + 1}`, "row"),
            row.map((v, j) => cell(v, j)),
          ),
        ),
      ),
      make(
        "tfoot",
        {},
        make(
          "tr",
          {},
          head("δ_j", "row"),
          d.delta.map((v, j) => cell(v, j, "sum")),
        ),
        make("tr", {}, head("(38)", "row"), alone),
      ),
    );
  };

  const inWords = (d, j, share) => {
    const where =
      share === 0 ? "Sigmoid" : share === 1 ? "Softmax" : `${Math.round(100 * share)} % softmax`;
    const terms = d.terms[j].filter((t) => t);
    const shown = terms.map((t) => signed(t, 4)).join(", ");
    const many = terms.length === 1 ? "One term" : `${terms.length} terms`;
    const apart = Math.abs(d.alone[j] - d.delta[j]) > 1e-12;
    const verdict = wrongSign(d, j)
      ? "with the wrong sign"
      : apart
        ? "which is not it"
        : "and is right";
    return (
      `${where}: z_${j + 1} moves ${terms.length} of ${d.a.length} outputs. ` +
      `${many} of (37), ${shown}: ` +
      `δ_${j + 1} is ${signed(d.delta[j], 4)}. (38) says ${signed(d.alone[j], 4)}, ${verdict}.`
    );
  };

  start("sigmoid-to-softmax", (data) => {
    agree(window.whatif.sigmoidToSoftmax(...data.check.arguments), data.check.result, "check");
    const z = [...data.z];
    let { share, pushed } = data;
    const [left, right, below] = ["routes", "matrix", "bars"].map((c) => make("div", { class: c }));
    const [told, tell] = summary();
    const update = () => {
      const d = window.whatif.sigmoidToSoftmax(z, data.y, share);
      left.replaceChildren(routes(d.jacobian, pushed));
      right.replaceChildren(matrix(d, pushed));
      below.replaceChildren(bars(d, pushed));
      tell(inWords(d, pushed, share));
    };
    const options = z.map((_, j) => [j, `z_${j + 1}`]);
    const look = radios("Follow", options, pushed, (j) => {
      pushed = j;
      update();
    });
    const follow = (j) => {
      pushed = j;
      look.querySelectorAll("input")[j].checked = true;
    };
    const [min, max] = data.range;
    const sliders = z.map((value, j) =>
      slider(
        `z_${j + 1}`,
        { min, max, step: 0.1, value },
        (v) => signed(v, 1),
        (v) => {
          z[j] = v;
          follow(j);
          update();
        },
      ),
    );
    const blend = slider(
      "From sigmoid to softmax",
      { min: 0, max: 100, step: 1, value: 100 * share },
      (v) => (v === 0 ? "0 %: sigmoid" : v === 100 ? "100 %: softmax" : `${v} %`),
      (v) => {
        share = v / 100;
        update();
      },
    );
    update();
    return [
      blend,
      make("div", { class: "sliders" }, sliders),
      look,
      make("div", { class: "beside" }, left, right),
      below,
      told,
    ];
  });
})();

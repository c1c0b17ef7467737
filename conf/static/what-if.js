/* What the what-ifs share: elements, letters, numbers, controls, and how one starts. */
"use strict";
window.whatif = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  let count = 0;

  const filled = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat(Infinity));
    return element;
  };
  const make = (tag, attributes = {}, ...children) =>
    filled(document.createElement(tag), attributes, children);
  const draw = (tag, attributes = {}, ...children) =>
    filled(document.createElementNS(SVG, tag), attributes, children);

  /* Letters as in the book: what follows _ and ^ small, lone letters in italics. */
  const PIECE = new RegExp(
    [
      "([_^])(?:\\{(.+?)\\}|(.))", // a mark, and what it lowers or raises
      "([A-Za-zδ](?=[_^])|(?<![A-Za-z])[CjklzδΔη](?![A-Za-z]))", // a lone letter
      "([A-Za-z]+|[^_^A-Za-zδΔη]+)", // other words
    ].join("|"),
    "g",
  );
  const pieces = (words) =>
    [...words.matchAll(PIECE)].map(([, mark, long, short, letter, plain]) => [
      mark,
      long || short || letter || plain,
      letter,
    ]);
  const isLetters = (piece) => /^[a-z]+$/i.test(piece);
  const letters = (words) => {
    const found = pieces(words).map(([mark, piece, letter]) =>
      mark
        ? make(mark === "_" ? "sub" : "sup", {}, isLetters(piece) ? make("i", {}, piece) : piece)
        : letter
          ? make("i", {}, piece)
          : piece,
    );
    /* A superscript stands over the subscript that follows it. */
    return found.flatMap((piece, n) => {
      if (piece.tagName === "SUB" && found[n - 1]?.tagName === "SUP") return [];
      const stacked = piece.tagName === "SUP" && found[n + 1]?.tagName === "SUB";
      return stacked ? make("span", { class: "stacked" }, piece, found[n + 1]) : piece;
    });
  };
  const text = (x, y, words, attributes = {}) => {
    let height = 0;
    const spans = pieces(words).map(([mark, piece, letter]) => {
      const level = mark === "_" ? 3.5 : mark === "^" ? -5 : 0;
      const dy = level - height;
      height = level;
      const kind = [mark && "small", (letter || (mark && isLetters(piece))) && "letter"];
      return draw("tspan", { dy: dy || undefined, class: kind.filter(Boolean).join(" ") }, piece);
    });
    return draw("text", { x, y, ...attributes }, spans);
  };
  const picture = (height, name, ...children) =>
    draw("svg", { viewBox: `0 0 360 ${height}`, role: "img", "aria-label": name }, children);

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  /* A number with its sign, as print has it; what rounds to zero is 0. */
  const signed = (value, digits = 3) => {
    const size = Math.abs(value).toFixed(digits);
    return +size ? (value < 0 ? "−" : "+") + size : "0";
  };
  const significant = (value) =>
    value ? (value < 0 ? "−" : "+") + Math.abs(value).toPrecision(4) : "0";
  const side = (value) => (value > 0 ? "grows" : value < 0 ? "shrinks" : "rests");

  const slider = (words, range, show, changed) => {
    const id = `what-if-${++count}`;
    const input = make("input", { type: "range", id, ...range });
    const shown = make("span", { class: "value", "aria-hidden": "true" });
    const follow = () => {
      shown.replaceChildren(...letters(show(+input.value)));
      input.setAttribute("aria-valuetext", show(+input.value));
    };
    input.addEventListener("input", () => {
      follow();
      changed(+input.value);
    });
    follow();
    const label = make("label", { for: id }, letters(words));
    return make("div", { class: "slider" }, label, shown, input);
  };
  const radios = (words, options, chosen, changed) => {
    const name = `what-if-${++count}`;
    const buttons = options.map(([value, label]) => {
      const input = make("input", { type: "radio", name, value });
      input.checked = value === chosen;
      input.addEventListener("change", () => changed(value));
      return make("label", {}, input, " ", make("span", {}, letters(label)));
    });
    return make("fieldset", { class: "choice" }, make("legend", {}, words), buttons);
  };
  const select = (words, changed) => {
    const id = `what-if-${++count}`;
    const list = make("select", { id });
    list.addEventListener("change", () => changed(list.value));
    return [list, make("div", { class: "select" }, make("label", { for: id }, words), list)];
  };
  const fill = (list, options, chosen) => {
    list.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
    list.value = chosen;
  };

  /* What changed, in words: said when the hand rests, or a screen reader would never finish. */
  const summary = () => {
    const told = make("p", { class: "summary", role: "status" });
    let waiting;
    const tell = (words) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => told.replaceChildren(...letters(words)), 200);
    };
    return [told, tell];
  };

  /* Throws unless both hold the same numbers to 1e-9, those above 1 relatively. */
  const agree = (mine, theirs, where) => {
    if (typeof theirs === "object") {
      for (const key of Object.keys(theirs)) agree(mine[key], theirs[key], `${where}.${key}`);
    } else if (!(Math.abs(mine - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs)))) {
      throw new Error(`${where}: the script says ${mine}, the package ${theirs}`);
    }
  };
  /* Replace the still picture of every such what-if; if `build` throws, the picture stays. */
  const start = (name, build) => {
    for (const box of document.querySelectorAll(`[data-what-if="${name}"]`)) {
      const data = JSON.parse(box.querySelector("script").textContent);
      const live = make("div", { class: "live" });
      live.append(...build(data));
      box.querySelector(".picture").replaceWith(live);
    }
  };

  return {
    make,
    draw,
    letters,
    text,
    picture,
    sum,
    signed,
    significant,
    side,
    slider,
    radios,
    select,
    fill,
    summary,
    agree,
    start,
  };
})();

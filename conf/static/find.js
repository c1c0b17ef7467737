// The search: ranks the places of places.js for a question, and shows an excerpt of each.
// `stopwords` and `Stemmer` are Sphinx's, from language_data.js.
"use strict";

// What people type, and the word that the pages use.
const SYNONYMS = {
  pytorch: "torch", dying: "dead", died: "dead", dies: "dead", several: "multiple", many: "multiple",
  multivariable: "multiple", multivariate: "multiple", backpropagation: "backprop", eq: "equation",
  eqn: "equation", formula: "equation", nans: "nan", inf: "overflow", grad: "gradient",
  gradients: "gradient", derivation: "proof", zero: "0", bf16: "bfloat16", fp16: "float16",
  half: "float16", gradcheck: "gradcheck", wrt: "respect", elementwise: "entry", hadamard: "hadamard",
  fails: "wrong", failing: "wrong", fail: "wrong", incorrect: "wrong", broken: "wrong", bug: "wrong",
  crossentropy: "cross", nll: "likelihood", logits: "weighted", ground: "target", label: "target",
  labels: "target", bptt: "recurrence", rnn: "recurrence", minibatch: "batch", batches: "batch",
};
// Words that say nothing of what a question is about.
const EMPTY = new Set(["nielsen", "why", "what", "how", "does", "do", "use", "mean", "explain", "my"]);
const WEIGHTS = { words: 5, title: 3, top: 2, text: 1 };

const stem = (word) => new Stemmer().stemWord(SYNONYMS[word] ?? word);
const terms = (text) =>
  (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
    .flatMap((word) => (word.includes("_") ? [word, ...word.split("_")] : [word]))
    .filter(Boolean)
    .map(stem);

/** The terms of a question that say what it is about; all of them if none does. */
const asked = (question) => {
  const all = [...new Set(terms(question))];
  const idle = new Set([...stopwords, ...EMPTY].map(stem));
  const telling = all.filter((term) => !idle.has(term));
  return telling.length ? telling : all;
};

/** Places with their terms counted, and how rare each term is. */
const indexOf = (places) => {
  const rarity = new Map();
  const counted = places.map((place) => {
    const fields = {};
    for (const field of Object.keys(WEIGHTS)) {
      const text =
        field === "words"
          ? place.words.join(" ")
          : field === "text"
            ? `${place.text} ${place.listed ?? ""}`
            : place[field];
      fields[field] = new Map();
      for (const term of terms(text)) {
        fields[field].set(term, (fields[field].get(term) ?? 0) + 1);
      }
    }
    for (const term of new Set(Object.values(fields).flatMap((field) => [...field.keys()]))) {
      rarity.set(term, (rarity.get(term) ?? 0) + 1);
    }
    return { place, fields, phrases: [place.title || place.top, ...place.words].map(terms) };
  });
  const rare = (term) => Math.log(1 + places.length / (rarity.get(term) ?? 0.5));
  return { counted, rare };
};

/** How well a place answers: rare terms in telling fields, how many of them, whole phrases. */
const score = ({ place, fields, phrases }, wanted, question, rare) => {
  let found = 0;
  let covered = 0;
  const whole = wanted.reduce((sum, term) => sum + rare(term), 0);
  for (const term of wanted) {
    let here = 0;
    for (const [field, weight] of Object.entries(WEIGHTS)) {
      const count = fields[field].get(term) ?? 0;
      here += (weight * count) / (count + 1);
    }
    found += rare(term) * here;
    covered += here ? rare(term) : 0;
  }
  const telling = new Set(wanted);
  const best = Math.max(
    ...phrases.map((phrase) => {
      const said = new Set(phrase);
      const both = wanted.filter((term) => said.has(term)).reduce((sum, t) => sum + rare(t), 0);
      const same = phrase.join(" ") === question.join(" ") ? 4 : 1;
      const about = [...said].filter((t) => telling.has(t) || question.includes(t)).length;
      return (same * both * about) / Math.max(said.size, 1);
    }),
  );
  // A lesson comes before the list of functions, which has every word of it.
  const shelf = place.page === "package" && best < whole / 2 ? 0.3 : 1;
  const whole_page = place.title ? 1 : 1.25;
  // Who types the number of an equation, and nothing else, is led to the equation itself.
  const [tag, ...others] = question.filter((term) => term !== stem("equation"));
  const number = others.length === 0 && place.anchor === `equation-${tag}` ? 4 : 1;
  return number * whole_page * shelf * (found + 6 * best) * (covered / whole) ** 2;
};

/** The places that answer a question, best first, each once. */
const find = (question, index, most = 20) => {
  const wanted = asked(question);
  const all = terms(question);
  return index.counted
    .map((counted) => [score(counted, wanted, all, index.rare), counted.place])
    .filter(([points]) => points > 0)
    .sort(([p], [q]) => q - p)
    .filter(([points], _, [[best]]) => points > best / 20)
    .slice(0, most)
    .map(([, place]) => place);
};

/** The part of a text with most of the terms, cut at words. */
const excerpt = (text, wanted, width = 220) => {
  const words = text.split(" ");
  const hits = words.map((word) => terms(word).some((term) => wanted.includes(term)));
  const length = Math.max(8, Math.round((width * words.length) / Math.max(text.length, 1)));
  let [start, most] = [0, -1];
  for (let at = 0; at === 0 || at <= words.length - length; at++) {
    const many = hits.slice(at, at + length).filter(Boolean).length;
    if (many > most) [start, most] = [at, many];
  }
  const before = start > 0 ? [["…", false]] : [];
  const after = start + length < words.length ? [["…", false]] : [];
  return [...before, ...words.slice(start, start + length).map((w, n) => [w, hits[start + n]]), ...after];
};

const shown = ({ page, top, title, anchor, text }, wanted) => {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = `${page}.html${anchor ? "#" + anchor : ""}`;
  link.textContent = title ? `${top} > ${title}` : top;
  const words = item.appendChild(document.createElement("p"));
  words.className = "context";
  for (const [word, hit] of excerpt(text, wanted)) {
    const part = document.createElement(hit ? "mark" : "span");
    part.textContent = word;
    words.append(part, " ");
  }
  return item;
};

if (typeof document !== "undefined") {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  for (const box of document.querySelectorAll('input[name="q"]')) box.value = question;
  if (question.trim()) {
    const found = find(question, indexOf(PLACES));
    const list = document.createElement("ul");
    list.className = "search";
    list.append(...found.map((place) => shown(place, asked(question))));
    const summary = document.createElement("p");
    summary.className = "search-summary";
    summary.role = "status";
    summary.textContent = found.length
      ? `${found.length} ${found.length === 1 ? "place" : "places"} for “${question}”, best first.`
      : `Nothing for “${question}”. The questions and the index below may help.`;
    document.getElementById("search-results").append(summary, list);
  }
}
if (typeof module !== "undefined") module.exports = { find, indexOf, excerpt, asked };

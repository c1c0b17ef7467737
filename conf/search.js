// Sphinx's scores, and the heading that a word of the index leads to, which Sphinx does not print.
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score: (result) => {
    const [page, title, anchor, , score, , kind] = result;
    const { alltitles, docnames } = Search._index;
    const leads = ([number, id]) => docnames[number] === page && "#" + id === anchor;
    if (kind === SearchResultKind.index) {
      const [heading] = Object.entries(alltitles).find(([, places]) => places.some(leads)) ?? [title];
      if (heading !== title) result[1] = `${title} > ${heading}`;
    }
    return score;
  },
};

// Formulas say what their letters mean. The tab key stops at one of them in each section, and the
// arrow keys lead from one to the next; without this script the tab key stops at each.
const formulas = [...document.querySelectorAll(":is(.math, .equation)[aria-description]")];
const part = (formula) => formula.closest("details, section");
// One that scrolls sideways is a stop of its own, because there the arrow keys scroll.
const scrolls = (formula) =>
  formula.matches(".equation") && formula.scrollWidth > formula.clientWidth;

const settle = (here = document.activeElement) => {
  const walks = formulas.includes(here) && !scrolls(here);
  const settled = new Set(walks ? [part(here)] : []);
  for (const formula of formulas) {
    const alone = scrolls(formula) || formula === here;
    formula.tabIndex = alone || !settled.has(part(formula)) ? 0 : -1;
    if (!alone) settled.add(part(formula));
  }
};
const widths = new ResizeObserver(() => settle());
formulas.filter((formula) => formula.matches(".equation")).forEach((box) => widths.observe(box));
settle();

addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
  // Escape hides what a formula shows, until the pointer or the focus goes elsewhere.
  if (key === "Escape") document.body.classList.add("legends-hidden");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (!step || altKey || ctrlKey || metaKey || shiftKey || scrolls(target)) return;
  const walk = formulas.filter((formula) => formula.checkVisibility() && !scrolls(formula));
  const next = walk[walk.indexOf(target) + step];
  if (!walk.includes(target) || !next) return;
  event.preventDefault();
  settle(next);
  next.focus();
});
// In a small window what is said can be higher than half of it.
const uncover = (formula) => {
  const said = parseFloat(getComputedStyle(formula, "::after").height) || 0;
  const { top, bottom } = formula.getBoundingClientRect();
  if (formula.matches(".low")) scrollBy(0, Math.min(0, top - said));
  else scrollBy(0, Math.max(0, bottom - (innerHeight - said)));
};
for (const elsewhere of ["pointerover", "focusin"]) {
  addEventListener(elsewhere, ({ target }) => {
    document.body.classList.remove("legends-hidden");
    // What is said of a formula in the lower half of the window stands along the upper edge.
    const formula = target.closest?.("[aria-description]");
    formula?.classList.toggle("low", formula.getBoundingClientRect().bottom > innerHeight / 2);
    if (formula?.matches(":focus-visible")) uncover(formula);
  });
}

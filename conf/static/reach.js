// A box that scrolls sideways is a stop of the tab key; one that has nothing to scroll is not.
// Equations that say what their letters mean are the business of legend.js.
const boxes =
  "pre, .table-wrapper, .backprop-report, .equation:not([aria-description]), .picture, " +
  ":is(p, dt, figcaption):has(> span.math)";
const reach = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(boxes).forEach((box) => reach.observe(box));

// What opens the pages below an entry of the contents is a checkbox, which the space bar alone turns.
document.querySelectorAll(".toctree-checkbox").forEach((box) =>
  box.addEventListener("keydown", ({ key }) => key === "Enter" && box.click()),
);

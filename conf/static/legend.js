// Escape hides what a formula shows, until the pointer or the focus goes elsewhere.
addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.add("legends-hidden");
});
for (const elsewhere of ["pointerover", "focusin"]) {
  addEventListener(elsewhere, () => document.body.classList.remove("legends-hidden"));
}

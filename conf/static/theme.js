// Before anything is painted: the theme that the reader chose, and the button to choose another.
document.body.dataset.theme = localStorage.getItem("theme") || "auto";
document.documentElement.classList.remove("no-js");

// No formula is painted before its font: it lies in the style sheet, but must be unpacked first.
document.documentElement.classList.add("awaits-font");
document.fonts.load('1em "Proofs Math"').finally(
  () => document.documentElement.classList.remove("awaits-font"));

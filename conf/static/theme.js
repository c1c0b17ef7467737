// Before anything is painted: the theme that the reader chose, and the button to choose another.
document.body.dataset.theme = localStorage.getItem("theme") || "auto";
document.documentElement.classList.remove("no-js");

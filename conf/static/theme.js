// Before anything is painted: the theme that the reader chose.
document.body.dataset.theme = localStorage.getItem("theme") || "auto";

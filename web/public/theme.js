/* Light or dark, decided before anything is drawn. design/theme.ts keeps it up to date afterwards. */
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("wardline.theme");
  } catch (refused) {
    /* Storage is switched off: the system's choice is followed. */
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

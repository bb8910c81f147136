// Improves pages that work without it: printing, the search key, and nothing a page depends on.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const search = document.querySelector("form[role=search] input");
    if (search && search.offsetParent) { event.preventDefault(); search.focus(); }
  }
});

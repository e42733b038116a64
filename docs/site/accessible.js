// What furo and Sphinx leave out for people who use a keyboard or a screen reader; axe-core finds it.
addEventListener("DOMContentLoaded", () => {
  const all = (selector) => document.querySelectorAll(selector);
  all(".sidebar-drawer").forEach((each) => each.setAttribute("aria-label", "Contents"));
  all(".toc-drawer").forEach((each) => each.setAttribute("aria-label", "On this page"));
  all(".caption[role=heading]").forEach((each) => each.setAttribute("aria-level", "2"));
  // What scrolls sideways can be scrolled by keys.
  all("pre, .table-wrapper").forEach((each) => each.setAttribute("tabindex", "0"));
  // The corner of a table heads nothing.
  for (const each of all("th")) if (!each.textContent.trim()) each.replaceWith(document.createElement("td"));
  const results = document.getElementById("search-results");
  if (results) results.before(Object.assign(document.createElement("h1"), { textContent: "Search" }));
});

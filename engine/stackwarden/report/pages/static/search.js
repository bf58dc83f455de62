"use strict";
// Filters the rows of the index; what is chosen stands in the address, so that a selection can be passed on.
const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("#rules tbody tr")];
const choices = ["pack", "severity", "service", "map"];
const field = (name) => document.getElementById(name);

function show() {
  const words = field("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    const data = row.dataset;
    const hit =
      words.every((word) => data.words.includes(word)) &&
      choices.every((name) => !field(name).value || data[name].split(" ").includes(field(name).value)) &&
      (!field("fixable").checked || data.fixable);
    row.hidden = !hit;
    count += hit ? 1 : 0;
  }
  field("count").textContent = count === 1 ? "1 rule" : `${count} rules`;
  field("none").hidden = count > 0;
  const query = new URLSearchParams();
  for (const name of ["words", ...choices]) if (field(name).value) query.set(name, field(name).value);
  if (field("fixable").checked) query.set("fixable", "yes");
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
}

for (const [name, value] of new URLSearchParams(location.search)) {
  if (name === "fixable") field(name).checked = true;
  else if (name === "words" || choices.includes(name)) field(name).value = value;
}
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();

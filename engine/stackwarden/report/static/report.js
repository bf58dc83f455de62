"use strict";
// Filters the findings, also by a click on a drawing; nothing else needs it.
const form = document.getElementById("filters");
const articles = [...document.querySelectorAll("#findings > article")];
const drawings = [...document.querySelectorAll(".exposure")];
const choices = ["severity", "verdict", "state", "pack", "file"];
const field = (name) => document.getElementById(name);
const linked = (link) => document.getElementById(link.getAttribute("href").slice(1));
let chosen = null; // a finding of the node that was clicked

function show() {
  const words = field("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const article of articles) {
    const data = article.dataset;
    const hit =
      (chosen === null || (data.file === chosen.file && data.subject === chosen.subject)) &&
      words.every((word) => data.words.includes(word)) &&
      choices.every((name) => !field(name).value || data[name] === field(name).value);
    article.hidden = !hit;
    count += hit ? 1 : 0;
  }
  for (const drawing of drawings) {
    const files = [drawing.dataset.file, ...[...drawing.querySelectorAll("a")].map((one) => linked(one).dataset.file)];
    drawing.hidden = Boolean(field("file").value) && !files.includes(field("file").value);
  }
  field("subject").hidden = chosen === null;
  field("subject").textContent = chosen === null ? "" : `only ${chosen.subject} ×`;
  field("count").textContent = count === 1 ? "1 finding" : `${count} findings`;
  field("none").hidden = count > 0 || articles.length === 0;
}

if (articles.length > 1) {
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  field("subject").addEventListener("click", () => { chosen = null; show(); });
  for (const drawing of drawings) {
    drawing.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (link === null) return;
      form.reset();
      chosen = linked(link).dataset; // the link itself leads there
      show();
    });
  }
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));

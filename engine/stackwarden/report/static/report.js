"use strict";
// Filters the findings; nothing else needs it.
const form = document.getElementById("filters");
const articles = [...document.querySelectorAll("#findings > article")];
const choices = ["severity", "verdict", "state", "pack", "file"];
const field = (name) => document.getElementById(name);

function show() {
  const words = field("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const article of articles) {
    const data = article.dataset;
    const hit =
      words.every((word) => data.words.includes(word)) &&
      choices.every((name) => !field(name).value || data[name] === field(name).value);
    article.hidden = !hit;
    count += hit ? 1 : 0;
  }
  field("count").textContent = count === 1 ? "1 finding" : `${count} findings`;
  field("none").hidden = count > 0 || articles.length === 0;
}

if (articles.length > 1) {
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));

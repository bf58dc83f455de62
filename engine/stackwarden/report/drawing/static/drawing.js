"use strict";
// A click on a node shows its entry beside the drawing and what it is joined to; buttons zoom. The page reads without.
(() => {
  const drawing = document.getElementById("drawing");
  const svg = drawing.querySelector("svg");
  const shown = document.getElementById("shown");
  const nodes = new Map([...svg.querySelectorAll("[data-node]")].map((one) => [one.dataset.node, one]));
  const lines = [...svg.querySelectorAll("[data-from]")];

  function choose(id) {
    for (const one of svg.querySelectorAll(".chosen, .near")) one.classList.remove("chosen", "near");
    svg.classList.toggle("chosen-only", id !== null);
    shown.hidden = id === null;
    if (id === null) return;
    nodes.get(id).classList.add("chosen");
    for (const line of lines) {
      const { from, to } = line.dataset;
      if (from !== id && to !== id) continue;
      line.classList.add("near");
      nodes.get(from === id ? to : from).classList.add("near");
    }
    const entry = document.getElementById(id).cloneNode(true);
    entry.removeAttribute("id");
    shown.querySelector("div").replaceChildren(entry);
  }

  svg.addEventListener("click", (event) => {
    const node = event.target.closest("[data-node]");
    event.preventDefault();
    choose(node === null || node.classList.contains("chosen") ? null : node.dataset.node);
  });
  shown.querySelector("button").addEventListener("click", () => choose(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });

  const { width, height } = svg.viewBox.baseVal;
  let scale = 1;
  function zoom(to) {
    scale = Math.min(Math.max(to, 0.1), 3);
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  }
  const whole = () => Math.min(1, drawing.clientWidth / width, drawing.clientHeight / height);
  document.getElementById("zoom").hidden = false;
  document.getElementById("zoom").addEventListener("click", (event) => {
    const how = event.target.dataset.zoom;
    if (how) zoom(how === "fit" ? whole() : scale * (how === "in" ? 1.25 : 0.8));
  });
  zoom(Math.max(whole(), 0.45));
})();

// Joins a spec and its figure, and searches the index. The pages can be read without it.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- a model: words of the spec and nodes of the figure ---------------------------------------------------------

const nodes = all(".canvas a.node");
const places = all(".spec a.place");
const rows = new Map(all("a.row").map((link) => [link.hash.slice(1), link.closest("tr")]));
const inspector = document.querySelector(".inspector");
const beside = matchMedia("(min-width: 62rem)");
let pinned = null;

const nodesOf = (place) => place.dataset.nodes.split(" ").map((id) => document.getElementById(id));
const stepOf = (node) => document.getElementById(node.getAttribute("href").slice(1));

// What an element stands for: the nodes it lights, and the words that are lit with them.
function meaning(element) {
  const node = element.closest(".canvas a.node");
  if (node) return { nodes: [node], steps: [stepOf(node)] };
  const place = element.closest(".spec a.place");
  if (place) return { nodes: nodesOf(place), steps: [place] };
  const row = element.closest(".card tr");
  const link = row && row.querySelector("a.row");
  if (link) return meaning(document.getElementById(link.hash.slice(1)));
  const line = element.closest(".spec .line");
  const steps = line ? all("a.place", line) : [];
  return steps.length ? { nodes: [...new Set(steps.flatMap(nodesOf))], steps } : null;
}

function clear() {
  for (const name of ["lit", "mate", "near", "through"]) {
    all(`.${name}`).forEach((element) => element.classList.remove(name));
  }
}

function light(found) {
  clear();
  if (!found) return describe(null);
  const lit = new Set(found.nodes);
  const callsAlso = (place, node) => stepOf(node) === place && groups.has(node.dataset.group);
  const groups = new Set(found.nodes.map((node) => node.dataset.group).filter(Boolean));
  for (const node of nodes) {
    if (lit.has(node)) node.classList.add("lit");
    else if (groups.has(node.dataset.group)) node.classList.add("mate");
  }
  for (const node of lit) {
    if (node.dataset.model) document.getElementById(node.dataset.model)?.classList.add("lit");
  }
  for (const edge of all(".canvas .edge")) {
    const ends = [edge.dataset.from, edge.dataset.to].map((id) => lit.has(document.getElementById(id)));
    if (lit.size === 1 ? ends[0] || ends[1] : ends[0] && ends[1]) edge.classList.add("near");
  }
  for (const place of places) {
    if (found.steps.includes(place)) place.classList.add("lit");
    else if (lit.size === 1 && nodesOf(place).some((node) => lit.has(node) || callsAlso(place, node))) {
      place.classList.add("through");
    }
  }
  for (const step of found.steps) step?.closest(".line").classList.add("lit");
  describe(found);
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function describe(found) {
  if (!inspector) return;
  if (!found) {
    const hint = "Point at a node or at a line, or move through the figure with the arrow keys.";
    inspector.replaceChildren(element("p", hint));
    return;
  }
  if (found.nodes.length > 1) {
    const counts = new Map();
    for (const node of found.nodes) {
      const what = rows.get(node.id).cells[1].textContent.split(" (")[0];
      counts.set(what, (counts.get(what) || 0) + 1);
    }
    const kinds = [...counts].map(([what, count]) => count > 1 ? `${count} × ${what}` : what).join(", ");
    const line = element("p", "");
    line.append(element("strong", `${found.nodes.length} nodes`), ` ${kinds}`);
    inspector.replaceChildren(line);
    return;
  }
  const node = found.nodes[0];
  const row = rows.get(node.id);
  const heads = all("thead th", row.closest("table")).map((head) => head.textContent);
  const cells = [...row.cells].map((cell) => cell.textContent);
  const list = document.createElement("dl");
  cells.forEach((text, number) => {
    if (number < 2 || !text) return;
    const pair = document.createElement("div");
    pair.append(element("dt", heads[number]), element("dd", text));
    list.append(pair);
  });
  const line = element("a", `line ${stepOf(node).closest(".line").id.split("L").pop()}`);
  line.href = node.getAttribute("href");
  const title = element("p", "");
  title.append(element("strong", cells[0]), ` ${cells[1]} · `, line);
  inspector.replaceChildren(title, list);
}

function show(target, scroller) {
  if (!target) return;
  const outer = scroller?.getBoundingClientRect();
  const inner = target.getBoundingClientRect();
  if (outer) {
    const seen = inner.top >= outer.top && inner.bottom <= Math.min(outer.bottom, innerHeight);
    if (seen && inner.left >= outer.left && inner.right <= outer.right) return;
    scroller.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
    scroller.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  } else if (inner.top < 0 || inner.bottom > innerHeight) {
    target.scrollIntoView({ block: "center" });
  }
}

const canvas = document.querySelector(".canvas");
document.documentElement.classList.add("scripted"); // without it, the address alone lights its target

function point(event) {
  const found = meaning(event.target);
  if (!found) return;
  light(found);
  if (!pinned && !event.target.closest(".canvas")) show(found.nodes[0], canvas);
}

function release() {
  pinned = null;
  light(null);
}

function pin(event) {
  const node = event.target.closest(".canvas a.node");
  const place = event.target.closest(".spec a.place");
  if (!node && !place) {
    if (!event.target.closest("a, button, summary")) release();
    return;
  }
  event.preventDefault();
  pinned = node || place;
  history.replaceState(null, "", `#${pinned.id}`);
  light(meaning(pinned));
  if (node && beside.matches) show(stepOf(node));
  if (place) {
    show(nodesOf(place)[0], canvas);
    if (!beside.matches) canvas.scrollIntoView({ block: "nearest" });
  }
}

// One stop of the Tab key for many links; the arrow keys move among them.
function rove(links) {
  links.forEach((link, number) => link.setAttribute("tabindex", number ? "-1" : "0"));
  links.forEach((link, number) => link.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = links[Math.min(Math.max(number + step, 0), links.length - 1)];
    links.forEach((other) => other.setAttribute("tabindex", other === next ? "0" : "-1"));
    next.focus();
  }));
}

if (canvas) {
  const surface = document.querySelector("main");
  surface.addEventListener("pointerover", (event) => event.pointerType !== "touch" && point(event));
  surface.addEventListener("pointerout", (event) => event.pointerType !== "touch" && light(pinned && meaning(pinned)));
  surface.addEventListener("focusin", (event) => event.target.matches(".node, .place") && point(event));
  surface.addEventListener("click", pin);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") release();
  });
  rove([...rows.keys()].map((id) => document.getElementById(id)));
  rove(places);
  const linked = document.getElementById(location.hash.slice(1));
  if (linked?.matches(".node, .place")) pinned = linked;
  light(pinned && meaning(pinned));
  show(pinned ? meaning(pinned).nodes[0] : nodes[0], canvas);
  const whole = document.querySelector("button.whole");
  whole.hidden = canvas.scrollHeight <= canvas.clientHeight && canvas.scrollWidth <= canvas.clientWidth;
  whole.addEventListener("click", () => {
    whole.setAttribute("aria-pressed", canvas.classList.toggle("whole"));
    show(nodes[0], canvas);
  });
}

// --- the index: words and tags ----------------------------------------------------------------------------------

const form = document.querySelector("form.search");

function search() {
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const tags = all("button[aria-pressed=true]", form).map((button) => button.dataset.tag);
  let count = 0;
  for (const item of all(".models li")) {
    const carried = item.dataset.tags.split(" ");
    const fits = words.every((word) => item.dataset.words.includes(word)) && tags.every((tag) => carried.includes(tag));
    item.hidden = !fits;
    count += fits;
  }
  for (const folder of all(".folder")) folder.hidden = !all("li", folder).some((item) => !item.hidden);
  document.querySelector(".none").hidden = count > 0;
  form.querySelector(".count").textContent = count === 1 ? "1 model" : `${count} models`;
  const state = new URLSearchParams([...words.map((word) => ["q", word]), ...tags.map((tag) => ["tag", tag])]);
  history.replaceState(null, "", `#${state}`);
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", search);
  for (const button of all("button", form)) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
      search();
    });
  }
  const asked = new URLSearchParams(location.hash.slice(1));
  form.elements.words.value = asked.getAll("q").join(" ");
  for (const button of all("button", form)) {
    button.setAttribute("aria-pressed", asked.getAll("tag").includes(button.dataset.tag));
  }
  if (asked.has("q") || asked.has("tag")) search();
}

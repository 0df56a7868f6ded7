// What happens when: the page is drawn in a language, and what follows the filter is drawn again when it changes.

let waiting = 0;

function draw() {
  document.documentElement.lang = lang === 0 ? "zh-CN" : "en";
  document.title = `${data.head.project} · ${text(data.head.verdictWords)} · riskgate`;
  const parts = [
    el("a", { class: "skip", href: "#list" }, say("skip")),
    drawHead(),
    drawMain(),
    drawFoot(),
  ];
  document.getElementById("app").replaceChildren(...parts.filter(Boolean));
  update();
}

function drawMain() {
  const pictures = el("div", { class: "pair" }, drawMatrix(), drawFloors());
  return el("main", {}, drawWarnings(), drawTiles(), drawStopping(), drawPicture(), pictures, drawList(), drawWaivers());
}

function update() {
  const found = look();
  updatePicture(found);
  updateMatrix(found);
  updateFloors(found);
  updateFilter(found);
  updateList(found);
}

function change(conditions) {
  Object.assign(filter, conditions);
  list.open = null;
  update();
}

function speak(index) {
  lang = index;
  draw();
  document.getElementById(`lang-${index}`).focus();
}

function chooseNode(node, jump = false) {
  list.grouping = "node";
  const scope = node !== null && !nodesInScope.has(node) ? { scope: false } : {};
  change({ node, ...scope });
  if (jump) document.getElementById("lifecycle").scrollIntoView();
}

function chooseCell(cell) {
  change({ cell: filter.cell === cell ? null : cell });
}

function chooseUnit(unit) {
  list.grouping = "place";
  change({ unit: filter.unit === unit ? null : unit, group: null });
}

function chooseFacet(facet, value) {
  const extra = facet === "group" ? { unit: null } : {};
  change({ [facet]: value === "" ? null : Number(value), ...extra });
}

function toggleFacet(facet, key, checked) {
  const chosen = new Set(filter[facet]);
  chosen[checked ? "add" : "delete"](key);
  change({ [facet]: chosen });
}

function searchSoon(event) {
  clearTimeout(waiting);
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  waiting = setTimeout(() => change({ text: words }), 150);
}

function resetFilter() {
  const { scope } = filter;
  filter = { ...allShown(), scope };
  document.getElementById("search").value = "";
  change({});
}

function regroup(name) {
  list.grouping = name;
  change({});
}

function openAll(open) {
  list.open = new Set(open ? groupItems(look().items).map(({ key }) => key) : []);
  updateList(look());
}

// Paper has no one to ask: what is shut is opened, and the list is there whole.
window.addEventListener("beforeprint", () => {
  document.getElementById("paper")?.remove();
  document.querySelector("details.notes")?.setAttribute("open", "");
  document.querySelector("main").append(drawPaper(look().items));
});
window.addEventListener("afterprint", () => document.getElementById("paper")?.remove());

draw();
document.getElementById("app").hidden = false;

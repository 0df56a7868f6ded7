// Customer sensitivity against weight in the trade: a circle in each cell, its area the number of risks.

const SCORES = [1, 2, 3, 4, 5];
const CELL = 64;
const LARGEST = 26;

const matrix = { cells: new Map() };

function drawMatrix() {
  matrix.cells = new Map();
  const head = el(
    "tr",
    {},
    el("td", {}),
    ...SCORES.map((weight) => el("th", { scope: "col" }, String(weight))),
  );
  const rows = [...SCORES].reverse().map((sensitivity) =>
    el("tr", {}, el("th", { scope: "row" }, String(sensitivity)), ...SCORES.map((weight) => matrixCell(sensitivity, weight))),
  );
  const table = el(
    "table",
    { class: "matrix" },
    el("caption", {}, `↑ ${say("sensitivity")} · ${say("weight")} →`),
    el("tbody", {}, ...rows),
    el("tfoot", {}, head),
  );
  return section(
    "matrix",
    say("matrix"),
    el("p", { class: "hint screen" }, say("matrixHint")),
    table,
    el("p", { id: "matrix-sum" }),
  );
}

function matrixCell(sensitivity, weight) {
  const key = `${sensitivity},${weight}`;
  const circle = svg("circle", { cx: CELL / 2, cy: CELL / 2, r: 0 });
  const count = svg("text", { x: CELL / 2, y: CELL / 2 + 5, "text-anchor": "middle" });
  const gaps = svg("text", { class: "gaps", x: CELL - 4, y: CELL - 5, "text-anchor": "end" });
  const cell = el(
    "button",
    { type: "button", "aria-pressed": "false", onclick: () => chooseCell(key) },
    svg("svg", { viewBox: `0 0 ${CELL} ${CELL}`, "aria-hidden": "true" }, circle, count, gaps),
  );
  matrix.cells.set(key, { cell, circle, count, gaps, sensitivity, weight });
  const corner = inCorner(sensitivity, weight);
  const mark = corner && sensitivity === 5 && weight === 1 ? el("span", { class: "mark", "aria-hidden": "true" }, say("blindSpot")) : null;
  return el("td", { class: corner ? "corner" : "" }, mark, cell);
}

function updateMatrix(found) {
  const tally = found.tally.cell;
  const most = Math.max(1, ...[...tally.counts.values()].map(([n]) => n));
  const radius = (n) => (n ? Math.max(4, LARGEST * Math.sqrt(n / most)) : 0);
  const corner = [0, 0];
  for (const [key, { cell, circle, count, gaps, sensitivity, weight }] of matrix.cells) {
    const [n, g] = tally.of(key);
    circle.setAttribute("r", radius(n));
    count.textContent = n ? shown(n) : "";
    gaps.textContent = g ? `?${shown(g)}` : "";
    cell.setAttribute("aria-label", say("cellLabel", { s: sensitivity, w: weight, n, g }));
    cell.setAttribute("title", say("cellLabel", { s: sensitivity, w: weight, n, g }));
    cell.setAttribute("aria-pressed", String(filter.cell === key));
    cell.disabled = !n && !g;
    if (inCorner(sensitivity, weight)) {
      corner[0] += n;
      corner[1] += g;
    }
  }
  const [n, g] = tally.of("unrated");
  document.getElementById("matrix-sum").replaceChildren(
    button(say("inCorner", { n: corner[0], g: corner[1] }), () => chooseCell("corner"), { class: "corner-sum", "aria-pressed": String(filter.cell === "corner") }),
    n || g ? button(say("unrated", { n, g }), () => chooseCell("unrated"), { class: "link", "aria-pressed": String(filter.cell === "unrated") }) : "",
  );
}

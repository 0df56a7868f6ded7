// Every building as a grid of flats, floors down, coloured by what stands against each flat.

const UNITS = data.places.units;
const OPEN_BUILDINGS = 6;
const LOOKS = {
  blocked: { sign: "✗", key: "unitBlocked" },
  unverified: { sign: "?", key: "unitUnverified" },
  perhaps: { sign: "~", key: "unitPerhaps" },
  lesser: { sign: "!", key: "unitLesser" },
  waived: { sign: "w", key: "unitWaived" },
  clear: { sign: "✓", key: "unitClear" },
};
const floors = { open: null };

function drawFloors() {
  const body = el("div", { id: "floors-body" });
  const title = say("floors");
  if (!data.places.known) return section("floors", title, el("p", { class: "hint" }, say("floorsUnknown")));
  if (!UNITS.length) return section("floors", title, el("p", { class: "hint" }, say("noUnits")));
  return section("floors", title, el("p", { class: "hint screen" }, say("floorsHint")), drawUnitLegend(), body);
}

function drawUnitLegend() {
  const entries = Object.entries(LOOKS).map(([look, { sign, key }]) =>
    el("li", {}, el("span", { class: `swatch unit-${look}`, "aria-hidden": "true" }, sign), say(key)),
  );
  return el("ul", { class: "legend" }, ...entries);
}

// What each flat has of its own, and what its building or the project has.
function weigh(items) {
  const units = UNITS.map(() => ({ blocking: 0, lesser: 0, waived: 0, gaps: 0, open: 0, perhaps: false }));
  const above = new Map();
  const partial = [];
  const over = (group) => above.get(group) ?? above.set(group, { risks: 0, gaps: 0 }).get(group);
  for (const item of items) {
    const own = unitsOf(item);
    if (isGap(item)) {
      own.forEach((unit) => weighGap(units[unit], item));
      if (own.length && PARTIAL[item - RISKS]) partial.push(item);
      if (!own.length && severities[item] === 0) groupsOf(item).forEach((group) => (over(group).gaps += 1));
    } else if (own.length) weighRisk(units[own[0]], item);
    else if (kinds[item] === RISK && severities[item] === 0) over(risks.group[item]).risks += 1;
  }
  if (partial.some((item) => severities[item] === 0)) units.forEach((unit) => (unit.perhaps = true));
  return { units, above };
}

function weighRisk(unit, item) {
  if (kinds[item] === WAIVED) unit.waived += 1;
  else if (severities[item] === 0) unit.blocking += 1;
  else unit.lesser += 1;
}

function weighGap(unit, item) {
  unit.gaps += 1;
  if (severities[item] === 0) unit.open += 1;
}

function lookOf(unit) {
  if (unit.blocking) return "blocked";
  if (unit.open) return "unverified";
  if (unit.perhaps) return "perhaps";
  if (unit.lesser) return "lesser";
  if (unit.gaps) return "unverified";
  return unit.waived ? "waived" : "clear";
}

// Lesser risks and gaps of lesser rules stop nothing.
const isStopped = (unit) => unit.blocking > 0 || unit.open > 0 || unit.perhaps;

function updateFloors(found) {
  const body = document.getElementById("floors-body");
  if (!body) return;
  const weighed = weigh(found.atGrid);
  const groups = [...new Set(data.places.holders.map((holder) => holder.group))];
  floors.open ??= new Set(groups.slice(0, OPEN_BUILDINGS));
  const heading = isNarrowed() ? el("p", { class: "note" }, say("filtered", { filter: filterText() })) : "";
  body.replaceChildren(heading, ...groups.map((group) => drawBuilding(group, weighed)));
}

function drawBuilding(group, { units, above }) {
  const holders = data.places.holders.filter((holder) => holder.group === group);
  const members = holders.flatMap((holder) => holder.floors.flatMap(([, across]) => across)).filter((unit) => unit !== null);
  const ready = members.filter((unit) => !isStopped(units[unit])).length;
  const title = el("b", {}, groupTitle(group));
  const sum = isNarrowed() ? "" : el("span", { class: "ready" }, say("ready", { n: ready, all: members.length }));
  const grids = () => holders.map((holder) => drawGrid(holder, units, holders.length > 1));
  const details = el("details", { class: "building", open: floors.open.has(group) }, el("summary", {}, title, " ", sum), aboveNote(group, above));
  const fill = () => details.append(el("div", { class: "grids" }, ...grids()));
  if (floors.open.has(group)) fill();
  details.addEventListener("toggle", () => {
    if (details.open && !floors.open.has(group)) fill();
    if (details.open) floors.open.add(group);
  });
  return details;
}

function aboveNote(group, above) {
  const sum = { risks: 0, gaps: 0 };
  for (const key of new Set([group, NONE])) {
    const found = above.get(key);
    sum.risks += found?.risks ?? 0;
    sum.gaps += found?.gaps ?? 0;
  }
  if (isNarrowed() || (!sum.risks && !sum.gaps)) return null;
  const parts = [
    sum.risks ? say("aboveRisks", { n: sum.risks }) : "",
    sum.gaps ? say("aboveGaps", { n: sum.gaps }) : "",
  ].filter(Boolean);
  return el("p", { class: "above" }, `${sum.risks ? "✗" : "?"} ${say("above", { what: listed(parts) })}`);
}

function drawGrid(holder, units, titled) {
  const rows = holder.floors.map(([floor, across]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, floor === null ? say("noFloor") : say("floor", { n: floor })),
      ...across.map((unit) => el("td", {}, unit === null ? "" : drawUnit(unit, units[unit]))),
    ),
  );
  const caption = titled ? el("caption", {}, text(holder.label)) : null;
  return el("table", { class: "floors", "aria-label": text(holder.label) }, caption, el("tbody", {}, ...rows));
}

function drawUnit(unit, weight) {
  const look = lookOf(weight);
  const n = weight.blocking + weight.lesser;
  const label = say("unitLabel", { name: text(UNITS[unit][1]), state: say(LOOKS[look].key), n, g: weight.gaps });
  const sign = LOOKS[look].sign + (weight.gaps && look !== "unverified" ? "?" : "");
  const attributes = { class: `unit unit-${look}`, "aria-label": label, title: label, "aria-pressed": String(filter.unit === unit) };
  return el("button", { type: "button", ...attributes, onclick: () => chooseUnit(unit) }, el("span", { class: "sign" }, sign), UNITS[unit][0]);
}

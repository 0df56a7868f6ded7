// The meeting list: the filter, and the items shown in groups that are drawn when somebody opens them.

const AT_ONCE = 20;
const OPEN_CARDS = 40;
const GROUPINGS = { node: "byNode", place: "byPlace", owner: "byOwner", theme: "byTheme" };

const list = { grouping: "node", open: null, selects: [], boxes: [], switches: {} };

function drawList() {
  const choices = Object.entries(GROUPINGS).map(([name, key]) =>
    button(say(key), () => regroup(name), { "data-grouping": name, "aria-pressed": String(list.grouping === name) }),
  );
  return section(
    "list",
    say("list"),
    drawFilter(),
    el("p", { id: "count", role: "status" }),
    el(
      "div",
      { class: "groupings", role: "group", "aria-label": say("groupBy") },
      ...choices,
      el("span", { class: "space" }),
      button(say("openAll"), () => openAll(true), { class: "link" }),
      button(say("closeAll"), () => openAll(false), { class: "link" }),
    ),
    el("div", { id: "groups" }),
  );
}

function drawFilter() {
  list.selects = [
    drawSelect("owner", say("owner"), range(data.owners.length), ownerTitle),
    drawSelect("theme", say("theme"), range(data.themes.length), themeTitle),
    drawSelect("group", say("building"), range(data.places.groups.length), groupTitle),
    drawSelect("pack", say("pack"), data.packs.map((_, pack) => pack), (pack) => data.packs[pack]),
  ];
  list.boxes = [
    ...[0, 1, 2].map((severity) => drawCheck("severity", severity, severityText(severity))),
    ...[RISK, GAP, WAIVED].map((kind) => drawCheck("kind", kind, kindTitle(kind))),
  ];
  const search = el("input", { type: "search", id: "search", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off", oninput: searchSoon });
  search.value = filter.text.join(" ");
  return el(
    "form",
    { class: "filter", role: "search", "aria-label": say("filter"), onsubmit: (event) => event.preventDefault() },
    search,
    fieldset("severity", list.boxes.slice(0, 3)),
    fieldset("kind", list.boxes.slice(3)),
    ...list.selects.map(({ label }) => label),
    outside.size ? switchBox("scope", say("scope")) : null,
    data.fresh ? switchBox("fresh", say("freshOnly", { n: fresh.size })) : null,
    button(say("reset"), resetFilter, { id: "reset" }),
  );
}

const range = (length) => [NONE, ...Array.from({ length }, (_, index) => index)];
const fieldset = (key, boxes) => el("fieldset", {}, el("legend", {}, say(key)), ...boxes.map(({ label }) => label));

function drawSelect(facet, title, keys, name) {
  const options = keys.map((key) => ({ key, name: name(key), option: el("option", { value: key }) }));
  const select = el("select", { id: `by-${facet}`, onchange: () => chooseFacet(facet, select.value) }, el("option", { value: "" }, say("all")), ...options.map(({ option }) => option));
  return { facet, select, options, label: el("label", {}, el("span", {}, title), select) };
}

function drawCheck(facet, key, title) {
  const box = el("input", { type: "checkbox", id: `${facet}-${key}`, onchange: () => toggleFacet(facet, key, box.checked) });
  const count = el("span", { class: "n" });
  return { facet, key, box, count, label: el("label", { class: "check" }, box, title, " ", count) };
}

function switchBox(name, title) {
  const box = el("input", { type: "checkbox", id: name, onchange: () => change({ [name]: box.checked }) });
  box.checked = filter[name];
  list.switches[name] = box;
  return el("label", { class: "check" }, box, title);
}

function updateFilter(found) {
  for (const { facet, key, box, count } of list.boxes) {
    box.checked = filter[facet].has(key);
    const [n, g, w] = found.tally[facet].of(key);
    count.textContent = shown(n + g + w);
  }
  for (const { facet, select, options } of list.selects) {
    for (const { key, name, option } of options) {
      const [n, g, w] = found.tally[facet].of(key);
      option.textContent = say("option", { label: name, n: n + w, g });
      option.hidden = !n && !g && !w && filter[facet] !== key;
    }
    select.value = filter[facet] === null ? "" : String(filter[facet]);
  }
  for (const [name, box] of Object.entries(list.switches)) box.checked = filter[name];
  const gaps = found.items.filter(isGap).length;
  const values = { n: found.items.length - gaps, all: RISKS, g: gaps, allGaps: data.gaps.length };
  const conditions = isFiltered() ? el("b", {}, ` · ${filterText()}`) : "";
  document.getElementById("count").replaceChildren(say("shown", values), conditions);
  document.getElementById("reset").disabled = !isFiltered();
  for (const choice of document.querySelectorAll("[data-grouping]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.grouping === list.grouping));
  }
}

// Which groups an item belongs to. By node: those that are asked about, if some are.
function keysOf(item) {
  if (list.grouping === "owner") return filter.owner === null ? ownersOf(item) : [filter.owner];
  if (list.grouping === "theme") return [ruleOf(item).theme];
  if (list.grouping === "place") {
    const groups = groupsOf(item);
    if (filter.unit !== null) return groups.filter((group) => group === UNITS[filter.unit][2]);
    return filter.group === null ? groups : groups.filter((group) => group === filter.group);
  }
  if (filter.node !== null) return [filter.node];
  return filter.scope ? nodesOf(item).filter((node) => nodesInScope.has(node)) : nodesOf(item);
}

// The chosen nodes and those before them that hold or delay them.
const nodesInScope = new Set(
  data.nodes.flatMap((node, index) => (node.chosen ? [index, ...node.held, ...node.awaiting] : [])),
);

function groupItems(items) {
  const groups = new Map();
  for (const item of items) {
    for (const key of keysOf(item)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
  }
  const weight = (found) => found.reduce((sum, item) => sum + (kinds[item] === RISK && severities[item] === 0 ? 1000 : 1), 0);
  const keys = [...groups.keys()];
  if (list.grouping === "node" || list.grouping === "place") keys.sort((a, b) => (a === NONE) - (b === NONE) || a - b);
  else keys.sort((a, b) => weight(groups.get(b)) - weight(groups.get(a)) || a - b);
  return keys.map((key) => ({ key, items: groups.get(key) }));
}

function groupHeading(key) {
  if (list.grouping === "owner") return ownerTitle(key);
  if (list.grouping === "theme") return themeTitle(key);
  if (list.grouping === "place") return groupTitle(key);
  return `${data.nodes[key].code} ${text(data.nodes[key].title)}`;
}

function groupSign(key) {
  if (list.grouping !== "node") return null;
  const { state } = data.nodes[key];
  return el("span", { class: `sign ${state}` }, `${data.words.signs[state]} ${stateText(state)}`);
}

function tallyText(items) {
  const count = (kind, severity) => items.filter((item) => kinds[item] === kind && (severity === undefined || severities[item] === severity)).length;
  const waived = count(WAIVED);
  const words = say("tally", { b: count(RISK, 0), m: count(RISK, 1), l: count(RISK, 2), g: count(GAP) });
  return waived ? words + say("tallyWaived", { w: waived }) : words;
}

function updateList(found) {
  const groups = groupItems(found.items);
  if (list.open === null) {
    list.open = new Set();
    let cards = 0;
    for (const { key, items } of groups) {
      if (cards && cards + items.length > OPEN_CARDS) break;
      list.open.add(key);
      cards += items.length;
    }
  }
  const drawn = groups.map(({ key, items }) => drawGroup(key, items));
  document.getElementById("groups").replaceChildren(...(drawn.length ? drawn : [el("p", { class: "nothing" }, say("nothing"))]));
}

function drawGroup(key, items) {
  const summary = el("summary", {}, groupSign(key), el("b", {}, groupHeading(key)), " ", el("span", { class: "tally" }, tallyText(items)));
  const details = el("details", { class: "group", "data-group": key, open: list.open.has(key) }, summary);
  let filled = false;
  const show = () => {
    if (!filled) details.append(drawCards(items, key));
    filled = true;
  };
  if (details.open) show();
  details.addEventListener("toggle", () => {
    list.open[details.open ? "add" : "delete"](key);
    if (details.open) show();
  });
  return details;
}

// Draws some of a list, and a button for some more.
function paged(holder, things, draw, some) {
  let next = 0;
  const more = (count) => {
    const part = things.slice(next, next + count);
    next += part.length;
    holder.append(...part.map(draw));
    const left = things.length - next;
    if (!left) return;
    const again = button(say("more", { n: Math.min(50, left), left }), () => {
      again.remove();
      more(50);
    }, { class: "more" });
    holder.append(again);
  };
  more(some);
  return holder;
}

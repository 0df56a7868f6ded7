// The list for paper: a table of everything that is shown, each item once, with room to write.

function drawPaper(items) {
  const printed = new Map();
  const bodies = groupItems(items).map(({ key, items: members }) => drawPaperGroup(key, members, printed));
  const heads = ["number", "severity", "what", "mended", "how", "nodes", "deadline"];
  const table = el(
    "table",
    { class: "paper" },
    el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col", class: `c-${key}` }, say(key))))),
    ...bodies,
  );
  const note = isFiltered() ? el("p", { class: "note" }, say("filtered", { filter: filterText() })) : null;
  return el("div", { id: "paper" }, el("h2", {}, say("list")), note, table);
}

function drawPaperGroup(key, items, printed) {
  const sign = list.grouping === "node" ? `${data.words.signs[data.nodes[key].state]} ${stateText(data.nodes[key].state)} ` : "";
  const heading = `${sign}${groupHeading(key)} — ${tallyText(items)}`;
  // by owner, an item has its row at the department that leads
  const elsewhere = (item) => list.grouping === "owner" && filter.owner === null && ownersOf(item)[0] !== key;
  const fresh = items.filter((item) => !printed.has(item) && !elsewhere(item));
  const again = items.filter((item) => printed.has(item) || elsewhere(item)).map(numberOf);
  fresh.forEach((item) => printed.set(item, key));
  const rows = inPaperOrder(fresh).map((item) => el("tr", { class: isGap(item) ? "gap" : `sev${severities[item]}` }, ...paperCells(item).map((cell) => el("td", {}, ...cell))));
  const see = again.length ? [el("tr", {}, el("td", { colspan: 7, class: "see" }, labelled(say("seeAbove"), again.join(", "))))] : [];
  return el("tbody", {}, el("tr", {}, el("th", { colspan: 7, scope: "rowgroup" }, heading)), ...rows, ...see);
}

const inPaperOrder = (items) => [...items].sort((a, b) => severities[a] - severities[b] || isGap(a) - isGap(b) || a - b);

function paperCells(item) {
  const rule = ruleOf(item);
  const severity = severityText(severities[item]);
  const sign = isGap(item) ? `? ${say("gapSign")} (${severity})` : `${SEVERITY_SIGNS[severities[item]]} ${severity}`;
  return [
    [numberOf(item)],
    [sign],
    isGap(item) ? paperGap(item, rule) : paperRisk(item, rule),
    [ownersText(rule.owners)],
    [isGap(item) ? "" : text(rule.remedy)],
    [codesText(nodesOf(item))],
    [""],
  ];
}

function paperRisk(item, rule) {
  const badge = fresh.has(item) ? el("span", { class: "badge fresh" }, say("fresh")) : "";
  const what = labelled(text(risks.label[item]), text(risks.message[item]));
  return [el("b", {}, text(rule.title)), " ", el("code", {}, rule.id), el("div", {}, what), badge, waivedBadge(item) ?? ""];
}

function paperGap(item, rule) {
  const gap = gapOf(item);
  const places = gap.places.map(([label, address]) => text(label) || address);
  const left = gap.count - places.length;
  const more = left ? ` ${say("further", { n: left })}` : "";
  return [el("b", {}, text(rule.title)), " ", el("code", {}, rule.id), el("div", {}, gapText(item)), el("div", {}, listed(places) + more)];
}

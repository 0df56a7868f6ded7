// A card for each rule of a group (or for each flat, by building); its places as lines; all that is known on demand.

const PLACES_AT_ONCE = 5;

function drawCards(items, group) {
  const byUnit = list.grouping === "place";
  const cards = new Map();
  for (const item of items) {
    const key = byUnit && !isGap(item) ? `unit ${unitsOf(item)[0] ?? NONE}` : `rule ${isGap(item)} ${ruleOf(item).id}`;
    if (!cards.has(key)) cards.set(key, { severity: severities[item], gap: isGap(item), unit: byUnit && !isGap(item), group: byUnit ? group : null, items: [] });
    const card = cards.get(key);
    card.items.push(item);
    card.severity = Math.min(card.severity, severities[item]);
  }
  for (const card of cards.values()) card.waived = card.items.every((item) => kinds[item] === WAIVED);
  const ordered = [...cards.values()].sort((a, b) => a.waived - b.waived || a.severity - b.severity || a.gap - b.gap);
  return paged(el("div", { class: "cards" }), ordered, drawCard, AT_ONCE);
}

function lookOfCard(card) {
  if (card.waived) return "waived";
  return card.gap ? "gap" : `sev${card.severity}`;
}

function drawCard(card) {
  if (card.unit) return drawUnitCard(card);
  const [first] = card.items;
  const rule = ruleOf(first);
  const sign = card.gap ? `? ${say("gapSign")}` : `${SEVERITY_SIGNS[card.severity]} ${severityText(card.severity)}`;
  const times = card.gap ? card.items.reduce((sum, item) => sum + gapTimes(item, card.group), 0) : card.items.length;
  return el(
    "article",
    { class: `card ${lookOfCard(card)}` },
    el("h4", {}, el("span", { class: "badge" }, card.waived ? `~ ${say("waived")}` : sign), " ", text(rule.title), " ", el("code", {}, rule.id), el("span", { class: "times" }, say("times", { n: times }))),
    el("p", { class: "meta" }, metaText(rule, first, card.gap)),
    rule.remedy && !card.gap ? el("p", { class: "how" }, el("b", {}, labelled(say("how"), "")), text(rule.remedy)) : null,
    placesOf(card.items, (item) => (card.gap ? drawGap(item, card.group) : drawPlace(item))),
    drawAbout(rule),
  );
}

function drawUnitCard(card) {
  const unit = unitsOf(card.items[0])[0];
  const title = unit === undefined ? say("wholeGroup") : text(UNITS[unit][1]);
  return el(
    "article",
    { class: `card ${lookOfCard(card)}` },
    el("h4", {}, title, el("span", { class: "times" }, say("times", { n: card.items.length }))),
    placesOf(card.items, (item) => drawPlace(item, true)),
  );
}

function metaText(rule, item, gap) {
  const parts = [labelled(say("nodes"), codesText(nodesOf(item)))];
  if (rule.owners.length) parts.unshift(labelled(say(gap ? "supplied" : "mended"), ownersText(rule.owners)));
  if (rule.sensitivity !== null && rule.weight !== null) parts.push(say("scores", { s: rule.sensitivity, w: rule.weight }));
  if (gap) parts.push(severityText(severities[item]));
  return parts.join(" · ");
}

const placesOf = (items, draw) => paged(el("ol", { class: "places" }), items, (item) => el("li", {}, draw(item)), PLACES_AT_ONCE);

// A line that opens to what is behind it, which is drawn only then.
function unfold(summary, draw) {
  const details = el("details", {}, el("summary", {}, ...summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(draw());
  });
  return details;
}

function drawPlace(item, withRule = false) {
  const severity = severities[item];
  const sign = el("span", { class: `badge sev${severity}` }, `${SEVERITY_SIGNS[severity]} ${severityText(severity)}`);
  const summary = [
    el("span", { class: "no" }, numberOf(item)),
    withRule ? sign : null,
    el("b", {}, withRule ? text(ruleOf(item).title) : text(risks.label[item])),
    " ",
    el("span", {}, text(risks.message[item])),
    fresh.has(item) ? el("span", { class: "badge fresh" }, say("fresh")) : null,
    waivedBadge(item),
  ];
  return unfold(summary, () => drawDetail(item, withRule));
}

const markOf = (item) => (kinds[item] === WAIVED ? data.marks[risks.waiver[item]] : null);

function waivedBadge(item) {
  const mark = markOf(item);
  return mark && el("span", { class: "badge waived" }, `${say("waived")} · ${markText(mark)}`);
}

function markText({ by, until, doubt }) {
  return say("waivedBy", { by: doubt ? `${by} (${text(doubt)})` : by, until });
}

function drawDetail(item, withRule) {
  const rule = ruleOf(item);
  const terms = [];
  const add = (label, ...value) => terms.push(el("dt", {}, label), el("dd", {}, ...value));
  if (withRule) {
    add(say("place"), text(risks.label[item]));
    if (rule.owners.length) add(say("mended"), ownersText(rule.owners));
    if (rule.remedy) add(say("how"), text(rule.remedy));
    add(say("nodes"), codesText(nodesOf(item)));
    if (rule.why) add(say("why"), text(rule.why));
    if (rule.sources.length) add(say("source"), sourcesText(rule));
    add(say("rule"), `${rule.id} · ${rule.file}`);
  }
  const mark = markOf(item);
  if (mark) add(say("waived"), `${markText(mark)} · ${text(mark.reason)}`);
  add(say("evidence"), drawEvidence(item));
  if (because.has(item)) add(say("because"), becauseText(because.get(item)));
  add(say("place"), el("code", {}, risks.address[item]), " ", el("code", {}, risks.pointer[item]));
  add(say("fingerprint"), el("code", {}, risks.id[item]));
  return el("dl", {}, ...terms);
}

function drawEvidence(item) {
  const rows = risks.evidence[item].map(([name, pointer, value, origin]) => {
    const shownValue = typeof value === "string" ? el("code", {}, value) : drawMacro(value, item);
    const at = pointer === null ? "" : el("code", { class: "pointer" }, pointerText(pointer, item));
    const from = origin ? el("span", {}, say("origin", { origin })) : "";
    return el("tr", {}, el("th", { scope: "row" }, el("code", {}, data.names[name])), el("td", {}, shownValue, " ", from, at));
  });
  return el("table", { class: "evidence" }, el("tbody", {}, ...rows));
}

const pointerText = (pointer, item) => (pointer.startsWith("+") ? risks.pointer[item] + pointer.slice(1) : pointer);

function drawMacro(value, item) {
  const items = value.items.map(([shownValue, pointer]) =>
    el("li", {}, el("code", {}, shownValue), " ", pointer === null ? "" : el("code", { class: "pointer" }, pointerText(pointer, item))),
  );
  const rest = value.deciding > value.items.length ? el("li", {}, "…") : "";
  return el("div", {}, say("ofMacro", { of: value.of, n: value.deciding }), el("ul", {}, ...items, rest));
}

function becauseText(items) {
  const times = new Map();
  for (const item of items) times.set(ruleOf(item).id, (times.get(ruleOf(item).id) ?? 0) + 1);
  return listed([...times].map(([rule, n]) => (n > 1 ? `${rule} × ${shown(n)}` : rule)));
}

const sourcesText = (rule) => rule.sources.map((source) => text(source)).join(lang === 0 ? "；" : "; ");

function drawAbout(rule) {
  return unfold([el("span", { class: "about" }, say("more-about"))], () => {
    const terms = [];
    const add = (label, value) => value && terms.push(el("dt", {}, label), el("dd", {}, value));
    add(say("why"), text(rule.why));
    add(say("source"), sourcesText(rule));
    add(say("theme"), rule.theme === NONE ? "" : text(data.themes[rule.theme]));
    add(say("rule"), `${rule.id} · ${data.packs[rule.pack]} · ${rule.file}`);
    add(say("waivable"), text(rule.waivable));
    return el("dl", {}, ...terms);
  });
}

// How often a rule is undecided for this reason: in one group, if only that one is looked at.
function gapTimes(item, group) {
  const gap = gapOf(item);
  if (group === null || PARTIAL[item - RISKS]) return gap.count;
  return gap.groups.find(([key]) => key === group)?.[1] ?? gap.count;
}

function drawGap(item, group) {
  const summary = [el("span", { class: "no" }, numberOf(item)), gapText(item), " ", el("span", { class: "times" }, say("times", { n: gapTimes(item, group) }))];
  return unfold(summary, () => drawGapPlaces(item));
}

// Why a rule could not be decided; what is missing stands in the detail where it has words.
function gapText(item) {
  const gap = gapOf(item);
  const paths = gap.missing.join(lang === 0 ? "、" : ", ");
  return el("span", {}, el("b", {}, data.words.reasons[gap.reason][lang]), " ", text(gap.detail), " ", paths ? el("code", {}, paths) : "");
}

function drawGapPlaces(item) {
  const gap = gapOf(item);
  const places = gap.places.map(([label, address]) => el("li", {}, text(label) || address, " ", el("code", {}, address)));
  const left = gap.count - gap.places.length;
  return el("ul", { class: "gap-places" }, ...places, left ? el("li", {}, say("further", { n: left })) : "");
}

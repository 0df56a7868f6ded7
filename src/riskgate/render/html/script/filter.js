// What is shown: a set of conditions, the items that meet them, and how many would meet all conditions but one.

const BIT = { kind: 1, severity: 2, owner: 4, theme: 8, pack: 16, group: 32, node: 64, cell: 128, text: 256, scope: 512, fresh: 1024 };
const FACETS = ["kind", "severity", "owner", "theme", "pack", "group", "node", "cell"];
const HIDDEN_AT_GRID = BIT.kind | BIT.severity | BIT.group;

function allShown() {
  return {
    kind: new Set([RISK, GAP, WAIVED]),
    severity: new Set([0, 1, 2]),
    owner: null,
    theme: null,
    pack: null,
    group: null,
    unit: null,
    node: null,
    cell: null,
    text: [],
    scope: outside.size > 0,
    fresh: false,
  };
}

let filter = allShown();

const groupsMet = (item) => {
  if (filter.unit !== null) return unitsOf(item).includes(filter.unit);
  return groupsOf(item).includes(filter.group);
};

function cellMet(item) {
  return filter.cell === "corner" ? isInCorner(item) : cellOf(item) === filter.cell;
}

// The conditions that an item does not meet, as bits.
function missed(item) {
  const rule = ruleOf(item);
  let bits = 0;
  if (!filter.kind.has(kinds[item])) bits |= BIT.kind;
  if (!filter.severity.has(severities[item])) bits |= BIT.severity;
  if (filter.owner !== null && !ownersOf(item).includes(filter.owner)) bits |= BIT.owner;
  if (filter.theme !== null && rule.theme !== filter.theme) bits |= BIT.theme;
  if (filter.pack !== null && rule.pack !== filter.pack) bits |= BIT.pack;
  if ((filter.group !== null || filter.unit !== null) && !groupsMet(item)) bits |= BIT.group;
  if (filter.node !== null && !nodesOf(item).includes(filter.node)) bits |= BIT.node;
  if (filter.cell !== null && !cellMet(item)) bits |= BIT.cell;
  if (filter.scope && outside.has(item)) bits |= BIT.scope;
  if (filter.fresh && !fresh.has(item)) bits |= BIT.fresh;
  if (filter.text.length && !filter.text.every((word) => haystack(item).includes(word))) bits |= BIT.text;
  return bits;
}

const KEYS = {
  kind: (item) => [kinds[item]],
  severity: (item) => [severities[item]],
  owner: ownersOf,
  theme: (item) => [ruleOf(item).theme],
  pack: (item) => [ruleOf(item).pack],
  group: groupsOf,
  node: nodesOf,
  cell: (item) => [cellOf(item)],
};

// How many risks, gaps and waived risks there are for each key.
class Tally {
  constructor() {
    this.counts = new Map();
  }

  add(keys, kind) {
    for (const key of keys) {
      if (!this.counts.has(key)) this.counts.set(key, [0, 0, 0]);
      this.counts.get(key)[kind] += 1;
    }
  }

  of(key) {
    return this.counts.get(key) ?? [0, 0, 0];
  }
}

// The items shown, those that the grid of floors is drawn from, and a tally for each facet.
function look() {
  const found = { items: [], atGrid: [], tally: {} };
  for (const facet of FACETS) found.tally[facet] = new Tally();
  for (let item = 0; item < ITEMS; item += 1) {
    const bits = missed(item);
    if (bits === 0) found.items.push(item);
    if ((bits & ~HIDDEN_AT_GRID) === 0) found.atGrid.push(item);
    for (const facet of FACETS) {
      if ((bits & ~BIT[facet]) === 0) found.tally[facet].add(KEYS[facet](item), kinds[item]);
    }
  }
  return found;
}

// Whether the grid shows less than everything that stands against a flat at the chosen nodes.
function isNarrowed() {
  const some = [filter.owner, filter.theme, filter.pack, filter.cell].some((one) => one !== null);
  return some || filter.fresh || filter.text.length > 0;
}

function isFiltered() {
  const some = [filter.group, filter.unit, filter.node].some((one) => one !== null);
  return some || isNarrowed() || filter.kind.size < 3 || filter.severity.size < 3;
}

// The conditions in words, for paper and for those who cannot see the controls.
function filterText() {
  const parts = [];
  if (filter.node !== null) parts.push(`${data.nodes[filter.node].code} ${text(data.nodes[filter.node].title)}`);
  if (filter.unit !== null) parts.push(text(data.places.units[filter.unit][1]));
  else if (filter.group !== null) parts.push(groupTitle(filter.group));
  if (filter.owner !== null) parts.push(ownerTitle(filter.owner));
  if (filter.theme !== null) parts.push(themeTitle(filter.theme));
  if (filter.pack !== null) parts.push(data.packs[filter.pack]);
  if (filter.cell !== null) parts.push(cellTitle(filter.cell));
  if (filter.severity.size < 3) parts.push(listed([...filter.severity].sort().map(severityText)));
  if (filter.kind.size < 3) parts.push(listed([...filter.kind].sort().map(kindTitle)));
  if (filter.fresh) parts.push(say("fresh"));
  if (filter.text.length) parts.push(`“${filter.text.join(" ")}”`);
  return parts.join(lang === 0 ? "；" : "; ");
}

const kindTitle = (kind) => say(["kindRisk", "kindGap", "kindWaived"][kind]);
const ownerTitle = (owner) => (owner === NONE ? say("none") : text(data.owners[owner]));
const themeTitle = (theme) => (theme === NONE ? say("none") : text(data.themes[theme]));
const groupTitle = (group) => (group === NONE ? say("wholeProject") : text(data.places.groups[group]));

function cellTitle(cell) {
  if (cell === "corner") return say("blindSpot");
  if (cell === "unrated") return say("none");
  const [s, w] = cell.split(",");
  return say("scores", { s, w });
}

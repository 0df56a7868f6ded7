// Risks and gaps in one row of items: first the risks, then the gaps, each with its number.

const risks = data.risks;
const RISKS = risks.id.length;
const ITEMS = RISKS + data.gaps.length;
const itemsOf = (places) => new Set([...places.risks, ...places.gaps.map((index) => RISKS + index)]);
const outside = itemsOf(data.outside);
const fresh = data.fresh ? itemsOf(data.fresh) : new Set();
const because = new Map(risks.because);
const PARTIAL = data.gaps.map((gap) => gap.listed < gap.count);

const gapOf = (item) => data.gaps[item - RISKS];
const isGap = (item) => item >= RISKS;
const numberOf = (item) => (isGap(item) ? `?${item - RISKS + 1}` : String(item + 1));

function kindOf(item) {
  if (isGap(item)) return GAP;
  return risks.waiver[item] === null ? RISK : WAIVED;
}

const kinds = Uint8Array.from({ length: ITEMS }, (_, item) => kindOf(item));
const severities = Uint8Array.from({ length: ITEMS }, (_, item) =>
  isGap(item) ? gapOf(item).severity : risks.severity[item],
);
const ruleOf = (item) => data.rules[isGap(item) ? gapOf(item).rule : risks.rule[item]];
const nodesOf = (item) => data.nodeSets[isGap(item) ? gapOf(item).nodes : risks.nodes[item]];
const groupsOf = (item) => (isGap(item) ? gapOf(item).groups.map(([group]) => group) : [risks.group[item]]);
const unitsOf = (item) => {
  if (isGap(item)) return gapOf(item).units;
  return risks.unit[item] === NONE ? [] : [risks.unit[item]];
};

// The departments that mend it, the leading one first; a rule that names none belongs to nobody.
const NOBODY = [NONE];
const ownersOf = (item) => (ruleOf(item).owners.length ? ruleOf(item).owners : NOBODY);

function cellOf(item) {
  const { sensitivity, weight } = ruleOf(item);
  return sensitivity === null || weight === null ? "unrated" : `${sensitivity},${weight}`;
}

// Where customers mind much more than the trade does.
function inCorner(sensitivity, weight) {
  return sensitivity >= 4 && sensitivity - weight >= 2;
}

function isInCorner(item) {
  const { sensitivity, weight } = ruleOf(item);
  return sensitivity !== null && weight !== null && inCorner(sensitivity, weight);
}

const both = (pair) => (typeof pair === "string" ? pair : pair === null ? "" : pair.join(" "));

function wordsOf(item) {
  const rule = ruleOf(item);
  const own = isGap(item)
    ? [gapOf(item).id, both(gapOf(item).detail), ...gapOf(item).missing, ...gapOf(item).places.map(([label]) => both(label))]
    : [risks.id[item], both(risks.label[item]), both(risks.message[item]), risks.address[item]];
  const theme = rule.theme === NONE ? "" : both(data.themes[rule.theme]);
  const owners = rule.owners.map((owner) => both(data.owners[owner]));
  return [...own, rule.id, both(rule.title), theme, ...owners, codesText(nodesOf(item))].join("\n").toLowerCase();
}

// What the search looks into: made when somebody first searches, then kept.
const haystacks = new Array(ITEMS);
const haystack = (item) => (haystacks[item] ??= wordsOf(item));

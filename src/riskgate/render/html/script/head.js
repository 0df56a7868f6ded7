// The verdict, what the reader must know before the rest, and every node that does not pass.

const VERDICT_SIGNS = { blocked: "✗", unverified: "?", clear: "✓" };
const chosenNodes = () => data.nodes.map((_, index) => index).filter((index) => data.nodes[index].chosen);

function drawHead() {
  const head = data.head;
  return el(
    "header",
    { class: `verdict ${head.verdict}` },
    el(
      "div",
      { class: "bar" },
      el("span", { class: "brand" }, say("gate")),
      el(
        "div",
        { class: "controls" },
        el("div", { class: "controls", role: "group", "aria-label": say("language") }, ...languageButtons()),
        button(say("print"), () => window.print()),
      ),
    ),
    el(
      "h1",
      {},
      el("span", { class: "seal", "aria-hidden": "true" }, VERDICT_SIGNS[head.verdict]),
      el("span", { class: "verdict-word" }, text(head.verdictWords)),
      el("span", { class: "project" }, head.project),
    ),
    el("p", { class: "lead" }, text(head.summary)),
    el("p", { class: "lead" }, text(head.exit)),
    el("p", { class: "facts" }, `${say("day", { day: head.day })} · ${head.projectId} · ${packsText()}`),
  );
}

function packsText() {
  return listed(data.head.packs.map(([pack, version, n]) => say("packLine", { pack, version, n })));
}

function languageButtons() {
  return ["中文", "English"].map((label, index) =>
    button(label, () => speak(index), {
      id: `lang-${index}`,
      lang: index === 0 ? "zh-CN" : "en",
      "aria-pressed": String(lang === index),
    }),
  );
}

function drawWarnings() {
  if (!data.head.warnings.length) return null;
  const lines = data.head.warnings.map((warning) => el("li", {}, text(warning)));
  return el("aside", { class: "warnings", "aria-label": say("attention") }, el("ul", {}, ...lines));
}

// Numbers over what concerns the chosen nodes, whatever the filter says.
function drawTiles() {
  const counts = { blocking: 0, lesser: 0, gaps: new Set(), places: 0, waived: 0 };
  for (let item = 0; item < ITEMS; item += 1) {
    if (outside.has(item)) continue;
    if (kinds[item] === WAIVED) counts.waived += 1;
    else if (kinds[item] === RISK) counts[severities[item] === 0 ? "blocking" : "lesser"] += 1;
    else {
      counts.gaps.add(ruleOf(item).id);
      counts.places += gapOf(item).count;
    }
  }
  const nodes = (state) => chosenNodes().filter((index) => data.nodes[index].state === state).length;
  return el(
    "ul",
    { class: "tiles" },
    tile("bad", nodes("blocked"), "tileNodes", [nodes("held"), "tileHeld"]),
    tile("unsure", nodes("unverified"), "tileUnverified", [nodes("awaiting"), "tileAwaiting"]),
    tile("bad", counts.blocking, "tileBlocked", [counts.lesser, "tileLesser"]),
    tile("unsure", counts.gaps.size, "tileGaps", [counts.places, "tileGapPlaces"]),
    counts.waived ? tile("waived", counts.waived, "tileWaived") : null,
  );
}

function tile(look, n, key, more) {
  const small = more && more[0] ? el("small", {}, beside(more[0], more[1])) : null;
  return el("li", { class: n ? look : "" }, el("b", {}, shown(n)), el("span", {}, say(key, { n })), small);
}

function beside(n, key) {
  const words = say(key, { n });
  return data.words.page[key][lang].includes("{n}") ? words : `${shown(n)} ${words}`;
}

// Blocked and unverified side by side, in the same size: neither passes.
function drawStopping() {
  const nodes = chosenNodes();
  const inState = (...states) => nodes.filter((index) => states.includes(data.nodes[index].state));
  const blocked = inState("blocked", "held");
  const unverified = inState("unverified", "awaiting", ...(data.head.named ? ["ungated"] : []));
  const rest = ["clear", "ungated"].map((state) => [state, inState(state)]).filter(([, found]) => found.length);
  const columns = [
    stoppingColumn("stoppedBlocked", "bad", blocked),
    stoppingColumn("stoppedUnverified", "unsure", unverified),
  ];
  const passing = rest.map(([state, found]) => `${data.words.signs[state]} ${stateText(state)} ${found.length} (${codesText(found)})`);
  return section(
    "stopping",
    say("stopping"),
    blocked.length + unverified.length ? el("div", { class: "columns" }, ...columns) : el("p", {}, say("allPass")),
    passing.length ? el("p", { class: "rest" }, say("restPass", { states: passing.join("; ") })) : null,
  );
}

function stoppingColumn(key, look, nodes) {
  if (!nodes.length) return null;
  const title = `${say(key)} (${nodes.length})`;
  const rows = nodes.map((index) => el("li", {}, stoppingRow(index)));
  return el("div", { class: look }, el("h3", {}, title), el("ul", { class: "nodes", tabindex: "0", "aria-label": title }, ...rows));
}

function stoppingRow(index) {
  const node = data.nodes[index];
  const sign = el("span", { class: `sign ${node.state}`, "aria-hidden": "true" }, data.words.signs[node.state]);
  const who = node.owners.length ? el("b", {}, ` → ${ownersText(node.owners)}`) : null;
  const why = el("span", { class: "reason" }, node.state === "held" ? "" : `${stateText(node.state)} · `, text(node.reason), who);
  const title = el("span", {}, el("b", {}, `${node.code} `), text(node.title));
  return el("button", { type: "button", class: "node-row", onclick: () => chooseNode(index, true) }, sign, title, why);
}

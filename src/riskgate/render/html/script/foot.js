// What stands behind the answer: waivers and what became of them, what was set for this check, notes.

function drawWaivers() {
  if (!data.waivers.length) return null;
  const heads = ["state", "rule", "place", "approved", "waiverReason", "effect"];
  const table = el(
    "table",
    { class: "waivers" },
    el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col" }, say(key))))),
    el("tbody", {}, ...data.waivers.map(drawWaiver)),
  );
  return section("waivers", say("waivers"), el("div", { class: "wide" }, table));
}

function drawWaiver(waiver) {
  const sign = waiver.holds && !waiver.doubt ? "~" : waiver.covers ? "!" : "-";
  const role = [waiver.role, waiver.doubt].map(text).filter(Boolean);
  const by = role.length ? `${waiver.by} (${listed(role)})` : waiver.by;
  const reason = waiver.condition ? el("code", {}, ` ${waiver.condition}`) : "";
  return el(
    "tr",
    { class: waiver.covers && (!waiver.holds || waiver.doubt) ? "doubtful" : "" },
    el("td", {}, el("b", {}, `${sign} ${text(waiver.state)}`), el("div", {}, waiver.holds ? "" : text(waiver.detail))),
    el("td", {}, el("code", {}, waiver.rule)),
    el("td", {}, el("code", {}, waiver.entity)),
    el("td", {}, `${by} ${waiver.from} – ${waiver.until}`),
    el("td", {}, text(waiver.reason), reason),
    el("td", {}, say("covers", { covers: waiver.covers, waives: waiver.waives })),
  );
}

function drawFoot() {
  const head = data.head;
  const parameters = head.parameters.map(([name, value, standard, origin]) =>
    say("parameterLine", { name, value, default: standard, origin }),
  );
  const overlays = head.overlays.map(([name, level, file]) => `${name} (${level}, ${file})`);
  return el(
    "footer",
    {},
    lineList("parameters", parameters),
    lineList("overlays", overlays),
    data.notes.length ? drawNotes() : null,
    el("p", {}, `${say("madeBy", { version: head.version })} · ${say("snapshot")} `, el("code", {}, head.sha256)),
  );
}

function lineList(key, lines) {
  return lines.length ? el("div", {}, el("h2", {}, say(key)), el("ul", {}, ...lines.map((line) => el("li", {}, line)))) : null;
}

function drawNotes() {
  const lines = data.notes.map(([message, pointer, n, code]) => {
    const times = n > 1 ? ` (${say("noteTimes", { n })})` : "";
    return el("li", {}, text(message), times, " ", pointer ? el("code", {}, pointer) : "", " ", el("code", {}, code));
  });
  return el("details", { class: "notes" }, el("summary", {}, `${say("notes")} (${data.notes.length})`), el("ul", {}, ...lines));
}

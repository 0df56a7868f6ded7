// The lifecycle as a picture: a column for each stage, a box for each node, a line from what holds to what is held.

const picture = { boxes: [], counts: [], edges: [], back: null, front: null };

function drawPicture() {
  const { width, height } = data.picture;
  picture.edges = drawEdges();
  picture.boxes = data.nodes.map((_, index) => drawBox(index));
  picture.back = svg("g", { class: "edges", "aria-hidden": "true" }, ...picture.edges.map(({ line }) => line));
  picture.front = svg("g", { class: "edges", "aria-hidden": "true" });
  const drawing = svg(
    "svg",
    { viewBox: `-4 0 ${width + 8} ${height}`, role: "group", "aria-label": say("lifecycle"), class: "picture" },
    arrowHeads(),
    svg("g", {}, ...data.picture.stages.map(drawStage)),
    picture.back,
    svg("g", {}, ...picture.boxes),
    picture.front,
  );
  return section(
    "lifecycle",
    say("lifecycle"),
    el("p", { class: "hint screen" }, say("lifecycleHint")),
    el("div", { class: "wide", tabindex: "-1" }, drawing),
    drawLegend(),
    el("div", { id: "node-panel", "aria-live": "polite" }),
  );
}

function arrowHeads() {
  const head = (id) =>
    svg(
      "marker",
      { id, viewBox: "0 0 6 6", refX: 6, refY: 3, markerWidth: 6, markerHeight: 6, orient: "auto" },
      svg("path", { d: "M0,0 L6,3 L0,6 z" }),
    );
  return svg("defs", {}, head("arrow-holds"), head("arrow-awaits"));
}

function lines(texts, attributes, x, y, step) {
  return svg("text", attributes, ...texts.map((line, index) => svg("tspan", { x, y: y + index * step }, line)));
}

function drawStage(stage) {
  const { width } = data.picture.box;
  return svg(
    "g",
    { class: "stage" },
    svg("rect", { x: stage.x - 4, y: 0, width: width + 8, height: data.picture.height, rx: 4 }),
    lines(stage.lines[lang], { "text-anchor": "middle" }, stage.x + width / 2, 17, 15),
  );
}

function drawBox(index) {
  const node = data.nodes[index];
  const { width, height } = data.picture.box;
  picture.counts[index] = svg("text", { class: "count", x: node.x + width - 6, y: node.y + 16, "text-anchor": "end" });
  const code = svg(
    "text",
    { x: node.x + 6, y: node.y + 16 },
    svg("tspan", { class: "sign" }, data.words.signs[node.state]),
    svg("tspan", { class: "code", dx: 3 }, node.code),
    node.key ? svg("tspan", { class: "key", dx: 2 }, "★") : "",
  );
  return svg(
    "g",
    {
      class: `box ${node.state}${node.chosen ? "" : " unchosen"}`,
      role: "button",
      tabindex: index === 0 ? 0 : -1,
      "data-node": index,
      "aria-pressed": "false",
      onclick: () => chooseNode(filter.node === index ? null : index),
      onkeydown: (event) => moveFocus(event, index),
      onmouseenter: () => point(index),
      onmouseleave: () => point(filter.node),
      onfocus: () => point(index),
      onblur: () => point(filter.node),
    },
    svg("title", {}, `${node.code} ${text(node.title)}\n${stateText(node.state)} · ${text(node.reason)}`),
    svg("rect", { x: node.x, y: node.y, width, height, rx: 5 }),
    code,
    picture.counts[index],
    lines(node.lines[lang], { class: "title" }, node.x + 6, node.y + 31, 13),
  );
}

function drawEdges() {
  const found = [];
  data.nodes.forEach((node, index) => {
    for (const from of node.held) found.push(drawEdge(from, index, "holds"));
    if (!node.held.length && node.state !== "blocked") {
      for (const from of node.awaiting) found.push(drawEdge(from, index, "awaits"));
    }
  });
  return found;
}

function drawEdge(from, to, kind) {
  const [a, b] = [data.nodes[from], data.nodes[to]];
  const { width, height } = data.picture.box;
  const mid = height / 2;
  const sameColumn = a.x === b.x;
  const start = [sameColumn ? a.x : a.x + width, a.y + mid];
  const end = [b.x - 1, b.y + mid];
  const bend = sameColumn ? -26 : Math.max(24, (end[0] - start[0]) / 3);
  const d = sameColumn
    ? `M${start} C${start[0] + bend},${start[1]} ${end[0] + bend},${end[1]} ${end}`
    : `M${start} C${start[0] + bend},${start[1]} ${end[0] - bend},${end[1]} ${end}`;
  return { from, to, line: svg("path", { d, class: kind, "marker-end": `url(#arrow-${kind})` }) };
}

function drawLegend() {
  const states = Object.keys(data.words.states).map((state) =>
    el("li", {}, el("span", { class: `swatch ${state}`, "aria-hidden": "true" }, data.words.signs[state]), stateText(state)),
  );
  const more = [el("li", {}, el("span", { class: "key" }, "★ "), say("keyNode"))];
  more.push(el("li", {}, el("span", { class: "stroke holds" }), say("holdLine")));
  more.push(el("li", {}, el("span", { class: "stroke awaits" }), say("awaitLine")));
  if (data.nodes.some((node) => !node.chosen)) {
    more.push(el("li", {}, el("span", { class: "swatch unchosen" }), say("notChosen")));
  }
  return el("ul", { class: "legend" }, ...states, ...more);
}

// The lines of one node stand before the boxes, the others step back.
function point(index) {
  for (const { from, to, line } of picture.edges) {
    const near = index !== null && (from === index || to === index);
    const layer = near ? picture.front : picture.back;
    if (line.parentNode !== layer) layer.append(line);
    line.classList.toggle("near", near);
    line.classList.toggle("far", index !== null && !near);
  }
}

// One stop for the tab key; the arrow keys go from box to box.
function moveFocus(event, index) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    chooseNode(filter.node === index ? null : index);
    return;
  }
  const here = data.nodes[index];
  const aims = {
    ArrowUp: (node) => node.x === here.x && node.y < here.y,
    ArrowDown: (node) => node.x === here.x && node.y > here.y,
    ArrowLeft: (node) => node.x < here.x,
    ArrowRight: (node) => node.x > here.x,
  };
  const aim = aims[event.key];
  if (!aim) return;
  event.preventDefault();
  const distance = (node) => 10 * Math.abs(node.x - here.x) + Math.abs(node.y - here.y);
  const [next] = data.nodes.map((_, at) => at).filter((at) => aim(data.nodes[at])).sort((a, b) => distance(data.nodes[a]) - distance(data.nodes[b]));
  if (next === undefined) return;
  picture.boxes[index].setAttribute("tabindex", "-1");
  picture.boxes[next].setAttribute("tabindex", "0");
  picture.boxes[next].focus();
}

function updatePicture(found) {
  data.nodes.forEach((node, index) => {
    const [n, , waived] = found.tally.node.of(index);
    picture.counts[index].textContent = n + waived ? shown(n + waived) : "";
    const label = { code: node.code, title: text(node.title), state: stateText(node.state), n: n + waived };
    picture.boxes[index].setAttribute("aria-label", say("nodeLabel", label));
    picture.boxes[index].setAttribute("aria-pressed", String(filter.node === index));
  });
  point(filter.node);
  document.getElementById("node-panel").replaceChildren(...(filter.node === null ? [] : [drawPanel(filter.node)]));
}

function drawPanel(index) {
  const node = data.nodes[index];
  const held = data.nodes.map((_, at) => at).filter((at) => data.nodes[at].held.includes(index));
  const facts = [
    [say("stage"), text(node.stage)],
    [say("lead"), node.lead === NONE ? "" : text(data.owners[node.lead])],
    [say("acting"), ownersText(node.owners)],
    [say("rules"), say("rulesAt", { n: node.rules, times: node.checked })],
  ].filter(([, value]) => value);
  return el(
    "div",
    { class: `panel ${node.state}` },
    el("h3", {}, `${data.words.signs[node.state]} ${node.code} ${text(node.title)}`, node.key ? el("span", { class: "key" }, ` ★ ${say("keyNode")}`) : ""),
    el("p", {}, el("b", {}, stateText(node.state)), ` · ${text(node.reason)}`),
    el("p", {}, facts.map(([label, value]) => labelled(label, value)).join(lang === 0 ? "；" : "; ")),
    nodeLinks("heldBy", node.held),
    nodeLinks("awaits", node.awaiting),
    nodeLinks("holds", held),
    button(say("close"), () => chooseNode(null), { class: "close" }),
  );
}

function nodeLinks(key, nodes) {
  if (!nodes.length) return null;
  const links = nodes.map((at) => button(data.nodes[at].code, () => chooseNode(at), { class: "link", title: text(data.nodes[at].title) }));
  return el("p", {}, labelled(say(key), ""), ...links);
}

// The data of the page, its words in the language shown, and elements made of plain text.

const data = JSON.parse(document.getElementById("data").textContent);
const NONE = -1;
const RISK = 0;
const GAP = 1;
const WAIVED = 2;
const SEVERITY_SIGNS = ["✗", "!", "-"];
const SVG = "http://www.w3.org/2000/svg";

let lang = data.lang === "zh" ? 0 : 1;

// A text of the data: a string that is the same in both languages, or [Chinese, English].
function text(pair) {
  if (pair === null || pair === undefined) return "";
  return typeof pair === "string" ? pair : pair[lang];
}

function shown(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value);
}

// What the project's own words call a group and a sale unit, without what stands in brackets.
function title(index) {
  const [short] = text(data.places.titles[index]).split(/（| \(/);
  return lang === 0 ? short : short.toLowerCase();
}

// A fixed text with its values; of two forms the first is for one, the second for many.
function say(key, given = {}) {
  const values = { group: title(0), unit: title(1), Group: text(data.places.titles[0]), ...given };
  const forms = data.words.page[key][lang].split("|");
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

const listed = (texts) => texts.join(lang === 0 ? "、" : ", ");
const labelled = (label, value) => label + (lang === 0 ? "：" : ": ") + value;
const ownersText = (owners) => listed(owners.map((owner) => text(data.owners[owner])));
const stateText = (state) => data.words.states[state][lang];
const severityText = (severity) => data.words.severities[severity][lang];
const codesText = (nodes) => nodes.map((node) => data.nodes[node].code).join(" ");

// Attributes come from this script alone; whatever comes from data is a child, and a child is a text.
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function button(label, action, attributes = {}) {
  return el("button", { type: "button", onclick: action, ...attributes }, label);
}

function section(id, title, ...children) {
  return el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), ...children);
}

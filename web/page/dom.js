// Elements. Whatever a routine's author wrote becomes a text node here and never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `el("button", { class: "go", onclick: begin }, "Begin")`. What is null or false is left out. */
export function el(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** An element of a picture. */
export function svg(tag, props = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Words of a routine or a voice: in their own direction, and in their language where it is known. */
export function words(tag, text, language, props = {}) {
  return el(tag, { dir: "auto", lang: language || null, ...props }, text ?? "");
}

/** Sets a text only where it changes: a screen reader notices each time. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SHAPES = new Set(["svg", "g", "rect", "path"]);
const ATTRIBUTES = new Set(["viewBox", "preserveAspectRatio", "class", "x", "y", "width", "height", "rx", "d"]);

/** A strip: the whole session at a glance. It is made anew from the shapes a strip has, so nothing else comes in with it. */
export function strip(text) {
  const parsed = text ? new DOMParser().parseFromString(text, "image/svg+xml").documentElement : null;
  const made = parsed?.localName === "svg" ? copied(parsed) : svg("svg");
  made.classList.add("strip");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function copied(element) {
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value } of element.attributes) if (ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  for (const child of element.children) if (SHAPES.has(child.localName)) copy.append(copied(child));
  return copy;
}

/** An icon of the page's own, drawn in a square of 24. */
export function icon(path) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: path }));
}

/** A row of buttons of which one is chosen: radio buttons, so that arrows move in it and a screen reader counts them. */
export function choice(legend, name, options, chosen, onchoose) {
  const radio = ({ value, text, about }) => el("label", { class: "chip" },
    el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchoose(value) }),
    el("span", { dir: "auto" }, text, about ? el("small", {}, about) : null));
  return el("fieldset", { class: "choice" }, el("legend", {}, legend), el("div", { class: "chips" }, options.map(radio)));
}

/** A button that is on or off. */
export function toggle(text, on, ontoggle) {
  const button = el("button", { type: "button", class: "chip", "aria-pressed": String(on), onclick: () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    ontoggle(now);
  } }, text);
  return button;
}

// How every session sounds: how much is said, how strong it is, whose voice, what plays beside it.

import { choice, el, words } from "./dom.js";

const LEVELS = ["a bad day", "gentle", "as meant", "more", "a strong day"];

const named = (id) => id.charAt(0).toUpperCase() + id.slice(1);

/** The fieldsets; `onchange` after every choice. */
export function soundChoices({ choices, site }, onchange, { withLevel = true } = {}) {
  const set = (name) => (value) => {
    choices.set(name, value === "usual" ? null : value);
    onchange();
  };
  const usual = { value: "usual", text: "Usual", about: "as the routine has it" };
  const option = ({ id, about }) => ({ value: id, text: named(id), about });
  const level = (about, index) => ({ value: String(index + 1), text: String(index + 1), about });
  const tones = site.tones.map((id) => ({ value: id, text: id === "off" ? "None" : named(id) }));
  const beds = [{ value: "off", text: "None" }, ...site.beds.filter(({ id }) => id !== "off").map(option)];
  return el("div", { class: "sound" },
    choice("How much is said", "guidance", [usual, ...site.guidances.map(option)], choices.guidance ?? "usual", set("guidance")),
    withLevel ? choice("How strong", "level", LEVELS.map(level), String(choices.level), (value) => {
      choices.set("level", Number(value));
      onchange();
    }) : null,
    site.voices.length > 1 ? voices(site, choices, set("voice")) : null,
    choice("Under the voice", "bed", [usual, ...beds], choices.bed ?? "usual", set("bed")),
    choice("The sound of the breath", "tone", [usual, ...tones], choices.tone ?? "usual", set("tone")));
}

function voices(site, choices, onchoose) {
  const size = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  const options = site.voices.map(({ id, name, summary, bytes }) => ({ value: id, text: name, about: [summary, bytes ? size(bytes) : ""].filter(Boolean).join(" · ") }));
  return choice("Whose voice", "voice", options, choices.voice ?? site.voice, onchoose);
}

/** The view with nothing else. */
export function soundView(context) {
  return el("section", { class: "narrow" },
    el("a", { class: "up", href: "#" }, "Back"),
    el("h1", { tabindex: "-1" }, "How it sounds"),
    words("p", "For every session, on this phone. Background, talk and breath can be changed for each session before it begins.", "en", { class: "soft" }),
    soundChoices(context, () => {}));
}

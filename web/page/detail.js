// One routine, before it begins: how long, how, and a big round button.

import { between } from "./choose.js";
import { el, strip, toggle, words } from "./dom.js";
import { clock, plain, spoken, stops } from "./format.js";
import { painBefore } from "./pain.js";
import { soundChoices } from "./sound.js";

export function detail(context, routine) {
  const { choices, preview, start } = context;
  const state = { before: null };
  const picture = el("div", { class: "picture" }, strip(routine.strip));
  const contents = words("p", routine.poses.join(" · "), routine.language, { class: "soft poses" });
  const note = el("p", { class: "note", role: "status" });
  const begin = el("button", { type: "button", class: "round", onclick: () => start({
    wishes: choices.forRoutine(routine), title: routine.title, language: routine.language, before: state.before,
    // Whoever is quicker than the engine begins with what can be had.
    settle: () => known.then(() => choices.forRoutine(routine)),
  }) }, "Begin");
  let isKnown;
  const known = new Promise((done) => (isKnown = done));

  const length = new Length(choices, routine, () => show());
  const show = () => {
    const wishes = choices.forRoutine(routine);
    preview.ask("plan", { wishes }, (error, plan) => {
      note.textContent = error ? plain(error.message).join(" ") : notes(plan).join(" ");
      begin.disabled = error?.kind === "refused";
      if (error) return;
      contents.textContent = between(plan).join(" · ");
      if (plan.strip) picture.replaceChildren(strip(plan.strip));
      length.planned(plan.frames / plan.rate);
    });
  };
  // What can be had depends on the voice, the talk, the level and the poses; so does the usual length.
  const ask = () => {
    const { length: _, ...wishes } = choices.forRoutine(routine);
    context.bounds.ask("bounds", { wishes }, (error, bounds) => {
      if (!error) length.bound(bounds);
      isKnown();
      show();
    });
  };
  ask();
  return el("section", { class: "detail" },
    el("a", { class: "up", href: "#" }, "All routines"),
    words("h1", routine.title, routine.language, { tabindex: "-1" }),
    words("p", routine.summary, routine.language, { class: "summary" }),
    picture, contents, length.element, note,
    painBefore(choices, state),
    el("div", { class: "begin" }, begin),
    el("details", { class: "folded" }, el("summary", {}, "Talk, strength, voice, sound"), soundChoices(context, ask)),
    routine.poses.length > 1 ? without(context, routine, ask) : null);
}

/** What the plan did that somebody would not expect. */
function notes(plan) {
  const left = (plan.left_out ?? []).filter(({ pose, why }) => pose && why !== "wish").map(({ name, pose }) => name ?? pose);
  if (plan.notes?.length) return plan.notes;
  return left.length ? [`Left out for this length: ${[...new Set(left)].join(", ")}.`] : [];
}

/** The slider: it stops where the plan can, at both ends and every whole minute between. */
class Length {
  #stops;
  #bounds;

  constructor(choices, routine, onchange) {
    Object.assign(this, { choices, routine, onchange });
    this.number = el("b", {});
    this.unit = el("span", {});
    this.usual = el("button", { type: "button", class: "plain", onclick: () => this.#set(null) }, "Usual length");
    this.slider = el("input", { type: "range", min: 0, step: 1, "aria-label": "Length", oninput: () => this.#set(this.#stops[this.slider.value]) });
    this.element = el("div", { class: "length" },
      el("p", { class: "time", "aria-hidden": "true" }, this.number, this.unit), this.slider, this.usual);
    this.bound(routine);
  }

  bound(bounds) {
    this.#bounds = bounds;
    this.#stops = stops(bounds.shortest, bounds.longest);
    this.slider.max = this.#stops.length - 1;
    this.slider.disabled = this.#stops.length < 2;
    const wanted = this.choices.lengths[this.routine.name];
    // What cannot be had any more becomes the nearest that can.
    if (wanted) this.choices.setFor("lengths", this.routine.name, this.#nearest(wanted));
    this.#show();
  }

  /** What it comes to, where nobody asked for a length. */
  planned(seconds) {
    if (!this.choices.lengths[this.routine.name]) this.#bounds = { ...this.#bounds, usual: seconds };
    this.#show();
  }

  #nearest(seconds) {
    return this.#stops.reduce((best, stop) => (Math.abs(stop - seconds) < Math.abs(best - seconds) ? stop : best));
  }

  #set(seconds) {
    this.choices.setFor("lengths", this.routine.name, seconds);
    this.#show();
    this.onchange();
  }

  #show() {
    const chosen = this.choices.lengths[this.routine.name];
    const seconds = chosen ?? this.#bounds.usual;
    this.slider.value = this.#stops.indexOf(this.#nearest(seconds));
    this.slider.setAttribute("aria-valuetext", chosen ? spoken(seconds) : `${spoken(seconds)}, as usual`);
    const isWhole = Math.abs(seconds / 60 - Math.round(seconds / 60)) < 0.001;
    this.number.textContent = isWhole ? String(Math.round(seconds / 60)) : clock(seconds);
    this.unit.textContent = chosen ? " minutes" : " minutes, as usual";
    this.usual.hidden = !chosen;
  }
}

/** Poses that are left out. */
function without({ choices, site }, routine, onchange) {
  const id = (name) => site.poses.find((pose) => pose.name === name)?.id ?? name;
  const left = () => choices.without[routine.name] ?? [];
  const chip = (name) => {
    const button = toggle("", left().includes(id(name)), (on) => {
      const kept = left().filter((other) => other !== id(name));
      const all = on ? [...kept, id(name)] : kept;
      choices.setFor("without", routine.name, all.length ? all : null);
      onchange();
    });
    button.classList.add("out");
    button.append(words("span", name, routine.language));
    return button;
  };
  return el("details", { class: "folded", open: left().length > 0 }, el("summary", {}, "Leave out"),
    el("div", { class: "chips", role: "group", "aria-label": "Leave out" }, routine.poses.map(chip)));
}

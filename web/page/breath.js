// The breath as a slow disc: it grows with the inhale and shrinks with the exhale, stands still in a hold, and is a dot in stillness.
// Where motion is unwelcome it is a bar that fills in steps, and the word. A screen reader leaves it out: what it said would be over
// before it was said, and the voice guides the breath.

import { el, say, svg } from "./dom.js";

const WORDS = { in: "in", full: "hold", out: "out", empty: "hold" };
/** Shares of the ring: the disc when the breath is out, and the dot. */
const EMPTY = 0.34;
const DOT = 0.06;
const STEPS = 8;

const isStill = matchMedia("(prefers-reduced-motion: reduce)");

/** How full the lungs are, from 0 to 1. A breath turns slowly, as a pendulum does. */
export function fullness(breath) {
  const turned = 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, breath.done)));
  return { in: turned, full: 1, out: 1 - turned, empty: 0 }[breath.part] ?? 0;
}

export class Breath {
  #disc = svg("circle", { class: "disc", cx: 150, cy: 150, r: 140 });
  #word = el("span", { class: "word" });
  #steps = Array.from({ length: STEPS }, () => el("i"));
  #size = DOT;

  constructor() {
    const ring = svg("circle", { class: "ring", cx: 150, cy: 150, r: 140 });
    this.element = el("div", { class: "breath", "aria-hidden": "true" },
      svg("svg", { viewBox: "0 0 300 300" }, ring, this.#disc),
      el("div", { class: "steps" }, this.#steps),
      this.#word);
  }

  /** Shows a breath, or stillness. */
  show(breath) {
    say(this.#word, breath ? WORDS[breath.part] ?? "" : "");
    this.element.classList.toggle("still", !breath);
    const full = breath ? fullness(breath) : 0;
    if (isStill.matches) {
      const filled = breath ? Math.round(full * STEPS) : 0;
      this.#steps.forEach((step, index) => step.classList.toggle("full", index < filled));
      return;
    }
    const wanted = breath ? EMPTY + (1 - EMPTY) * full : DOT;
    // Between breath and stillness, and after a jump, it takes its new size within half a second and never at once.
    this.#size += Math.max(-0.03, Math.min(0.03, wanted - this.#size));
    this.#disc.style.transform = `scale(${this.#size.toFixed(4)})`;
  }
}

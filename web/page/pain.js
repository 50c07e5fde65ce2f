// A score of pain, 0 to 10: one touch, and never asked twice. Another touch on the same number takes it back.

import { el } from "./dom.js";

const SCORES = Array.from({ length: 11 }, (_, score) => score);

/** A row of numbers. `onscore` gets the score, or null where it was taken back. */
export function pain(legend, chosen, onscore) {
  let now = chosen;
  const buttons = SCORES.map((score) => el("button", {
    type: "button", "aria-label": `${score}${score === 0 ? ", no pain" : score === 10 ? ", the worst" : ""}`, "aria-pressed": String(score === now),
    onclick: () => {
      now = now === score ? null : score;
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === now)));
      onscore(now);
    },
  }, String(score)));
  return el("div", { class: "pain", role: "group", "aria-label": legend }, el("p", { "aria-hidden": "true" }, legend, el("small", {}, " 0 none, 10 the worst")),
    el("div", { class: "scores" }, buttons));
}

/** The same, folded away until somebody wants it: then it stays open, on this phone. */
export function painBefore(choices, start) {
  const folded = el("details", { class: "folded", open: choices.asksPain === true, ontoggle: () => choices.set("asksPain", folded.open) },
    el("summary", {}, "Pain now ", el("small", {}, "if you like to keep track")),
    pain("Pain now", start.before ?? null, (score) => (start.before = score)));
  return folded;
}

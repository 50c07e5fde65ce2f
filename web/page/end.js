// When it is over: a quiet screen.

import { el, words } from "./dom.js";
import { spoken } from "./format.js";
import { isWorse, scoreAfter, WORSE } from "./log.js";
import { pain } from "./pain.js";
import { saver } from "./sheet.js";

/** `onback` goes on with a session that was ended early; `onhome` leaves. */
export function end({ choices }, session, isFinished, { onback, onhome }) {
  const worse = el("p", { class: "worse", role: "alert" });
  const advice = el("p", { class: "note", role: "status" });
  // It was just said aloud.
  if (isFinished && session.player.wishes.progress && choices.lacks) {
    import("./advice.js").then(({ tellNoProgress }) => (advice.textContent = tellNoProgress(choices)), () => {});
  }
  const score = (after) => {
    scoreAfter(session.logged, after);
    worse.textContent = isWorse(session.before, after) ? WORSE : "";
  };
  const minutes = session.heard < 60 ? spoken(session.heard) : spoken(Math.round(session.heard / 60) * 60);
  return el("section", { class: "end" },
    el("h1", { tabindex: "-1" }, isFinished ? "Thank you for practising." : "Ended here."),
    el("p", { class: "summary" }, words("span", session.title, session.language), `, ${minutes}.`),
    session.logged ? pain("Pain now", null, score) : null,
    worse,
    advice,
    el("button", { type: "button", class: "go", onclick: onhome }, "Done"),
    isFinished ? null : el("button", { type: "button", class: "second", onclick: onback }, "Go on with it"),
    el("details", { class: "folded" }, el("summary", {}, "Keep this session"), saver(session)));
}

// What is seldom wanted while a session is heard: another pose, and the session as a file.

import { el, words } from "./dom.js";
import { Engine } from "./engine.js";
import { download } from "./file.js";
import { clock, day, spoken } from "./format.js";

/** Opens the sheet of a playing screen. */
export function sheet(screen) {
  const { player, session } = screen;
  if (!player.plan) return;
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "sheet", "aria-label": "Poses, save", onclose: () => dialog.remove() },
    el("div", { class: "head" }, el("h2", {}, "Go to"), el("button", { type: "button", class: "plain", onclick: close }, "Close")),
    el("ol", { class: "places" }, player.plan.chapters.map(({ title, start }, index) => el("li", {},
      el("button", {
        type: "button", "aria-current": index === player.chapter() ? "step" : null, autofocus: index === player.chapter(),
        onclick: () => {
          player.seek(start / player.plan.rate);
          close();
        },
      }, words("span", title, session.language), el("span", { class: "clock", "aria-label": `at ${spoken(start / player.plan.rate)}` }, clock(start / player.plan.rate)))))),
    el("h2", {}, "Keep it"),
    saver(session));
  document.body.append(dialog);
  dialog.showModal();
}

/** The button that saves exactly this session, with what was changed in it, and says how far it is. */
export function saver(session) {
  const state = el("p", { class: "state", role: "status" });
  // A hundred steps are for the eye alone.
  const share = el("p", { class: "state", "aria-hidden": "true" });
  const button = el("button", { type: "button", class: "second", onclick: async () => {
    button.disabled = true;
    state.textContent = "The file is being made.";
    try {
      await save(session, (done) => (share.textContent = `${Math.round(done * 100)} % made`));
      state.textContent = "Saved: see your downloads.";
    } catch (error) {
      state.textContent = error.message;
    }
    share.textContent = "";
    button.disabled = false;
  } }, "Save as a sound file (.m4a)");
  return el("div", {}, button, state, share);
}

/** In an engine of its own: it takes its time, and what is heard must not wait for it. */
async function save({ player }, onprogress) {
  onprogress(0);
  const engine = new Engine();
  try {
    const { ok: plan } = await engine.call("open", { wishes: player.wishes });
    for (const { name, frame } of player.changes) await engine.call(name, { frame });
    const { out } = await engine.call("save", { date: day() }, onprogress);
    download(`${plan.routine}.m4a`, "audio/mp4", out);
  } finally {
    engine.close();
  }
}

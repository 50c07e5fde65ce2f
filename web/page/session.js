// One practice: what is heard, the place that is kept of it, and the line it leaves in the log.

import { remove, write } from "./log.js";
import { nameOf } from "./place.js";
import { Player } from "./player.js";
import { forget, remember } from "./store.js";

/** Seconds between two notes of the place. */
const EVERY = 5;

export class Session {
  /** Seconds that were really heard. */
  heard;
  before;
  title;
  language;
  logged = null;
  #closed = false;
  #noted = -Infinity;
  #last = null;

  constructor(engine, start, hooks) {
    Object.assign(this, { heard: start.heard ?? 0, before: start.before ?? null, title: start.title, language: start.language ?? "" });
    this.player = new Player(engine, start, {
      ...hooks,
      onplan: () => {
        this.title = this.player.plan.title;
        hooks.onplan();
      },
      onend: () => {
        this.finish(true);
        hooks.onend();
      },
    });
    const { audio } = this.player;
    audio.addEventListener("timeupdate", () => this.#count());
    audio.addEventListener("pause", () => this.note());
    // The last moment that a phone grants a page.
    this.hidden = (event) => (document.hidden || event.type === "pagehide") && this.note();
    document.addEventListener("visibilitychange", this.hidden);
    addEventListener("pagehide", this.hidden);
  }

  #count() {
    const { now } = this.player;
    const step = this.#last === null ? 0 : now - this.#last;
    if (step > 0 && step < 2.5) this.heard += step;
    this.#last = now;
    if (Math.abs(now - this.#noted) >= EVERY) this.note();
  }

  /** Keeps the place. */
  note() {
    const { player } = this;
    if (this.#closed || !player.plan || player.isOver || this.logged !== null) return;
    this.#noted = player.now;
    const { title, language, heard, before } = this;
    remember("place", {
      wishes: player.wishes, changes: player.changes, routine: player.plan.routine,
      at: player.now, left: player.seconds - player.now, title, language, heard, before,
    });
  }

  /** It is over, or was ended early: a line in the log, once. */
  finish(isFinished) {
    if (this.logged !== null) return;
    const routine = this.player.plan?.routine ?? nameOf(this.player);
    this.logged = write({ routine, title: this.title, heard: this.heard, isFinished, before: this.before }) ?? 0;
    forget("place");
  }

  /** It was not over after all. */
  takeBack() {
    if (this.logged) remove(this.logged);
    this.logged = null;
    this.note();
  }

  close() {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.hidden);
    removeEventListener("pagehide", this.hidden);
    this.player.close();
  }
}

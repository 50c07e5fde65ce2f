// The screen of a session that is heard: read from the floor, dark, and quiet. Nothing on it is a live region: a screen reader that
// speaks by itself would speak over the voice.

import { Breath } from "./breath.js";
import { el, icon, say, words } from "./dom.js";
import { clock, plain, spoken } from "./format.js";
import { LockScreen } from "./media-session.js";
import { Session } from "./session.js";
import { sheet } from "./sheet.js";
import { Timeline } from "./timeline.js";

const PLAY = "M7 4.5v15L19.5 12z";
const PAUSE = "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z";
const BACK = "M5 5h2.4v14H5zM19 5v14L8.6 12z";
const FORTH = "M16.6 5H19v14h-2.4zM5 5l10.4 7L5 19z";
/** Seconds without a touch until it dims. */
const DIMS_AFTER = 10;
/** What is answered where nothing can be done, and where the voice has no words for what was done. */
const NOTHING = { longer: "There is nothing here to make longer.", "let-go": "There is nothing here to let go of.", less: "It says as little as it can already." };
const DONE = { longer: "A little more of this.", "let-go": "Letting go.", less: "Less talk from here on." };
/** Seconds that were heard before the lock screen's picture is made. */
const PICTURE_AFTER = 2;
/** Milliseconds that an answer stands where the words are. */
const ANSWERED = 5000;

export class PlayScreen {
  #timeline = null;
  #breath = new Breath();
  #answer = { text: "", until: 0 };
  #parts = {};
  #frame = 0;
  #chapter = -1;
  #dimming = 0;
  #awake = null;
  #closed = false;

  /** `start`: wishes, and where an earlier session is taken up; `onover(session)` when it has ended or somebody says "Done". */
  constructor(context, start, onover) {
    this.context = context;
    this.onover = onover;
    this.session = new Session(context.engine, start, {
      onplan: () => this.#planned(),
      onstate: () => this.#state(),
      ontrouble: (text) => this.#trouble(text),
      onfail: (text) => this.#fail(text),
      onend: () => this.onover(this.session, true),
    });
    this.player = this.session.player;
    this.element = this.#build();
    this.#listen();
  }

  /** In the touch that began it. */
  begin() {
    this.player.begin();
    this.lock = new LockScreen({
      play: () => this.player.play(),
      pause: () => this.player.pause(),
      previoustrack: () => this.player.skip(-1),
      nexttrack: () => this.player.skip(1),
      seekto: ({ seekTime }) => this.player.seek(seekTime),
    });
    this.lock.show(this.session.title, this.session.title);
    this.#wake();
    this.#undim();
    this.#draw();
  }

  #build() {
    const button = (name, label, act, ...inside) => (this.#parts[name] = el("button", { type: "button", class: name, "aria-label": label, onclick: act }, inside));
    const line = (name, tag = "p") => (this.#parts[name] = words(tag, "", this.session.language, { class: name }));
    this.#parts.bar = el("div", { class: "bar", "aria-hidden": "true" });
    this.#parts.left = el("span", { class: "left", role: "timer" }, "Preparing …");
    // The page's own words but for a name in them.
    this.#parts.next = el("span", { class: "next", dir: "auto" });
    this.#parts.about = el("p", { class: "about", dir: "auto" });
    this.#parts.trouble = el("p", { class: "trouble", hidden: true });
    const pose = words("h1", this.session.title, this.session.language, { class: "pose", tabindex: "-1" });
    this.#parts.pose = pose;
    const wish = (text, name) => el("button", { type: "button", onclick: () => this.#change(name) }, text);
    return el("section", { class: "play", "aria-label": "Session" },
      el("div", { class: "stage" },
        this.#parts.bar,
        el("div", { class: "top" }, this.#parts.left, this.#parts.next),
        this.#breath.element,
        pose, this.#parts.about, line("said"), this.#parts.trouble,
        el("div", { class: "keys" },
          button("back", "Previous pose", () => this.player.skip(-1), icon(BACK)),
          button("big", "Pause", () => this.toggle(), icon(PAUSE)),
          button("forth", "Next pose", () => this.player.skip(1), icon(FORTH)))),
      el("div", { class: "wishes" }, wish("Longer", "longer"), wish("Let go", "let-go"), wish("Less talk", "less")),
      el("div", { class: "ends" },
        el("button", { type: "button", onclick: () => sheet(this) }, "Poses, save …"),
        (this.#parts.here = el("small", { class: "here", hidden: true }, "It needs no network any more.")),
        el("button", { type: "button", onclick: () => this.done() }, "Done")));
  }

  #listen() {
    this.touched = () => this.#undim();
    this.keyed = (event) => this.#key(event);
    this.seen = () => !document.hidden && this.#wake();
    for (const name of ["pointerdown", "keydown", "focusin"]) this.element.addEventListener(name, this.touched);
    document.addEventListener("keydown", this.keyed);
    document.addEventListener("visibilitychange", this.seen);
    // A locked phone draws nothing, but its lock screen shows the pose.
    this.player.audio.addEventListener("timeupdate", () => {
      this.#tell();
      // When it sounds and there is enough ahead: a phone takes long over a picture.
      if (!this.hasPicture && this.session.heard > PICTURE_AFTER) this.#picture();
    });
  }

  /** The keys of `catcow play`. */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const isOnButton = event.target.closest?.("button, a, input");
    const acts = {
      ArrowRight: () => this.player.skip(1), ArrowLeft: () => this.player.skip(-1),
      ArrowUp: () => this.#change("longer"), ArrowDown: () => this.#change("let-go"),
      g: () => this.#change("less"), " ": () => !isOnButton && this.toggle(),
    };
    const act = acts[event.key];
    if (!act || (event.key === " " && isOnButton)) return;
    event.preventDefault();
    act();
  }

  toggle() {
    if (this.player.isPlaying) this.player.pause();
    else this.player.play();
  }

  done() {
    this.player.pause();
    this.session.finish(false);
    this.onover(this.session, false);
  }

  async #change(name) {
    try {
      const said = await this.player.change(name);
      this.#say(said === null ? NOTHING[name] : said || DONE[name]);
    } catch (error) {
      this.#say(error.message);
    }
  }

  /** An answer to a touch, where the words are. */
  #say(text) {
    this.#answer = { text, until: performance.now() + ANSWERED };
    this.#tell();
  }

  #planned() {
    const { plan } = this.player;
    this.#timeline = new Timeline(plan);
    if (plan.language) this.#parts.said.lang = plan.language;
    this.#chapter = -1;
    this.#parts.bar.replaceChildren(...plan.chapters.map(({ frames }) => {
      const part = el("i", {}, el("b"));
      part.style.flexGrow = String(frames);
      return part;
    }));
    this.#tell();
  }

  async #picture() {
    this.hasPicture = true;
    try {
      const { out } = await this.context.engine.call("cover");
      if (!this.#closed) this.lock.picture(out);
      this.#tell();
    } catch {
      // A lock screen without a picture.
    }
  }

  #state() {
    const isPlaying = this.player.isPlaying;
    const shape = this.#parts.big.querySelector("path");
    shape.setAttribute("d", isPlaying ? PAUSE : PLAY);
    this.#parts.big.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    this.element.classList.toggle("paused", !isPlaying);
    this.lock?.state(isPlaying, this.player.seconds, this.player.now);
    if (!isPlaying) this.#undim();
    this.#tell();
    this.#draw();
  }

  #trouble(text) {
    this.#parts.trouble.hidden = !text;
    say(this.#parts.trouble, text ?? "");
  }

  #fail(text) {
    this.#trouble(plain(text).join(" "));
    this.#parts.trouble.setAttribute("role", "alert");
    this.#undim();
  }

  /** All that is text. */
  #tell() {
    if (!this.#timeline || this.#closed) return;
    const { player, session } = this;
    const now = this.#timeline.at(player.now);
    say(this.#parts.pose, now.pose);
    say(this.#parts.about, now.about);
    const isPreparing = player.isWaiting && player.now < 1;
    say(this.#parts.left, isPreparing ? "Preparing …" : `${clock(now.left)} left`);
    // Digits with colons are read badly. It is told only to who asks.
    this.#parts.left.setAttribute("aria-label", isPreparing ? "Preparing" : `${spoken(now.left)} left`);
    say(this.#parts.next, now.next ? `next: ${now.next}` : "");
    const isAnswer = performance.now() < this.#answer.until;
    say(this.#parts.said, isAnswer ? this.#answer.text : now.words?.text ?? "");
    this.#parts.said.classList.toggle("past", !isAnswer && !now.isSaid);
    this.#parts.here.hidden = !player.isHere;
    this.#bar(now.chapter);
    if (now.chapter !== this.#chapter) {
      this.#chapter = now.chapter;
      this.lock?.state(player.isPlaying, player.seconds, player.now);
    }
    this.lock?.show(now.pose, session.title);
    document.title = `${now.pose} – ${session.title}`;
  }

  #bar(chapter) {
    const { plan, now } = this.player;
    [...this.#parts.bar.children].forEach((part, index) => {
      const { start, frames } = plan.chapters[index];
      const done = index < chapter ? 1 : index > chapter ? 0 : (now * plan.rate - start) / frames;
      part.firstChild.style.width = `${Math.round(Math.min(1, Math.max(0, done)) * 100)}%`;
    });
  }

  /** All that moves: at every frame of the screen, and only while it is seen. */
  #draw() {
    cancelAnimationFrame(this.#frame);
    if (this.#closed) return;
    if (this.#timeline) this.#breath.show(this.#timeline.at(this.player.now).breath);
    if (this.player.isPlaying) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #undim() {
    clearTimeout(this.#dimming);
    this.element.classList.remove("dim");
    this.#dimming = setTimeout(() => this.element.classList.toggle("dim", this.player.isPlaying), DIMS_AFTER * 1000);
  }

  /** The screen stays on while this is what it shows; the phone's own button still locks it. */
  async #wake() {
    try {
      this.#awake = await navigator.wakeLock?.request("screen");
      if (this.#closed) this.#awake?.release();
    } catch {
      // Not here, or the battery is low.
    }
  }

  close() {
    this.#closed = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#dimming);
    this.#awake?.release().catch(() => {});
    document.removeEventListener("keydown", this.keyed);
    document.removeEventListener("visibilitychange", this.seen);
    this.lock?.close();
    this.session.close();
  }
}

// A session that is heard: the element, what feeds it, and the engine that encodes ahead of it. Everything goes on by messages and the
// element's events and never by a timer, because timers stand still on a locked phone.

import { EngineError, FIRST } from "./engine.js";
import { Feed } from "./feed.js";
import { Fragments, PACKET } from "./fragments.js";
import { throughContext } from "./standalone.js";
import { takeUp } from "./timeline.js";
import { Whole } from "./whole.js";

/** Packets of the largest piece: twenty seconds. */
const MOST = 480;
/** Milliseconds that one piece may take: so long a wish may have to wait. */
const PIECE = 150;
/** Bytes that are encoded ahead: an hour and a half at 64 kbit/s. */
const AHEAD_BYTES = 48e6;
/** Seconds ahead that are encoded however much there is elsewhere. */
const SOON = 300;
/** Seconds behind the place that are kept for going back. */
const BEHIND_SECONDS = 600;
/** Seconds before which a change cannot be heard. */
const MARGIN = 0.3;
/** After a pause of so many seconds it goes on a little before the words that were said last. */
const LONG_PAUSE = 5;
/** Times that the element is given a new source after a failure, in one minute. */
const REPAIRS = 3;

export class Player {
  plan = null;
  changes;
  wishes;
  isOver = false;
  audio = new Audio();
  #engine;
  #hooks;
  #feed = null;
  #fragments = new Fragments();
  #stands = null;
  #size = FIRST;
  #filling = false;
  #closed = false;
  #target;
  #pausedAt = null;
  #repairs = [];
  #wants = true;
  #isOpen = false;
  #resumes;
  /** The plan whose words are fetched or here. */
  #fetching = null;
  #here = null;

  /** `settle`, where there is one, tells the wishes once all is known of them. `hooks`: onplan(), onstate(), ontrouble(text or null), onfail(text), onend(). */
  constructor(engine, { wishes, settle, changes = [], at = 0 }, hooks) {
    Object.assign(this, { wishes, settle, changes: [], earlier: changes });
    this.#engine = engine;
    this.#hooks = hooks;
    this.#target = at;
    this.#resumes = at > 0;
  }

  /** In the touch that began it, so that the browser lets it sound: the source is there at once, its sound follows. */
  begin() {
    const { audio } = this;
    audio.preload = "auto";
    document.body.append(audio);
    this.#listen();
    // Sound for which the silent switch of a phone does not count, where it can be said.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    throughContext(audio);
    this.#feed = this.#source();
    this.#start();
    this.#open();
  }

  #source() {
    return Feed.isPossible() ? new Feed(this.audio, this.#fragments, () => this.now, () => this.#arrive()) : new Whole(this.audio, this.#engine, this.#hooks);
  }

  #start() {
    this.#wants = true;
    this.audio.play().catch((error) => {
      // Refused without a touch: the big button stands at "play". Any other failure is the element's, and it tells it itself.
      if (error.name === "NotAllowedError") this.#hooks.onstate();
    });
  }

  #listen() {
    const on = (names, act) => names.split(" ").forEach((name) => this.audio.addEventListener(name, act));
    on("play pause playing waiting", () => this.#hooks.onstate());
    on("pause", () => (this.#pausedAt = performance.now()));
    on("playing", () => this.#hooks.ontrouble(null));
    on("waiting stalled", () => this.#feed?.check());
    on("loadedmetadata canplay progress seeked timeupdate", () => this.#arrive());
    on("seeking", () => this.#moved());
    on("timeupdate", () => {
      this.#feed?.check();
      this.#fill();
      this.#fetch();
    });
    on("ended", () => {
      this.isOver = true;
      this.#hooks.onend();
    });
    on("error", () => this.#repair());
  }

  /** Where it is, in seconds: also before the element knows it. */
  get now() {
    return this.#target ?? this.audio.currentTime;
  }

  get seconds() {
    return this.plan ? this.plan.frames / this.plan.rate : 0;
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  /** Whether all from here on is encoded, or as much as is kept. */
  get isEncoded() {
    return this.#isOpen && !this.#filling;
  }

  /** Whether all is here that it says, and may come to say: it needs no network from here on. */
  get isHere() {
    return this.plan !== null && this.#here === this.plan;
  }

  /** Fetches what it says. Where that fails, what plays on tries again. */
  async #fetch() {
    const { plan } = this;
    if (!plan || this.isHere || this.#fetching === plan) return;
    this.#fetching = plan;
    const isHere = await this.#engine.prefetch(plan.clips).catch(() => false);
    if (this.#fetching === plan) this.#fetching = null;
    if (isHere && this.plan === plan) this.#here = plan;
  }

  /** Whether it is to sound, and cannot yet. */
  get isWaiting() {
    return this.isPlaying && (this.audio.readyState < 3 || this.plan === null);
  }

  async #open() {
    // Until the engine stands where this session does, nothing is encoded.
    this.#isOpen = false;
    this.changes = [];
    try {
      if (this.settle) this.wishes = await this.settle();
      const opened = this.#engine.call("open", { wishes: this.wishes });
      const changed = this.earlier.map(({ name, frame }) => this.#engine.call(name, { frame }));
      const init = this.#engine.call("init");
      // Where the first is refused, the others are too; what is said is said once.
      for (const later of [...changed, init]) later.catch(() => {});
      this.plan = (await opened).ok;
      for (const [index, change] of changed.entries()) {
        const { ok } = await change;
        if (ok.changed) this.plan = ok.plan;
        this.changes.push(this.earlier[index]);
      }
      this.#stands = changed.length ? null : 0;
      const { out } = await init;
      if (this.#closed) return;
      // What was left another day is taken up a little before its place.
      if (this.#resumes && this.#target) this.#target = takeUp(this.plan, this.#target);
      this.#resumes = false;
      this.#hooks.onplan();
      this.#fetch();
      this.#isOpen = true;
      this.#fill();
      await this.#feed.open(out, this.plan.rate, this.seconds);
    } catch (error) {
      if (error.kind !== "network") return this.#failed(error);
      await this.#waitForNetwork(error);
      if (!this.#closed) await this.#open();
    }
  }

  /** Brings the element to where it is to begin. One that knows no times yet, or has nothing there, may forget that it was told: so it is
   * told again when something is put in, after which some browsers say nothing. */
  #arrive() {
    const { audio } = this;
    if (this.#target === null || audio.readyState === 0 || !this.#feed.isReady || audio.seeking) return;
    if (Math.abs(audio.currentTime - this.#target) > 1) audio.currentTime = this.#target;
    else this.#target = null;
  }

  #moved() {
    this.isOver = false;
    this.#size = FIRST;
    this.#feed?.moved();
    this.#fill();
  }

  /** The packet at a time; the one before it, whose second half it needs. */
  #packet(seconds) {
    return Math.max(0, Math.floor((seconds * this.plan.rate) / PACKET));
  }

  /** Encodes from the place on, until all is there or there is enough. */
  async #fill() {
    if (this.#filling || this.#closed || !this.#isOpen || this.#feed.isWhole) return;
    this.#filling = true;
    try {
      while (!this.#closed && this.#isOpen && (await this.#piece()));
    } catch (error) {
      this.#failed(error);
    }
    this.#filling = false;
  }

  /** One piece; whether there is more to do. */
  async #piece() {
    const place = this.#packet(this.now);
    const gap = this.#fragments.gap(place);
    if (!gap) return false;
    this.#fragments.forgetBefore(place - this.#packet(BEHIND_SECONDS));
    // What is heard soon is made in any case; what lies beyond gaps makes way for it.
    if (this.#fragments.bytesFrom(place) > AHEAD_BYTES) {
      if (gap.packet > place + this.#packet(SOON)) return false;
      this.#fragments.forgetFrom(gap.packet);
    }
    try {
      if (this.#stands !== gap.packet) {
        const { ok } = await this.#engine.call("seek", { frame: Math.max(0, gap.packet - 1) * PACKET });
        this.#stands = ok.packet;
      }
      // One more than is missing: the encoder keeps the last one back, because the next may still change it.
      const asked = Math.min(this.#size, gap.packets + Math.max(0, gap.packet - this.#stands) + 1);
      const began = performance.now();
      const { ok, out } = await this.#engine.call("encode", { packets: asked });
      this.#take(ok, out, performance.now() - began);
      // Nothing came and nothing ended: asked again when it plays on.
      if (ok.packets === 0) return false;
    } catch (error) {
      if (error.kind !== "network") throw error;
      await this.#waitForNetwork(error);
    }
    return true;
  }

  #take({ packet, packets, end }, bytes, milliseconds) {
    this.#stands = packet + packets;
    if (packets > 0) {
      this.#fragments.add({ packet, packets, bytes });
      const fitting = (packets * PIECE) / Math.max(milliseconds, 1);
      this.#size = Math.round(Math.min(MOST, Math.max(FIRST, fitting), this.#size * 2));
    }
    if (end) this.#fragments.end = this.#stands;
    this.#feed.pump();
  }

  async #waitForNetwork(error) {
    if (this.audio.readyState < 3) this.#hooks.ontrouble(error.message);
    await new Promise((again) => {
      addEventListener("online", again, { once: true });
      setTimeout(again, 3000);
    });
  }

  #failed(error) {
    if (this.#closed || error.kind === "closed") return;
    // An engine that fell over is begun anew, and the session taken up where it is heard.
    if (error.kind === "broken" && this.#mayRepair()) {
      this.#rebuild();
      return;
    }
    const known = error instanceof EngineError;
    if (!known) console.error(error);
    this.#hooks.onfail(known ? error.message : `The sound could not be made (${error.message}).`);
  }

  #mayRepair() {
    const now = performance.now();
    this.#repairs = [...this.#repairs.filter((then) => now - then < 60_000), now];
    return this.#repairs.length <= REPAIRS;
  }

  #repair() {
    if (this.#closed) return;
    if (this.#mayRepair()) {
      this.#rebuild();
    } else {
      this.#hooks.onfail(`This browser stopped playing (${this.audio.error?.message || "it does not say why"}). Load the page again: it offers to go on from here.`);
    }
  }

  /** A new source at the same place: what a browser took away while the page slept, or failed to decode. */
  #rebuild() {
    this.#hooks.ontrouble("The sound broke off. Taking it up again.");
    this.#target = this.now;
    this.earlier = this.changes;
    this.#fragments = new Fragments();
    this.#size = FIRST;
    this.#feed?.close();
    this.#feed = this.#source();
    if (this.#wants) this.#start();
    this.#open();
  }

  // What a listener does.

  play() {
    const paused = this.#pausedAt === null ? 0 : (performance.now() - this.#pausedAt) / 1000;
    this.#pausedAt = null;
    if (paused > LONG_PAUSE && this.plan && !this.isOver) this.seek(takeUp(this.plan, this.now));
    if (this.audio.error) this.#rebuild();
    // What a browser dropped meanwhile is put in before it looks for it: a source that was filled to its end would be over.
    this.#feed?.check();
    this.#start();
  }

  pause() {
    this.#wants = false;
    this.audio.pause();
  }

  seek(seconds) {
    const target = Math.max(0, Math.min(seconds, this.seconds - 0.05));
    if (this.#target !== null) this.#target = target;
    if (this.audio.readyState > 0) this.audio.currentTime = target;
  }

  /** The chapter at a time. */
  chapter(seconds = this.now) {
    const frame = seconds * this.plan.rate;
    return this.plan.chapters.findLastIndex(({ start }) => start <= frame);
  }

  /** To the pose after this one, or to the one before; from well inside a pose, to its beginning. */
  skip(by) {
    if (!this.plan) return;
    const { chapters, rate } = this.plan;
    const here = this.chapter();
    const inside = this.now - chapters[here].start / rate > 4;
    const next = Math.max(0, by < 0 && inside ? here : here + by);
    if (next < chapters.length) this.seek(chapters[next].start / rate);
  }

  /** `longer`, `let-go` or `less`: what is heard from here on. The words for what was done; null where there is nothing to change. */
  async change(name) {
    if (!this.plan) return null;
    const frame = Math.round((this.now + MARGIN) * this.plan.rate);
    const { ok } = await this.#engine.call(name, { frame });
    if (!ok.changed) return null;
    this.changes.push({ name, frame });
    this.plan = ok.plan;
    this.#stands = ok.packet;
    this.#size = FIRST;
    this.#fragments.cut(ok.packet);
    this.#feed.replace(ok.packet, this.seconds);
    this.#hooks.onplan();
    this.#fill();
    this.#fetch();
    return ok.said ?? "";
  }

  close() {
    this.#closed = true;
    this.#engine.over();
    this.audio.pause();
    this.#feed?.close();
    this.audio.removeAttribute("src");
    this.audio.load();
    this.audio.remove();
  }
}

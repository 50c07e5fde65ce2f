// From the encoded fragments into the element: a media source, on iPhones the managed one. It takes as much as the browser has
// room for and drops what was heard; the fragments themselves stay in memory, so what was dropped can be put in again.

import { PACKET, endOf } from "./fragments.js";

const TYPE = 'audio/mp4; codecs="mp4a.40.2"';
/** What is kept behind the place, in seconds, when there is no more room. */
const KEPT_BEHIND = 15;
/** How far ahead it is filled when a managed source has said "enough". That spares a connection, but nothing is fetched for this, and a
 * locked phone may not ask again in time. */
const ENOUGH = 300;
/** How near the end it is told to be complete, in seconds: after that, WebKit may take no other sound, and somebody may still want it longer. */
const CLOSES = 3;
/** Half a thousandth: times are doubles here and fractions in the browser. */
const HAIR = 0.0005;

function kind() {
  const kinds = [globalThis.ManagedMediaSource, globalThis.MediaSource];
  return kinds.find((source) => source?.isTypeSupported?.(TYPE)) ?? null;
}

export class Feed {
  isWhole = false;
  isReady = true;
  #audio;
  #fragments;
  /** Where it is heard, or about to be. */
  #place;
  /** Told when something is put in. */
  #onput;
  #source;
  #opened;
  #address;
  #buffer = null;
  #init = null;
  #rate = 1;
  #seconds = 0;
  /** Old sound from a packet on, which goes when the new sound at that place is in. */
  #stale = null;
  /** Somebody is there before the new sound: the old goes at once. */
  #isHurried = false;
  #appending = null;
  #fullUntil = -1;
  #streaming = true;

  static isPossible() {
    return kind() !== null;
  }

  /** Gives the element its source, at once: `play()` is called in the same touch. */
  constructor(audio, fragments, place, onput) {
    this.#onput = onput;
    this.#audio = audio;
    this.#fragments = fragments;
    this.#place = place;
    const Kind = kind();
    this.#source = new Kind();
    if (Kind === globalThis.ManagedMediaSource) {
      // A managed source opens only so; and it says when it has room.
      audio.disableRemotePlayback = true;
      this.#streaming = false;
      this.#source.addEventListener("startstreaming", () => this.#stream(true));
      this.#source.addEventListener("endstreaming", () => this.#stream(false));
    }
    this.#opened = new Promise((done) => this.#source.addEventListener("sourceopen", done, { once: true }));
    this.#address = URL.createObjectURL(this.#source);
    audio.src = this.#address;
  }

  #stream(on) {
    this.#streaming = on;
    this.pump();
  }

  /** What every fragment needs before it, and how long the session is. */
  async open(init, rate, seconds) {
    await this.#opened;
    URL.revokeObjectURL(this.#address);
    this.#rate = rate;
    this.#seconds = seconds;
    this.#init = init;
    const buffer = this.#source.addSourceBuffer(TYPE);
    // The first packet primes the decoder: it lies before the beginning, and is not heard. A microsecond more, or rounding would
    // put the second one there too.
    buffer.timestampOffset = -PACKET / rate + 1e-6;
    buffer.appendWindowStart = 0;
    buffer.addEventListener("updateend", () => {
      this.#onput();
      this.pump();
    });
    buffer.addEventListener("bufferedchange", () => this.check());
    this.#buffer = buffer;
    this.pump();
  }

  /** The sound from a packet on is another one now, and the session as long as this. */
  replace(packet, seconds) {
    this.#stale = packet;
    this.#seconds = seconds;
    this.#fullUntil = -1;
    this.pump();
  }

  close() {
    this.#buffer = null;
  }

  /** Which fragments are really in: a browser may drop what it likes. */
  check() {
    // What is being put in is not there yet, and is not missing.
    if (!this.#buffer || this.#buffer.updating || this.#stale !== null) return;
    const now = this.#place();
    for (const fragment of this.#fragments.list) {
      if (!fragment.isIn || this.#covers(fragment)) continue;
      fragment.isIn = false;
      // What it drops ahead of the place it has no room for, and would drop again.
      if (this.#time(fragment.packet) > now) this.#fullUntil = now + KEPT_BEHIND;
    }
    this.pump();
  }

  /** Somebody went to another place. */
  moved() {
    this.#isHurried = this.#stale !== null;
    this.#fullUntil = -1;
    this.check();
    this.pump();
  }

  #time(packet) {
    return Math.max(0, ((packet - 1) * PACKET) / this.#rate);
  }

  #covers(fragment) {
    // A packet's length of tolerance: browsers round, and the last packet is longer than the session.
    const slack = PACKET / this.#rate;
    const [from, to] = [this.#time(fragment.packet) + slack, Math.min(this.#time(endOf(fragment)), this.#seconds) - slack];
    const ranges = this.#buffer.buffered;
    for (let index = 0; index < ranges.length; index += 1) {
      if (ranges.start(index) <= from && ranges.end(index) >= to) return true;
    }
    return from >= to;
  }

  /** Does the next thing there is to do; the end of each brings it here again. */
  pump() {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source.readyState === "closed") return;
    try {
      this.#step(buffer);
    } catch (error) {
      if (error.name === "QuotaExceededError") this.#makeRoom(buffer);
      else if (error.name !== "InvalidStateError") throw error;
      // An invalid state is that of an element that has failed; its own error tells the player.
    }
  }

  #step(buffer) {
    if (this.#init) {
      buffer.appendBuffer(this.#init);
      this.#init = null;
      return;
    }
    if (this.#dropStale(buffer)) return;
    this.#setDuration(buffer);
    const now = this.#place();
    const run = this.#fragments.run(Math.max(0, Math.floor((now * this.#rate) / PACKET)));
    const next = run.find((fragment) => !fragment.isIn);
    if (next && this.#isWanted(next, now)) {
      this.#append(buffer, next);
    } else if (!next && run.length && endOf(run.at(-1)) === this.#fragments.end && this.#seconds - now < CLOSES && this.#source.readyState === "open") {
      this.#source.endOfStream();
    }
  }

  #isWanted(fragment, now) {
    const start = this.#time(fragment.packet);
    if (now < this.#fullUntil) return start < now + KEPT_BEHIND;
    return this.#streaming || start < now + ENOUGH;
  }

  #append(buffer, fragment) {
    const until = fragment.isCut ? this.#time(endOf(fragment)) + HAIR : Infinity;
    if (buffer.appendWindowEnd !== until) buffer.appendWindowEnd = until;
    buffer.appendBuffer(fragment.bytes);
    fragment.isIn = true;
    this.#appending = fragment;
  }

  /** The old sound goes only when the new one lies at its place: what is heard just now never breaks off. */
  #dropStale(buffer) {
    if (this.#stale === null) return false;
    const first = this.#fragments.at(this.#stale);
    const isOver = this.#fragments.end !== null && this.#fragments.end <= this.#stale;
    if (!isOver && !this.#isHurried && !first?.isIn) {
      if (first) this.#append(buffer, first);
      return first !== undefined;
    }
    const from = this.#time(isOver || this.#isHurried ? this.#stale : endOf(first)) + HAIR;
    for (const fragment of this.#fragments.list) if (this.#time(fragment.packet) >= from - 2 * HAIR) fragment.isIn = false;
    this.#stale = null;
    this.#isHurried = false;
    if (!(from < this.#source.duration)) return false;
    buffer.remove(from, Infinity);
    return true;
  }

  #setDuration(buffer) {
    if (this.#source.readyState !== "open" || this.#stale !== null) return;
    const end = buffer.buffered.length ? buffer.buffered.end(buffer.buffered.length - 1) : 0;
    const seconds = Math.max(this.#seconds, end);
    if (!(Math.abs(this.#source.duration - seconds) < 0.1)) this.#source.duration = seconds;
  }

  #makeRoom(buffer) {
    if (this.#appending) this.#appending.isIn = false;
    const now = this.#place();
    const heard = now - KEPT_BEHIND;
    if (buffer.buffered.length && buffer.buffered.start(0) < heard - KEPT_BEHIND) {
      for (const fragment of this.#fragments.list) if (this.#time(fragment.packet) < heard) fragment.isIn = false;
      buffer.remove(0, heard);
    } else {
      this.#fullUntil = now + KEPT_BEHIND;
    }
  }
}

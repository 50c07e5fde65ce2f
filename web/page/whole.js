// Where a browser has no media source: the whole session is made first, and played as a file.

import { day } from "./format.js";

/** A tenth of a second of silence, as WAV: 16 bit, mono, 8000 Hz. It is played in the touch that begins, so that the browser lets the
 * element sound later. */
function silence() {
  const frames = 800;
  const view = new DataView(new ArrayBuffer(44 + 2 * frames));
  const text = (at, letters) => [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * frames, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 16000, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * frames, true);
  return new Blob([view], { type: "audio/wav" });
}

export class Whole {
  isWhole = true;
  /** Whether the element has the session, and not yet silence. */
  isReady = false;
  #audio;
  #engine;
  #hooks;
  #address = null;
  #making = 0;

  constructor(audio, engine, hooks) {
    this.#audio = audio;
    this.#engine = engine;
    this.#hooks = hooks;
    this.#give(silence());
    audio.loop = true;
  }

  #give(blob) {
    const before = this.#address;
    this.#address = URL.createObjectURL(blob);
    this.#audio.src = this.#address;
    if (before) URL.revokeObjectURL(before);
  }

  async open() {
    await this.#make(false);
  }

  /** After a change: the old file is heard until the new one is there. */
  replace() {
    this.#make(true).catch((error) => this.#hooks.onfail(error.message));
  }

  async #make(keepsPlace) {
    const turn = (this.#making += 1);
    const { out } = await this.#engine.call("save", { date: day() }, (done) => {
      this.#hooks.ontrouble(`This browser plays whole files only: ${Math.round(done * 100)} % made.`);
    });
    if (turn !== this.#making) return;
    this.#hooks.ontrouble(null);
    const audio = this.#audio;
    const [at, wasPaused] = [audio.currentTime, audio.paused];
    audio.loop = false;
    this.isReady = true;
    this.#give(new Blob([out], { type: "audio/mp4" }));
    if (keepsPlace) audio.addEventListener("loadedmetadata", () => (audio.currentTime = at), { once: true });
    if (!wasPaused) audio.play().catch(() => this.#hooks.onstate());
  }

  pump() {}

  check() {}

  moved() {}

  close() {
    this.#making += 1;
    if (this.#address) URL.revokeObjectURL(this.#address);
  }
}

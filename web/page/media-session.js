// What a locked screen, a watch and the buttons of headphones show and do. Next and previous are poses.

const ACTIONS = ["play", "pause", "stop", "previoustrack", "nexttrack", "seekto"];

export class LockScreen {
  #session = navigator.mediaSession ?? null;
  #shown = "";
  #artwork = [];

  constructor(actions) {
    for (const action of ACTIONS) this.#handle(action, actions[action] ?? null);
  }

  #handle(action, act) {
    try {
      this.#session?.setActionHandler(action, act);
    } catch {
      // A browser that does not know this action.
    }
  }

  /** The session's picture. */
  picture(png) {
    if (!this.#session) return;
    this.#artwork = [{ src: URL.createObjectURL(new Blob([png], { type: "image/png" })), sizes: "512x512", type: "image/png" }];
    this.#shown = "";
  }

  /** The pose and the session; nothing where they are shown already. */
  show(pose, session) {
    const shown = `${pose}\n${session}`;
    if (!this.#session || typeof MediaMetadata !== "function" || shown === this.#shown) return;
    this.#shown = shown;
    this.#session.metadata = new MediaMetadata({ title: pose, artist: "catcow", album: session, artwork: this.#artwork });
  }

  state(isPlaying, seconds, position) {
    if (!this.#session) return;
    this.#session.playbackState = isPlaying ? "playing" : "paused";
    if (!(seconds > 0)) return;
    try {
      this.#session.setPositionState?.({ duration: seconds, position: Math.min(position, seconds), playbackRate: 1 });
    } catch {
      // Some know no positions.
    }
  }

  close() {
    if (!this.#session) return;
    for (const action of ACTIONS) this.#handle(action, null);
    this.#session.metadata = null;
    this.#session.playbackState = "none";
    for (const { src } of this.#artwork) URL.revokeObjectURL(src);
  }
}

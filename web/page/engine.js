// The engine, as the page sees it: it lives in a worker of its own, so that the page never waits for it. Calls are answered in the
// order in which they were made.

/** What went wrong: `refused` (the engine says why), `network`, or `broken` (it fell over, and was begun anew). */
export class EngineError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

export class Engine {
  #worker;
  #calls = new Map();
  #last = 0;

  constructor() {
    this.#worker = new Worker(new URL("worker.js", import.meta.url));
    this.#worker.onmessage = ({ data }) => this.#answered(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const text = `The engine could not be started (${event.message || "worker.js did not load"}). Please load the page again.`;
      for (const call of this.#calls.values()) call.reject(new EngineError("network", text));
      this.#calls.clear();
    };
  }

  /** Asks for something; `{ ok, out }` comes of it, `out` where bytes belong to it. */
  call(name, wishes = {}, onprogress = null) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, onprogress });
      this.#worker.postMessage({ id, request: { do: name, ...wishes } });
    });
  }

  /** Clips that will be needed, in their order: fetched while there is nothing else to do. */
  prefetch(paths) {
    this.#worker.postMessage({ prefetch: paths });
  }

  close() {
    this.#worker.terminate();
    for (const call of this.#calls.values()) call.reject(new EngineError("closed", "closed"));
    this.#calls.clear();
  }

  #answered({ id, ok, out, failure, message, progress }) {
    const call = this.#calls.get(id);
    if (!call) return;
    if (progress !== undefined) {
      call.onprogress?.(progress);
      return;
    }
    this.#calls.delete(id);
    if (failure) call.reject(new EngineError(failure, message));
    else call.resolve({ ok, out });
  }
}

/** Asks for what is shown while somebody moves a slider: only the newest question is worth an answer. */
export class Preview {
  #engine;
  #next = null;
  #busy = false;

  constructor(engine) {
    this.#engine = engine;
  }

  /** `onanswer(error, ok)` is called unless a newer question came before it was asked or answered. */
  ask(name, wishes, onanswer) {
    this.#next = { name, wishes, onanswer };
    if (!this.#busy) this.#go();
  }

  async #go() {
    this.#busy = true;
    while (this.#next) {
      const asked = this.#next;
      let [error, ok] = [null, null];
      try {
        ({ ok } = await this.#engine.call(asked.name, asked.wishes));
      } catch (refused) {
        error = refused;
      }
      if (this.#next === asked) {
        this.#next = null;
        asked.onanswer(error, ok);
      }
    }
    this.#busy = false;
  }
}

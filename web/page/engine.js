// The engine, as the page sees it: it lives in a worker of its own, so that the page never waits for it. Calls are answered in the
// order in which they were made.

/** What went wrong: `refused` (the engine says why), `network`, or `broken` (it fell over, and was begun anew). */
export class EngineError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** Packets of a first piece: two seconds, so that it is heard soon. */
export const FIRST = 48;

export class Engine {
  #worker = null;
  #calls = new Map();
  #last = 0;

  constructor() {
    this.#begin();
  }

  #begin() {
    const worker = new Worker(new URL("worker.js", import.meta.url));
    let isThere = false;
    worker.onmessage = ({ data }) => {
      isThere = true;
      this.#answered(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const text = `The engine could not be started (${event.message || "worker.js did not load"}). Please load the page again.`;
      for (const call of this.#calls.values()) call.reject(new EngineError("network", text));
      this.#calls.clear();
      // One that did not load answers nobody: the next call begins another.
      if (!isThere) this.#worker = null;
    };
    this.#worker = worker;
  }

  #post(message) {
    if (!this.#worker) this.#begin();
    this.#worker.postMessage(message);
  }

  /** Asks for something; `{ ok, out }` comes of it, `out` where bytes belong to it. */
  call(name, wishes = {}, onprogress = null) {
    return this.#ask({ request: { do: name, ...wishes } }, onprogress);
  }

  #ask(message, onprogress = null) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, onprogress });
      this.#post({ id, ...message });
    });
  }

  /** Clips that will be needed, in their order: fetched while there is nothing else to do. Whether all are here, when it is known. */
  async prefetch(paths) {
    return (await this.#ask({ prefetch: paths })).ok;
  }

  /** Somebody looks at the plan of these wishes, and will likely begin: its beginning is made before they do. */
  ahead(wishes) {
    this.#post({ ahead: { wishes, packets: FIRST } });
  }

  /** Nobody hears the session any more that is open. */
  over() {
    this.#post({ over: true });
  }

  close() {
    this.#worker?.terminate();
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
        if (ok && asked.name === "plan" && !this.#next) this.#engine.ahead(asked.wishes.wishes);
      }
    }
    this.#busy = false;
  }
}

/** The one that plays. It begins before the page does, for its module takes longest to come. */
export const engine = typeof Worker === "function" && typeof WebAssembly === "object" ? new Engine() : null;

// Where the engine lives. It has no imports and one thread; what it wants of the host's files is fetched here and given to it.
// Calls are carried out one after the other, so that the answer to each belongs to the state that the one before left behind.
"use strict";

/** Fetched at once: what browsers open to one host. */
const AT_ONCE = 6;
/** Seconds before a request is made again; after the last it has failed. */
const AGAIN_AFTER = [0.5, 1.5, 4];
/** Calls whose result is bytes. */
const BINARY = new Set(["init", "encode", "save", "cover"]);

const NETWORK = "The connection is gone. catcow goes on by itself when it is back.";

class Failure extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** A file of the host; null where it is not there. */
async function fetched(path, options) {
  for (const seconds of [...AGAIN_AFTER, null]) {
    try {
      const response = await fetch(path.split("/").map(encodeURIComponent).join("/"), options);
      if (response.ok) return response;
      // A server that is overwhelmed may have it yet; one that says no will go on saying it.
      if (response.status < 500 && response.status !== 429) return null;
    } catch {
      // No connection, or it broke off.
    }
    if (seconds !== null) await pause(seconds);
  }
  throw new Failure("network", NETWORK);
}

async function bytes(path) {
  const response = await fetched(path);
  try {
    return response && new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Failure("network", NETWORK);
  }
}

// The module.

let starting = null;
/** What the host has in `files/`. */
let files = [];

function engine() {
  starting ??= begin().catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
}

/** How far long work has come: the engine tells it while it works. */
let onprogress = () => {};
const IMPORTS = { page: { progress: (share) => onprogress(share) } };

async function begin() {
  const [exports, list] = await Promise.all([instantiated(), fetched("files.json")]);
  if (!list) throw new Failure("refused", "The host has no files.json: the folder was not published whole. Publish all that `catcow site` wrote.");
  const all = await list.json();
  call(exports, { do: "begin", files: all });
  files = all.map(([path]) => path);
  return exports;
}

async function instantiated() {
  if (typeof WebAssembly !== "object") {
    throw new Failure("refused", "This browser cannot run catcow's engine (it has no WebAssembly, or it is switched off). Any current Safari, Chrome or Firefox can.");
  }
  // Compiled while it comes, where the host knows the type; hosts that do not are common.
  const response = await module();
  const type = response.headers.get("content-type") ?? "";
  if (WebAssembly.instantiateStreaming && type.startsWith("application/wasm")) {
    try {
      return (await WebAssembly.instantiateStreaming(response, IMPORTS)).instance.exports;
    } catch {
      // The connection broke off, or it is no module: the second way says which.
    }
  }
  const code = await (response.bodyUsed ? await module() : response).arrayBuffer().catch(() => {
    throw new Failure("network", NETWORK);
  });
  try {
    return (await WebAssembly.instantiate(code, IMPORTS)).instance.exports;
  } catch (error) {
    throw new Failure("refused", `This browser cannot run catcow's engine (${error.message}). Any current Safari, Chrome or Firefox can.`);
  }
}

async function module() {
  const response = await fetched("engine.wasm", { priority: "high" });
  if (!response) throw new Failure("refused", "The host has no engine.wasm: the folder was not published whole. Publish all that `catcow site` wrote.");
  return response;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The exchange buffer, made so long. The engine's memory may move with it, so it is looked up afterwards. */
function room(exports, length) {
  const place = exports.room(length);
  return new Uint8Array(exports.memory.buffer, place, length);
}

/** One call, without what it may be wanting: `{ ok }`, `{ error }` or `{ wanting }`. */
function call(exports, request) {
  const text = encoder.encode(JSON.stringify(request));
  room(exports, text.length).set(text);
  const length = exports.call(text.length);
  return JSON.parse(decoder.decode(new Uint8Array(exports.memory.buffer, exports.room_at(), length)));
}

/** The result of the last call, copied out: the engine's memory moves. */
function out(exports) {
  return new Uint8Array(exports.memory.buffer, exports.out_at(), exports.out_bytes()).slice().buffer;
}

const given = new Map();

/** Fetches a file and gives it, once. */
function give(path) {
  if (!given.has(path)) {
    given.set(path, giving(path).catch((error) => {
      given.delete(path);
      throw error;
    }));
  }
  return given.get(path);
}

async function giving(path) {
  const file = await bytes(`files/${path}`);
  const exports = await engine();
  if (!file) {
    call(exports, { do: "lost", path });
    return;
  }
  const name = encoder.encode(path);
  const both = room(exports, name.length + file.length);
  both.set(name);
  both.set(file, name.length);
  exports.give(name.length, name.length + file.length);
}

async function giveAll(paths) {
  const left = [...paths];
  const one = async () => {
    while (left.length) await give(left.shift());
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, one));
}

/** One call, with all that it wants. */
async function ask(exports, request) {
  let before = "";
  for (;;) {
    const reply = call(exports, request);
    if (reply.error !== undefined) throw new Failure("refused", reply.error);
    if (!reply.wanting) return reply.ok;
    // Given already, and wanted all the same: it let go of them meanwhile. Twice the same is a fault, not a want.
    const wanting = reply.wanting.join("\n");
    if (wanting === before) throw new Failure("refused", `The engine asks for ${reply.wanting[0]} again and again. Please load the page again.`);
    before = wanting;
    for (const path of reply.wanting) if (await settled(path)) given.delete(path);
    await giveAll(reply.wanting);
  }
}

/** Whether a file was given before, and not just now. */
async function settled(path) {
  const state = given.get(path);
  return state !== undefined && (await Promise.race([state.then(() => true, () => true), Promise.resolve(false)]));
}

// What is made before it is asked for: whoever looks at a plan is likely to begin it.

/** Seconds of calm before: somebody who moves a slider looks at no plan yet. */
const CALM = 0.15;
/** Recordings that are fetched with it: those of the first half minute. */
const CLIPS = 3;
/** Calls after which a session, or the place in its stream, is another. */
const MOVES = new Set(["open", "encode", "seek", "longer", "let-go", "less"]);

/** The beginning of a session: its answers to `open`, `init` and `encode`, by their requests. */
let made = null;
/** The plan that is looked at. */
let looked = null;
/** Whether somebody hears the session that is open: nothing takes its place. */
let isHeard = false;
/** Requests that are not answered yet. */
let waiting = 0;

/** What a first plan in a voice needs in any case comes beside the module. */
function early(voice) {
  for (const path of ["voice_clips/script.toml", `voice_clips/${voice}/voice.toml`]) give(path).catch(() => {});
}

async function ahead(look) {
  await pause(CALM);
  const mine = { answers: new Map(), isEncoded: false };
  const keep = (exports, request) => {
    const reply = call(exports, request);
    if (reply.ok) mine.answers.set(JSON.stringify(request), { ok: reply.ok, result: BINARY.has(request.do) ? out(exports) : undefined });
    return reply;
  };
  const encode = async () => {
    if (made !== mine) return [];
    const reply = keep(await engine(), { do: "encode", packets: look.packets });
    mine.isEncoded = Boolean(reply.ok);
    return reply.wanting ?? [];
  };
  const open = async () => {
    if (looked !== look || isHeard || waiting > 0) return [];
    const { ok } = keep(await engine(), { do: "open", wishes: look.wishes });
    if (!ok) return [];
    made = mine;
    keep(await engine(), { do: "init" });
    for (const path of ok.clips.slice(0, CLIPS)) give(path).catch(() => {});
    return encode();
  };
  try {
    const wanting = await inTurn(open);
    if (wanting.length === 0) return;
    // Requests do not wait for what comes over the network meanwhile.
    await giveAll(wanting);
    await inTurn(encode);
  } catch (error) {
    // Then it is made when it is asked for, and what is wrong is told.
    if (!(error instanceof Failure)) fallen();
  }
}

/** The answer to a request, where it was made ahead. */
function taken(exports, request) {
  if (!made) return null;
  const key = JSON.stringify(request);
  const answer = made.answers.get(key);
  made.answers.delete(key);
  if (!MOVES.has(request.do) || (answer && request.do === "open")) return answer;
  // After its first piece it goes on from there. Where something else is wanted, it stands as one that was only opened.
  if (!answer && made.isEncoded && request.do !== "open") call(exports, { do: "seek", frame: 0 });
  made = null;
  return answer;
}

/** The engine fell over: the next call begins a new one. */
function fallen() {
  starting = made = null;
  given.clear();
}

// The messages.

let turn = Promise.resolve();

/** Does something when all that came before is done. */
function inTurn(act) {
  const done = turn.then(act);
  turn = done.catch(() => {});
  return done;
}

onmessage = ({ data }) => {
  const { request } = data;
  if (data.prefetch) {
    prefetch(data.prefetch).then((ok) => postMessage({ id: data.id, ok }));
  } else if (data.over) {
    isHeard = false;
  } else if (data.ahead) {
    looked = data.ahead;
    ahead(looked);
  } else {
    if (request.do === "open") isHeard = true;
    if (request.wishes?.voice) early(request.wishes.voice);
    waiting += 1;
    inTurn(() => answer(data));
  }
};

async function answer({ id, request }) {
  try {
    const exports = await engine();
    const { ok, result } = taken(exports, request) ?? (await answered(exports, id, request));
    postMessage({ id, ok, out: result }, result ? [result] : []);
  } catch (error) {
    if (!(error instanceof Failure)) fallen();
    const message = error instanceof Failure ? error.message : `The engine stopped (${error.message}).`;
    postMessage({ id, failure: error.kind ?? "broken", message });
  }
  waiting -= 1;
}

async function answered(exports, id, request) {
  const ok = request.do === "save" ? await save(exports, id, request) : await ask(exports, request);
  return { ok, result: BINARY.has(request.do) ? out(exports) : undefined };
}

/** All of a session as a file, and how far it is. */
async function save(exports, id, request) {
  let [told, last] = [-1, -1];
  onprogress = (share) => {
    // A message for each percent.
    if (share - told < 0.01) return;
    told = share;
    postMessage({ id, progress: share });
  };
  for (;;) {
    const ok = await ask(exports, request);
    // An engine that does it in pieces says how much of it is done; one that does not has done it.
    if (!(ok.done < 1) || ok.done === last) return ok;
    last = ok.done;
    onprogress(ok.done);
    await pause(0);
  }
}

/** What a session may come to say that is made longer or is let go of: how long to stay, and the other side. */
const LATER = ["stay", "side"];

/** In the order they are heard, three at a time, so that what is wanted now has connections left; whether all of them are here. */
async function prefetch(paths) {
  try {
    await engine();
    const voices = new Set(paths.map((path) => path.split("/")[1]));
    const isLater = (path) => voices.has(path.split("/")[1]) && LATER.includes(path.split("/")[2]);
    const left = [...paths, ...files.filter(isLater)];
    const one = async () => {
      while (left.length) await give(left.shift());
    };
    await Promise.all([one(), one(), one()]);
    return true;
  } catch {
    return false;
  }
}

// At once, and not at the first call: the module is what takes longest to come. Where it fails, the first call tells it.
engine().catch(() => {});

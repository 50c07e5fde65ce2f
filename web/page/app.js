// The beginning: what the site has, which view is shown, and the one session that is heard.

import { Choices } from "./choices.js";
import { home, mark } from "./choose.js";
import { el } from "./dom.js";
import { Preview, engine } from "./engine.js";
import { day } from "./format.js";
import { letGo } from "./place.js";
import { entries } from "./practised.js";

const view = document.querySelector("#view");
const context = { site: null, choices: null, engine: null, preview: null, bounds: null, start };
/** The screen of the session that is heard, or was just ended. */
let screen = null;
/** Seconds without hurry before the site is put away for later; and how long a session that is still fetching may put that off. */
const CALM = 3;
const PATIENCE = 120;
/** Fewer sessions than this say nothing of progress. */
const SCORED = 8;
/** What the first view does without: fetched when it stands. */
let parts = null;

async function rest() {
  const all = await Promise.all([styles(), import("./play.js"), import("./detail.js"), import("./sound.js"), import("./end.js"), import("./history.js")]);
  parts ??= Object.assign({}, ...all.slice(1));
}

async function boot() {
  try {
    const response = await fetch("site.json");
    if (!response.ok) throw new Error(`site.json: ${response.status}`);
    context.site = await response.json();
  } catch (error) {
    return fail(error instanceof TypeError ? (isSecureContext ? "There is no connection, and this page is not kept on this phone yet." : "The computer that hands out this page does not answer. Does it still do so, and are you in the same network?") : `The host does not give what the page needs (${error.message}). Publish all that \`catcow site\` wrote.`);
  }
  context.choices = new Choices(context.site);
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    return fail("This browser cannot make the sound (it has no WebAssembly, or it is switched off). Any current Safari, Chrome or Firefox can; or ask whoever gave you this page for the session as a sound file.");
  }
  context.engine = engine;
  // Two questions at a time, so that neither takes the other's answer away.
  context.preview = new Preview(context.engine);
  context.bounds = new Preview(context.engine);
  route();
  addEventListener("hashchange", route);
  // What was refused for want of a connection is asked again.
  addEventListener("online", () => shown !== "playing" && document.querySelector(".note:not(:empty)") && again());
  // Left open until another day, it stands in that one.
  let stood = day();
  document.addEventListener("visibilitychange", () => !document.hidden && shown !== "playing" && stood !== (stood = day()) && again());
  await rest();
  route();
  // Refused, as no session is open; but when it answers, the engine is there, and what the first view asked for.
  await context.engine.call("init").catch(() => {});
  learn();
  keep();
}

function fail(text) {
  show(el("section", { class: "narrow" }, mark(), el("h1", { tabindex: "-1" }, "catcow cannot start here"), el("p", { class: "note", role: "alert" }, text),
    el("button", { type: "button", class: "second", onclick: () => location.reload() }, "Try again")));
}

/** Programmes are fetched where one is followed, or somebody looks for one. */
const weeks = () => import("./weeks.js");

/** What is due by the programme that is followed. */
function due() {
  const card = context.due;
  if (card) weeks().then(({ fill }) => fill(context), () => (card.note.textContent = "There is no connection, and programmes are not kept on this phone yet."));
}

/** What the log says to the next session, where it is long enough to say something. */
function learn() {
  if (entries().length >= SCORED) import("./advice.js").then((advice) => advice.learn(context), () => {});
}

let shown = null;

function styles() {
  return new Promise((done) => document.head.append(el("link", { rel: "stylesheet", href: "later.css", onload: done, onerror: done })));
}

/** Shows the view that the address names. */
function route() {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (name === shown && name !== "routine") return;
  if (screen && name !== "playing") leave();
  if (name === "playing" && !screen) return location.replace("#");
  const routine = name === "routine" && context.site.routines.find((one) => one.name === rest.join("/"));
  const waits = ["log", "routine", "sound", "weeks"].includes(name) && !parts;
  if (waits) return;
  shown = name;
  if (name === "playing") return;
  document.documentElement.classList.remove("dark");
  document.title = routine ? `${routine.title} – catcow` : "catcow";
  if (routine) show(parts.detail(context, routine));
  else if (name === "sound") show(parts.soundView(context));
  else if (name === "log") show(parts.history(context, again));
  else if (name === "weeks") weeks().then((all) => shown === name && show(all.weeks(context)), () => (location.hash = ""));
  else {
    show(home(context));
    due();
  }
}

function again() {
  shown = null;
  route();
}

/** Puts a view up. Whoever reads with a screen reader or a keyboard is put at its heading, but for the very first. */
function show(element) {
  const isFirst = view.dataset.begun === undefined;
  view.dataset.begun = "";
  view.replaceChildren(element);
  scrollTo(0, 0);
  if (!isFirst) view.querySelector("h1")?.focus({ preventScroll: true });
}

/** Begins a session, in the touch that asked for it. */
function start(wanted) {
  if (!parts) return rest().then(() => start(wanted));
  screen?.close();
  // What was left unfinished is gone on with now, or never.
  if (!wanted.at) letGo();
  screen = new parts.PlayScreen(context, wanted, over);
  document.documentElement.classList.add("dark");
  shown = "playing";
  show(screen.element);
  location.hash = "playing";
  screen.begin();
  keep();
}

/** Away from a session: it pauses, and is offered again. */
function leave() {
  screen.player.pause();
  screen.session.note();
  screen.close();
  screen = null;
}

/** A session has ended, or somebody ended it. */
function over(session, isFinished) {
  const playing = screen;
  show(parts.end(context, session, isFinished, {
    onhome: () => {
      learn();
      location.hash = "";
    },
    onback: () => {
      session.takeBack();
      show(playing.element);
      session.player.play();
    },
  }));
}

/** Lets the service worker keep this site, and the voice that is used, for days without a connection: when nothing else wants it. */
async function keep() {
  if (!navigator.serviceWorker) return;
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  await pause(CALM);
  for (let waited = 0; screen && !screen.player.isEncoded && waited < PATIENCE; waited += CALM) await pause(CALM);
  try {
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ voice: context.choices.voice ?? context.site.voice });
  } catch {
    // Plain http, or a browser that forbids it: the page works, but only with a connection.
  }
}

boot();

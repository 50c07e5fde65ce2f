// The first screen. The first question is the one that people have: how long? Then: how? The answer stands below, as one card that can
// be begun; routines come after.

import { HOW, soundInWords, todaysTitle } from "./choices.js";
import { el, icon, strip, svg, toggle, words } from "./dom.js";
import { clock, plain, range, spoken } from "./format.js";
import { painBefore } from "./pain.js";
import { letGo, unfinished } from "./place.js";
import { situation } from "./practised.js";
import { recall } from "./store.js";

/** What sessions for today may last, in minutes, until the engine has said more. */
const SHORTEST = 4;
const LONGEST = 60;
/** Chips that are seen at once. */
const SEEN = 4;

export function mark() {
  return el("div", { class: "mark" },
    svg("svg", { viewBox: "0 0 34 16", "aria-hidden": "true" }, svg("path", { d: "M1 12C7 12 7 3 13 3s6 9 12 9 5-3 8-6" })), "catcow");
}

export function home(context) {
  const { site, choices } = context;
  // Pain is asked for once, and belongs to whatever is begun.
  const state = { before: null };
  const followed = choices.followed;
  context.due = followed ? due(choices, followed, state) : null;
  return el("div", { class: "home" },
    mark(),
    el("div", { class: "ways" }, goOn(context), context.due?.element, site.composes ? today(context, state) : null,
      site.programmes?.length && !followed ? el("p", { class: "row" }, el("a", { href: "#weeks" }, "A programme of weeks")) : null),
    el("section", { "aria-labelledby": "routines" },
      el("div", { class: "row" },
        el(site.composes ? "h2" : "h1", { id: "routines", tabindex: "-1" }, "Routines"),
        el("a", { href: "#sound", "aria-label": `How it sounds: ${soundInWords(context)}` }, soundInWords(context))),
      el("ul", { class: "cards" }, site.routines.map(card))),
    el("footer", {},
      el("a", { href: "#log" }, "What you practised"),
      el("p", {}, "Not medical advice. If your pain is ongoing or acute, ask your physician first. If it gets worse, stop.")));
}

/** What was left unfinished. */
function goOn({ start }) {
  const place = unfinished();
  if (!place) return null;
  const card = el("section", { class: "today", "aria-label": "Unfinished" },
    words("h2", place.title, place.language),
    el("p", { class: "soft" }, `${clock(place.left)} left`),
    el("button", { type: "button", class: "go", "aria-label": `Go on with ${place.title}, ${spoken(place.left)} left`, onclick: () => start(place) }, "Go on"),
    el("button", { type: "button", class: "plain", onclick: () => {
      letGo();
      card.remove();
    } }, "Not now"));
  return card;
}

/** The programme that is followed, with all that its card will hold, so that nothing below moves when the engine has said what is due. */
function due(choices, { title, summary }, state) {
  const last = recall("due", null);
  const reasons = last?.situation === situation(choices) ? last.text : summary;
  const parts = {
    state, title: words("h2", "Today", "en"), picture: el("div", { class: "picture" }), when: el("p", { class: "soft poses" }, "One moment …"),
    why: words("p", reasons, "", { class: "soft poses" }), note: el("div", { class: "note", role: "status" }),
    begin: el("button", { type: "button", class: "go", disabled: true }, "Begin"),
  };
  parts.element = el("section", { class: "today", "aria-label": "Your programme" }, words("small", title, ""), parts.title, parts.picture, parts.when, parts.why, parts.note,
    painBefore(choices, state), parts.begin, el("p", { class: "row" }, el("a", { href: "#weeks" }, "Change or leave it")));
  return parts;
}

/** How long, how, and the session that comes of it. */
function today(context, state) {
  const { choices, preview, start } = context;
  const number = el("b", {}, String(choices.minutes));
  const title = words("h2", "", "en");
  const picture = el("div", { class: "picture" });
  const poses = words("p", "", "en", { class: "soft poses" });
  const reasons = el("div");
  const refusal = el("div", { class: "note", role: "status" });
  const begin = el("button", { type: "button", class: "go", onclick: () => start({ wishes: choices.forToday(), title: title.textContent, before: state.before }) }, "Begin");

  const show = () => {
    number.textContent = String(choices.minutes);
    title.textContent = todaysTitle(choices);
    begin.textContent = choices.how.includes("lying") ? "Lie down and begin" : "Begin";
    preview.ask("plan", { wishes: choices.forToday() }, (error, plan) => {
      refusal.replaceChildren(...(error ? refused(error) : []));
      begin.disabled = error?.kind === "refused";
      if (error) {
        for (const part of [picture, poses, reasons]) part.replaceChildren();
        return;
      }
      title.textContent = plan.title;
      poses.textContent = between(plan).join(" · ");
      picture.replaceChildren(plan.strip ? strip(plan.strip) : "");
      reasons.replaceChildren(plan.why?.length ? why(plan) : "");
    });
  };
  const slider = el("input", {
    type: "range", min: SHORTEST, max: LONGEST, value: choices.minutes, "aria-label": "Minutes", "aria-valuetext": spoken(choices.minutes * 60),
    oninput: () => {
      choices.set("minutes", Number(slider.value));
      slider.setAttribute("aria-valuetext", spoken(choices.minutes * 60));
      show();
    },
  });
  show();
  return el("section", { "aria-labelledby": "ask" },
    el("h1", { class: "ask", id: "ask", tabindex: "-1" }, "How long do you have?"),
    el("p", { class: "time", "aria-hidden": "true" }, number, el("span", {}, " minutes")),
    slider,
    chips(choices, show),
    el("article", { class: "today", "aria-label": "For today" },
      el("small", {}, "For today"), title, picture, poses, refusal, context.due ? null : painBefore(choices, state), begin, reasons));
}

/** A refusal: the sentence, and what stands in the way below it. */
function refused({ message }) {
  const [sentence, ...helps] = plain(message);
  const list = el("ul", {}, helps.map((help) => words("li", help, "en")));
  return [words("span", sentence, "en"), helps.length ? el("details", { class: "folded" }, el("summary", {}, "What stands in the way"), list) : ""];
}

/** The names of the poses, without what is no pose. */
export function between({ chapters, phases }) {
  const isPose = ({ start, frames }) => phases.some((phase) => phase.start >= start && phase.start < start + frames);
  return [...new Set(chapters.filter(isPose).map(({ title }) => title))];
}

/** Why these poses. */
function why({ why: reasons, language }) {
  const line = (reason) => words("li", typeof reason === "string" ? reason : `${reason.pose}: ${reason.why}`, language);
  return el("details", { class: "folded" }, el("summary", {}, "Why these"), el("ul", {}, reasons.map(line)));
}

function chips(choices, onchange) {
  const buttons = new Map();
  const press = (how) => (on) => {
    const others = HOW.filter((other) => other.kind && other.kind === how.kind && other !== how).map(({ id }) => id);
    for (const id of others) buttons.get(id).setAttribute("aria-pressed", "false");
    const kept = choices.how.filter((id) => id !== how.id && !(on && others.includes(id)));
    choices.set("how", on ? [...kept, how.id] : kept);
    onchange();
  };
  for (const how of HOW) buttons.set(how.id, toggle(how.text, choices.how.includes(how.id), press(how)));
  // What somebody chose stays in sight.
  for (const how of HOW.slice(SEEN)) buttons.get(how.id).hidden = !choices.how.includes(how.id);
  const more = el("button", { type: "button", class: "chip more", "aria-expanded": "false", onclick: () => {
    for (const button of buttons.values()) button.hidden = false;
    more.remove();
    buttons.get(HOW[SEEN].id).focus();
  } }, "More …");
  return el("div", { class: "chips", role: "group", "aria-label": "How" }, [...buttons.values()], more);
}

const NEXT = "M9 5l7 7-7 7";

function card({ name, title, summary, language, poses, strip: picture, shortest, longest }) {
  return el("li", {}, el("a", { class: "card", href: `#routine/${encodeURIComponent(name)}` },
    strip(picture),
    el("div", {}, words("b", title, language), el("span", {}, range(shortest, longest)), words("span", summary, language),
      poses.length ? words("span", poses.join(" · "), language, { class: "poses" }) : null),
    icon(NEXT)));
}

// A programme of weeks: what is due by it today, in the words of `catcow today`, and which programmes there are.

import { practised } from "./advice.js";
import { el, strip, words } from "./dom.js";
import { day, plain, spoken } from "./format.js";
import { numbered, situation } from "./practised.js";
import { remember } from "./store.js";

/** Fills the card of the programme that is followed, where the first screen has one. */
export async function fill(context) {
  const card = context.due;
  if (!card) return;
  try {
    const due = await dueToday(context);
    const { ok: plan } = await context.engine.call("plan", { wishes: due.wishes });
    if (context.due === card) show(context, card, due, plan);
  } catch (error) {
    card.note.replaceChildren(...plain(error.message).map((line) => el("p", {}, line)));
    card.when.textContent = "";
  }
}

async function dueToday({ choices, engine, site }) {
  const { name, since } = choices.programme;
  const asked = { programme: name, since: numbered(since), today: numbered(day()), log: practised() };
  let [answer, routine, wishes] = [null, null, {}];
  // How short and how long a routine can be follows from what was chosen for it; which one it is, the first answer says.
  for (let turn = 0; turn < 2; turn += 1) {
    ({ ok: answer } = await engine.call("today", { ...asked, wishes }));
    routine = site.routines.find(({ name }) => name === answer.due.routine);
    const { level: _, length: __, ...others } = choices.forRoutine(routine);
    wishes = others;
  }
  const { level, length } = answer.due;
  return { ...answer, routine, wishes: { ...wishes, ...(length === null ? { level } : { length }) } };
}

function show({ choices, start }, card, { due, rest, routine, wishes }, plan) {
  const below = card.element.nextElementSibling;
  const before = below?.getBoundingClientRect().top;
  const minutes = spoken(Math.max(1, Math.round(plan.frames / plan.rate / 60)) * 60);
  const { title, language } = routine;
  card.title.textContent = rest ? "Rest today" : title;
  if (!rest && language) card.title.lang = language;
  card.picture.replaceChildren(strip(plan.strip));
  card.when.textContent = `Week ${due.week} of ${due.weeks}${rest ? "" : `, day ${due.day} of ${due.days} · ${minutes}`}`;
  // Fewer lines leave room, and nothing below moves up.
  card.why.style.minHeight = `${card.why.offsetHeight}px`;
  const lines = rest ? [resting(rest, due), "To practise all the same: ", words("span", title, language), `, ${minutes}. `, due.why.join(" ")] : [due.why.join(" ") || routine.summary];
  card.why.replaceChildren(...lines);
  remember("due", { situation: situation(choices), text: card.why.textContent });
  if (!rest && due.why.length === 0 && language) card.why.lang = language;
  card.begin.textContent = rest ? "Practise all the same" : "Begin";
  card.begin.setAttribute("aria-label", `${card.begin.textContent}: ${title}, ${minutes}`);
  card.begin.className = rest ? "second" : "go";
  card.begin.onclick = () => start({ wishes, title, language, before: card.state.before });
  card.begin.disabled = false;
  // More lines than there was room for: what somebody is about to touch stays where it is.
  const moved = below ? below.getBoundingClientRect().top - before : 0;
  if (moved > 2) scrollBy({ top: moved, behavior: "instant" });
}

function resting({ next, week_is_done: isDone }, { days }) {
  const done = !isDone ? "Today's session is done." : days === 1 ? "The one day of this week is done." : `All ${days} days of this week are done.`;
  return `${done} Next: ${next === numbered(day()) + 1 ? "tomorrow" : dated(next)}. `;
}

/** "Monday, 30 November". */
function dated(number) {
  const date = new Date(number * 864e5);
  const part = (wanted) => date.toLocaleDateString("en-GB", { timeZone: "UTC", ...wanted });
  return `${part({ weekday: "long" })}, ${part({ day: "numeric", month: "long" })}`;
}

/** All programmes, and what can be done with them. */
export function weeks({ choices, site }) {
  const leave = (programme) => {
    choices.set("programme", programme);
    location.hash = "";
  };
  const follow = ({ name }) => {
    // What comes next goes by pain: it is asked for, until somebody folds that away.
    choices.set("asksPain", true);
    leave({ name, since: day() });
  };
  const button = (kind, text, { title }, act) => el("button", { type: "button", class: kind, "aria-label": `${text}: ${title}`, onclick: act }, text);
  const item = (programme) => {
    const isFollowed = choices.followed === programme;
    const number = `${programme.weeks} week${programme.weeks === 1 ? "" : "s"}`;
    return el("li", { class: "today" }, words("h2", programme.title, ""), words("p", programme.summary, "", { class: "soft" }),
      el("p", { class: "soft" }, isFollowed ? `${number}. You follow this one, since ${dated(numbered(choices.programme.since))}.` : `${number}.`),
      isFollowed
        ? [button("second", "Begin it anew", programme, () => follow(programme)), button("plain", "Leave it", programme, () => leave(null))]
        : button("second", choices.followed ? "Follow this one" : "Begin", programme, () => follow(programme)));
  };
  return el("section", { class: "narrow" },
    el("a", { class: "up", href: "#" }, "Back"),
    el("h1", { tabindex: "-1" }, "A programme of weeks"),
    el("p", {}, "A session on some days of each week; which days, is free. What comes next follows from what you practised, and from your pain before and after: where it rose, the next session is easier. Practise anything else besides."),
    el("p", { class: "soft" }, "It is kept on this phone only. Leaving a programme leaves your log as it is."),
    el("ul", {}, site.programmes.map(item)));
}

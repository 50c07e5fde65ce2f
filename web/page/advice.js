// What follows from the log, in the engine's words: fetched only where there is a log that it can follow from.

import { day } from "./format.js";
import { entries, numbered } from "./practised.js";
import { recall, remember } from "./store.js";

/** As the program says it. */
const NO_PROGRESS = "Some weeks have brought no less pain. Speak to your physician about changing what you practise.";

/** The log as the engine takes it, the oldest first; a line that is none is passed over. */
export function practised() {
  const score = (number) => (Number.isInteger(number) && number >= 0 && number <= 10 ? number : null);
  const second = (time) => (Date.parse(`1970-01-01T${time}Z`) || 0) / 1000;
  const lines = entries().map(({ date, time, routine, seconds, finished, before, after }) => ({
    day: numbered(date), second: second(time), routine, seconds: Math.min(seconds, 86400), finished: finished === true, before: score(before), after: score(after),
  }));
  const isLine = ({ day, routine, seconds }) => Number.isInteger(day) && typeof routine === "string" && seconds >= 0;
  return lines.filter(isLine).sort((one, other) => one.day - other.day || one.second - other.second);
}

/** What the engine says of the log. */
export async function asked({ engine }) {
  return (await engine.call("log", { today: numbered(day()), log: practised() })).ok;
}

/** Whether the next session is to say that weeks brought no less pain. It is said once. */
export async function learn(context) {
  context.choices.lacks = !recall("told", false) && (await asked(context).catch(() => null))?.lacking === true;
}

/** The words for the screen; they are said with this. */
export function tellNoProgress(choices) {
  remember("told", true);
  choices.lacks = false;
  return NO_PROGRESS;
}

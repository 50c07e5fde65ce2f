// What stands in the log, and what follows from it before a session begins.

import { day } from "./format.js";
import { recall } from "./store.js";

/** After so many sessions of a routine its safety words are one sentence; after so many days they are whole again: the program's rule. */
const HEARD_WHOLE = 3;
const PAUSE_DAYS = 14;

export function entries() {
  const kept = recall("log", []);
  return Array.isArray(kept) ? kept : [];
}

/** A day as the engine counts them: from 1970. */
export function numbered(date) {
  return Date.parse(`${date}T00:00Z`) / 864e5;
}

/** What the answer to "what is due" follows from: while this is the same, the answer is. */
export function situation({ programme }) {
  return JSON.stringify([day(), programme, entries().at(-1), entries().length]);
}

/** Whether somebody heard a routine's safety words often, and not long ago. The engine has the same rule, but a touch that begins a
 * session cannot wait for it; the tests hold the two to each other. */
export function isFamiliar(routine, today = numbered(day())) {
  const heard = entries().filter((entry) => entry.routine === routine && numbered(entry.date) <= today);
  const last = Math.max(...heard.map(({ date }) => numbered(date)));
  return heard.length >= HEARD_WHOLE && today - last < PAUSE_DAYS;
}

// What stands in the log, and what follows from it before a session begins.

import { recall } from "./store.js";

/** After so many sessions of a routine its safety words are one sentence; after so many days they are whole again: the program's rule. */
const HEARD_WHOLE = 3;
const PAUSE_DAYS = 14;

export function entries() {
  const kept = recall("log", []);
  return Array.isArray(kept) ? kept : [];
}

/** Whether somebody heard a routine's safety words often, and not long ago. */
export function isFamiliar(routine, today = new Date()) {
  const heard = entries().filter((entry) => entry.routine === routine);
  const last = heard.at(-1);
  return heard.length >= HEARD_WHOLE && (today - new Date(`${last.date}T00:00`)) / 864e5 < PAUSE_DAYS;
}

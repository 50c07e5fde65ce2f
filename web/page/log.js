// What was practised, kept on this phone only, and taken out as the table that `catcow log --csv` writes.

import { day, time } from "./format.js";
import { entries } from "./practised.js";
import { forget, remember } from "./store.js";

/** The columns, named as the program's own. */
const HEAD = ["date", "time", "routine", "seconds", "end", "pain_before", "pain_after", "note"];
/** Shorter than this it was a look, not a practice. */
const LEAST = 30;
/** So much more pain is told at once: the least that people call a change (Farrar and others, Pain 94, 2001). */
const MUCH = 2;

export const WORSE = "Your pain is worse than before. Stop these exercises for now, and speak to your physician.";

/** Writes a session down; its place in the log, or null. */
export function write({ routine, title, heard, isFinished, before }) {
  if (heard < LEAST) return null;
  const entry = { id: Date.now(), date: day(), time: time(), routine, title, seconds: Math.round(heard), finished: isFinished, before: before ?? null, after: null };
  remember("log", [...entries(), entry]);
  return entry.id;
}

/** The pain after a session. */
export function scoreAfter(id, after) {
  remember("log", entries().map((entry) => (entry.id === id ? { ...entry, after } : entry)));
}

export function remove(id) {
  remember("log", entries().filter((entry) => entry.id !== id));
}

export function clear() {
  forget("log");
  forget("told");
}

export function isWorse(before, after) {
  return Number.isInteger(before) && Number.isInteger(after) && after - before >= MUCH;
}

/** RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe, which makes it a text. */
function quoted(value) {
  const field = String(value ?? "").replace(/[\u0000-\u001f\u007f]/g, " ");
  const text = /^[=+\-@]/.test(field) ? `'${field}` : field;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(list = entries()) {
  const row = (entry) => [entry.date, entry.time, entry.routine, entry.seconds, entry.finished ? "finished" : "ended", entry.before, entry.after, ""];
  return [HEAD, ...list.map(row)].map((fields) => fields.map(quoted).join(",") + "\r\n").join("");
}

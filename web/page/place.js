// The place of a session that was left unfinished: offered at the next visit, also where the phone has thrown the page away meanwhile.

import { forget, recall } from "./store.js";

/** The session that was left unfinished, if any: `{ wishes, changes, at, left, title, language, heard, before }`. */
export function unfinished() {
  const place = recall("place", null);
  return place && place.wishes && place.at >= 0 && place.left > 0 ? place : null;
}

/** What was left is not gone on with: what was heard of it goes into the log. */
export async function letGo() {
  const place = unfinished();
  forget("place");
  const { write } = await import("./log.js");
  if (place) write({ ...place, routine: nameOf(place), isFinished: false });
}

/** The routine of a session. */
export function nameOf({ wishes, routine }) {
  return routine ?? wishes.routine ?? "composed";
}

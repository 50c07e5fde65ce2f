// Times and days, as they are read.

/** 7:42, or 1:07:42. */
export function clock(seconds) {
  const all = Math.max(0, Math.round(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** "12 minutes", or "4 minutes 44 seconds". */
export function spoken(seconds) {
  const all = Math.round(seconds);
  const [minutes, rest] = [Math.floor(all / 60), all % 60];
  const some = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return [minutes && some(minutes, "minute"), rest && some(rest, "second")].filter(Boolean).join(" ") || "0 seconds";
}

/** "5 to 60 min": the whole minutes that can be had. */
export function range(shortest, longest) {
  const [from, to] = [Math.ceil(shortest / 60), Math.floor(longest / 60)];
  return from < to ? `${from} to ${to} min` : `${clock(longest)} min`;
}

/** Where a slider stops: the shortest, every whole minute between, the longest. */
export function stops(shortest, longest) {
  const minutes = [];
  for (let minute = Math.floor(shortest / 60) + 1; minute * 60 < longest; minute += 1) minutes.push(minute * 60);
  return shortest < longest ? [shortest, ...minutes, longest] : [shortest];
}

/** The day here, as 2026-11-27. */
export function day(date = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time here, as 07:05. */
export function time(date = new Date()) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** What the engine refuses, as sentences: it speaks as the program does at a terminal, with a code before and a frame around. */
export function plain(message) {
  const lines = message.split("\n").map((line) => line.replace(/^\s*(error|warning)(\[[\w-]+\])?:\s*/, "").replace(/^[\s|=]*(help:|note:)?\s*/, "").trim());
  return lines.filter(Boolean).map((line) => line.charAt(0).toUpperCase() + line.slice(1).replace(/([^.!?:])$/, "$1."));
}

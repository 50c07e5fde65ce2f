// What was practised: to look at, to take out as a file, to clear.

import { el, words } from "./dom.js";
import { download } from "./file.js";
import { clock } from "./format.js";
import { clear, csv } from "./log.js";
import { entries } from "./practised.js";

/** Rows that are shown; the file has all of them. */
const MOST = 100;

export function history(again) {
  const list = entries();
  const sure = el("button", { type: "button", class: "plain", hidden: true, onclick: () => {
    clear();
    again();
  } }, "Yes, clear all of it");
  const shown = list.slice(-MOST).reverse();
  return el("section", { class: "narrow" },
    el("a", { class: "up", href: "#" }, "Back"),
    el("h1", { tabindex: "-1" }, "What you practised"),
    el("p", { class: "soft" }, "Kept on this phone only; nothing is sent anywhere."),
    list.length === 0 ? el("p", {}, "Nothing yet.") : [
      el("ul", { class: "entries" }, shown.map(row)),
      el("button", { type: "button", class: "second", onclick: () => download("catcow-log.csv", "text/csv", csv()) }, "Take it out as a file (.csv)"),
      el("button", { type: "button", class: "plain", onclick: () => {
        sure.hidden = false;
        sure.focus();
      } }, "Clear"),
      sure]);
}

function row({ date, time, title, routine, seconds, finished, before, after }) {
  const score = (number) => number ?? "–";
  const pain = before === null && after === null ? "" : `pain ${score(before)} → ${score(after)}`;
  const about = [clock(seconds), finished ? "" : "ended early", pain].filter(Boolean).join(" · ");
  return el("li", {}, el("time", { datetime: `${date}T${time}` }, `${date} ${time}`), words("b", title ?? routine, ""), el("span", {}, about));
}

// What was practised: to look at, to take out as a file, to clear.

import { el, words } from "./dom.js";
import { download } from "./file.js";
import { clock } from "./format.js";
import { clear, csv } from "./log.js";
import { entries } from "./practised.js";
import { recall } from "./store.js";

/** Rows that are shown; the file has all of them. */
const MOST = 100;

export function history(context, again) {
  const list = entries();
  const sure = el("button", { type: "button", class: "plain", hidden: true, onclick: () => {
    clear();
    context.choices.lacks = false;
    again();
  } }, "Yes, clear all of it");
  const number = `${list.length} session${list.length === 1 ? "" : "s"} in all.`;
  const sum = el("p", {}, number);
  const advice = el("p", { class: "note", role: "status" });
  if (list.length) {
    import("./advice.js").then(async ({ asked, tellNoProgress }) => {
      const { days, lacking } = await asked(context);
      // A day alone is no row, and none is nothing to be told of.
      if (days > 1) sum.textContent = `${days} days in a row, ${number}`;
      if (lacking && !recall("told", false)) advice.textContent = tellNoProgress(context.choices);
    }).catch(() => {});
  }
  const shown = list.slice(-MOST).reverse();
  return el("section", { class: "narrow" },
    el("a", { class: "up", href: "#" }, "Back"),
    el("h1", { tabindex: "-1" }, "What you practised"),
    el("p", { class: "soft" }, "Kept on this phone only; nothing is sent anywhere."),
    list.length === 0 ? el("p", {}, "Nothing yet.") : [
      sum, advice,
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

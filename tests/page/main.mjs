// Tries a site in browsers; tests/page.sh says how.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, webkit } from "./browsers.mjs";
import { changing } from "./changing.mjs";
import { kept } from "./kept.mjs";
import { playing } from "./playing.mjs";
import { quick } from "./quick.mjs";
import { practices, screens } from "./screens.mjs";
import { Report } from "./tap.mjs";
import { trouble } from "./trouble.mjs";
import { weeks } from "./weeks.mjs";

const { SITE, CATCOW, AXE, OUT, FULL } = process.env;
for (const [name, path] of Object.entries({ SITE: SITE && join(SITE, "index.html"), CATCOW, AXE })) {
    if (!path || !existsSync(path)) {
        console.error(`${name} has to name what is there, found ${path}: begin the tests by \`sh tests/page.sh\``);
        process.exit(2);
    }
}
const args = process.argv.slice(2);
const which = ["chromium", "webkit"].includes(args[0]) ? args.shift() : "both";
/** What is tried in which browser, in this order; the arguments may name some, with commas. */
const GROUPS = {
    practices: { chromium: practices },
    playing: { chromium: playing, webkit: playing },
    changing: { chromium: changing, webkit: changing },
    trouble: { chromium: trouble, webkit: trouble },
    kept: { chromium: kept, webkit: kept },
    weeks: { chromium: weeks, webkit: weeks },
    screens: { chromium: (report, browser) => screens(report, browser, SITE, AXE) },
    quick: { chromium: quick, webkit: quick },
};
const named = (args[0] ?? "").split(",");
const groups = named.every(name => name in GROUPS) ? (args.shift(), named) : Object.keys(GROUPS);
const report = new Report(OUT ?? "target/page-tests", args[0]);
const begun = Date.now();

async function inBrowser(start, bodies, options) {
    if (bodies.length === 0) return;
    const browser = await start(options);
    console.log(`# ${browser.version}`);
    try {
        for (const body of bodies) await body(report, browser, SITE, { full: Boolean(FULL) });
    } finally {
        await browser.finish();
    }
}

for (const [name, start] of Object.entries({ chromium, webkit })) {
    if (which === name || which === "both") await inBrowser(start, groups.map(group => GROUPS[group][name]).filter(Boolean));
}
// People who read badly set their browser to twice the usual size.
if (which !== "webkit" && groups.includes("screens")) {
    await inBrowser(chromium, [(_, browser) => screens(report, browser, SITE, AXE, { text: 2 })], { fontSize: 32 });
}
console.log(`# ${Math.round((Date.now() - begun) / 1000)} s`);
process.exit(report.end());

// The screens: looked at by rules, and kept as pictures for people to look at.
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "./tap.mjs";
import { Page, probed } from "./page.mjs";
import { picture } from "./picture.mjs";
import { scratch, siteOf } from "./program.mjs";

const SIZES = { phone: [360, 780], tablet: [820, 1180] };
/** The narrowest that a page is held to (1280 px at 400 %), small and old phones, and one that lies on its side. */
const ODD = [[320, 256], [320, 568], [360, 640], [780, 360]];
const ROUTINE = "gentle-back";

/** To another view of a page that is there: nothing is loaded anew. */
const to = (page, hash) => page.browser.open(`${page.host.address}#${hash}`);

/** To a routine, and to a pose in it, or until a breath is seen. */
async function play(page, routine, pose = null) {
    await to(page, `routine/${routine}`);
    await page.ready();
    await page.calm();
    await page.begin();
    await page.sounds();
    const place = await page.browser.run(pose => {
        const { breaths, chapters, rate } = window.probe.plan;
        const part = pose ? chapters.find(({ title }) => title === pose) : breaths.filter(({ part }) => part === "in")[3];
        return (part.start + part.frames * 0.6) / rate;
    }, pose);
    await page.go(place);
    await page.sounds(place + 0.1);
}

/** What a person sees one after the other; each leads from the one before. */
const SCREENS = {
    choose: async page => {
        await page.home();
        await page.browser.until("the session for today", () => document.querySelector(".today .picture svg") !== null);
        await page.calm();
    },
    today: async ({ browser }) => {
        await browser.run(() => document.querySelector(".chips .more")?.click());
        await browser.run(() => document.querySelectorAll(".home details").forEach(folded => (folded.open = true)));
    },
    detail: async page => {
        await page.choose(ROUTINE);
        await page.calm();
    },
    "detail-unfolded": ({ browser }) => browser.run(() => document.querySelectorAll("details").forEach(folded => (folded.open = true))),
    sound: page => to(page, "sound"),
    playing: page => play(page, ROUTINE),
    paused: async ({ browser }) => {
        await browser.click(".play .big");
        await browser.until("a pause", () => window.probe.element.paused);
    },
    sheet: async ({ browser }) => {
        await browser.click(".play .ends button:first-child");
        await browser.until("the sheet", () => document.querySelector("dialog[open]") !== null);
    },
    end: async page => {
        await page.browser.click("dialog.sheet .plain");
        await page.done();
    },
    "go-on": async page => {
        await page.browser.click(".end .second");
        await page.sounds();
        await to(page, "");
        await page.browser.until("what was left", () => document.querySelector(".ways .today .go") !== null);
    },
    log: page => to(page, "log"),
    weeks: page => to(page, "weeks"),
    "weeks-due": async ({ browser }) => {
        // The last of the list, begun or begun anew.
        await browser.run(() => [...document.querySelectorAll("main li .second")].at(-1).click());
        await browser.until("what is due", () => document.querySelector("[aria-label='Your programme'] .go:not(:disabled)"));
    },
    "weeks-rest": async page => {
        await page.browser.run(() => {
            const date = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
            localStorage.setItem("catcow.log", JSON.stringify([{ id: 3, date, time: "07:05", routine: "lying-down", title: "Lying down", seconds: 700, finished: true, before: 3, after: 5 }]));
        });
        await page.browser.open("about:blank");
        await page.home();
        await page.browser.until("a rest", () => document.querySelector("[aria-label='Your programme'] .second:not(:disabled)"));
        await page.browser.run(() => localStorage.removeItem("catcow.choices"));
    },
};

const kept = JSON.stringify([
    { id: 1, date: "2026-11-20", time: "07:05", routine: "morning", title: "Morning", seconds: 399, finished: true, before: 5, after: 3 },
    { id: 2, date: "2026-11-21", time: "21:40", routine: "lying-down", title: "Lying down", seconds: 700, finished: false, before: null, after: null },
]);

async function shape(browser, [width, height], dark, still = false) {
    await browser.cdp("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: true });
    await browser.cdp("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }, { name: "prefers-reduced-motion", value: still ? "reduce" : "no-preference" }],
    });
}

async function unshape(browser) {
    await browser.cdp("Emulation.clearDeviceMetricsOverride");
    await browser.cdp("Emulation.setEmulatedMedia", { features: [] });
}

/** What is seen at once, and, if it is wanted, all of a page that is longer. */
async function shoot(browser, path, isWhole = true) {
    const { cssContentSize } = await browser.cdp("Page.getLayoutMetrics");
    const seen = await browser.cdp("Page.captureScreenshot", { format: "png" });
    writeFileSync(`${path}.png`, Buffer.from(seen.data, "base64"));
    const height = await browser.run(() => innerHeight);
    if (!isWhole || cssContentSize.height <= height + 1) return;
    const all = await browser.cdp("Page.captureScreenshot", {
        format: "png", captureBeyondViewport: true, clip: { x: 0, y: 0, width: cssContentSize.width, height: Math.min(cssContentSize.height, 6000), scale: 1 },
    });
    writeFileSync(`${path}-all.png`, Buffer.from(all.data, "base64"));
}

/** What axe cannot say of a page that it is told to look at. */
function mistakes() {
    const found = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 1) found.push(`wider than the screen by ${wide} px`);
    const shown = element => element.checkVisibility?.({ visibilityProperty: true }) ?? true;
    for (const element of document.querySelectorAll("main *, dialog *")) {
        if (!shown(element) || element.closest("svg")) continue;
        const box = element.getBoundingClientRect();
        const name = `${element.tagName.toLowerCase()}${element.className ? `.${String(element.className).replace(/ /g, ".")}` : ""} "${element.textContent.trim().slice(0, 30)}"`;
        const clipped = getComputedStyle(element).overflowX !== "visible" ? false : element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0 && getComputedStyle(element).display !== "inline";
        if (clipped && element.children.length === 0) found.push(`text runs out of ${name}`);
        // WCAG 2.5.8 asks for 24; a thumb for 44.
        const target = element.matches("button, a[href], input[type=range], summary");
        if (target && box.width > 0 && (box.height < 43.5 || box.width < 43.5) && !element.closest("p")) found.push(`${name} is ${Math.round(box.width)} × ${Math.round(box.height)}, less than 44 px`);
    }
    for (const image of document.images) {
        const { naturalWidth, naturalHeight, width, height } = image;
        if (naturalWidth && Math.abs(naturalWidth / naturalHeight - width / height) > 0.05) found.push(`a picture out of proportion: ${image.src}`);
    }
    return found;
}

/** What of the pose, the time left and the pause button is not seen, as it is, without scrolling. */
function unseen() {
    scrollTo(0, 0);
    return ["left", "pose", "big"].filter(name => {
        const part = document.querySelector(`.play .${name}`);
        const box = part.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return !(box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0 && box.right <= innerWidth + 1 && box.width > 0 && part.contains(top));
    }).map(name => `${name} is not in sight`);
}

/** What a screen reader reads, in its order. */
async function read(browser) {
    const { nodes } = await browser.cdp("Accessibility.getFullAXTree");
    const by = new Map(nodes.map(node => [node.nodeId, node]));
    const inOrder = node => [node, ...["button", "timer"].includes(node.role?.value) ? [] : (node.childIds ?? []).flatMap(id => (by.has(id) ? inOrder(by.get(id)) : []))];
    return inOrder(nodes[0]).filter(({ ignored, role }) => !ignored && !["none", "generic", "InlineTextBox", "RootWebArea"].includes(role?.value))
        .map(({ role, name, properties }) => ({ role: role.value, name: name?.value ?? "", focused: properties?.some(one => one.name === "focused" && one.value.value) ?? false }));
}

/** Titles and poses that are long, run the other way, or would do harm as markup. */
const TONGUES = {
    german: { language: "de", title: "Wirbelsäulenmobilisationsübungen für Rückenschmerzgeplagte", pose: "Schulterblattmuskulaturentspannung" },
    arabic: { language: "ar", title: "تمرين لطيف للظهر قبل النوم", pose: "دوران الظهر" },
    hebrew: { language: "he", title: "גב רך & <b>12</b> דקות", pose: "קשת & <i>גלגול</i>" },
};

/** A site of a routine in each of these, whose pose has its name from a voice of its own. */
let made = null;
function tongues(site) {
    if (made) return made;
    const folder = scratch("tongues");
    const files = Object.entries(TONGUES).map(([name, { language, title, pose }]) => {
        const path = join(folder, `${name}.toml`);
        mkdirSync(join(folder, "own", `pose-${name}`), { recursive: true });
        copyFileSync(join(site, "files/voice_clips/ada/rest/name.opus"), join(folder, "own", `pose-${name}`, "name.opus"));
        const text = [title, title, language, pose].map(one => JSON.stringify(one));
        writeFileSync(path, `title = ${text[0]}\nsummary = ${text[1]}\nlanguage = ${text[2]}\n[[steps]]\nsay = ["safety/physician", "safety/stop"]\n[[steps]]\npose = "pose-${name}"\n[[steps]]\npose = "cat-cow"\n[poses.pose-${name}]\nname = ${text[3]}\nposition = "supine"\nsides = ["right", "left"]\nhold = "1m..3m"\n`);
        return path;
    });
    made = siteOf("tongues-site", ...files, "--voice", `${join(folder, "own")},ada`);
    // The page that is tried may be newer than the program.
    for (const file of JSON.parse(readFileSync(join(made, "site.json"), "utf8")).page) if (!["sw.js", "files.json"].includes(file)) copyFileSync(join(site, file), join(made, file));
    return made;
}

export async function screens(report, browser, site, axe, { text = 1 } = {}) {
    const rules = readFileSync(axe, "utf8");
    const host = await probed(site);
    const page = new Page(browser, host);
    const large = text > 1 ? "-large" : "";
    const size = text > 1 ? `, text of ${text * 100} %` : "";
    for (const [device, measures] of Object.entries(SIZES)) {
        await report.test(browser, `every screen, ${device}, light and dark${size}: axe finds nothing, and nothing is cut off`, async () => {
            await shape(browser, measures, false);
            await browser.open(host.address);
            await browser.run(kept => localStorage.setItem("catcow.log", kept), kept);
            const found = [];
            for (const [name, go] of Object.entries(SCREENS)) {
                await go(page);
                for (const dark of [false, true]) {
                    // What plays is dark whatever the phone's theme.
                    if (dark && (await browser.run(() => document.documentElement.classList.contains("dark")))) continue;
                    await shape(browser, measures, dark);
                    await sleep(100);
                    await shoot(browser, join(report.folder, "shots", `${name}-${device}-${dark ? "dark" : "light"}${large}`), !dark || text === 1);
                    // Colours do not depend on a size.
                    if (dark && (text > 1 || device !== "phone")) continue;
                    await browser.run(rules);
                    const { violations } = await browser.later(() => window.axe.run(document, { resultTypes: ["violations"] }));
                    for (const { id, help, nodes } of violations) found.push(`${name}: axe ${id}: ${help}: ${nodes.map(node => `${node.target} ${node.any.concat(node.all).map(one => one.message).join("; ").slice(0, 200)}`).join(" | ").slice(0, 600)}`);
                }
                for (const mistake of await browser.run(mistakes)) found.push(`${name}: ${mistake}`);
                if (name === "playing") for (const lost of await browser.run(unseen)) found.push(`${name}: ${lost}`);
            }
            expect("nothing", found.length === 0, `\n${found.join("\n")}`);
        });
    }
    await report.test(browser, `on the narrowest screen and on its side, nothing scrolls sideways, and pose, time left and pause are in sight${size}`, async () => {
        const found = [];
        for (const name of ["choose", "detail-unfolded", "sound", "playing", "sheet", "log"]) {
            await shape(browser, SIZES.phone, false);
            if (name.startsWith("detail")) await SCREENS.detail(page);
            await SCREENS[name](page);
            for (const [width, height] of ODD) {
                await shape(browser, [width, height], false);
                await sleep(60);
                const odd = (await browser.run(mistakes)).concat(name === "playing" ? await browser.run(unseen) : []);
                for (const mistake of odd) found.push(`${name}, ${width} × ${height}: ${mistake}`);
                if (name === "playing") await shoot(browser, join(report.folder, "shots", `${name}-${width}x${height}${large}`));
            }
            if (name === "sheet") await browser.click("dialog.sheet .plain");
        }
        expect("nothing", found.length === 0, `\n${found.join("\n")}`);
    });
    const other = await probed(tongues(site));
    await report.test(browser, `German, Arabic and Hebrew titles and poses are whole, in their direction, and never markup${size}`, async () => {
        await shape(browser, SIZES.phone, false);
        const there = new Page(browser, other);
        await there.home();
        await shoot(browser, join(report.folder, "shots", `tongues${large}`));
        const found = await browser.run(mistakes);
        for (const [name, { title, pose, language }] of Object.entries(TONGUES)) {
            const direction = language === "de" ? "ltr" : "rtl";
            await play(there, name, pose);
            await browser.until("its pose", pose => document.querySelector(".play .pose").textContent === pose, { args: [pose] });
            await shoot(browser, join(report.folder, "shots", `playing-${name}${large}`));
            const seen = await browser.run(() => {
                const shown = document.querySelector(".play .pose");
                const { title, album } = navigator.mediaSession.metadata;
                return { direction: getComputedStyle(shown).direction, lang: shown.lang, title, album, tab: document.title, markup: document.querySelectorAll("main b:not(:empty), main i:not(:has(b))").length - document.querySelectorAll(".steps i").length };
            });
            expect(`${name} as it is written`, seen.direction === direction && seen.lang === language && seen.title === pose && seen.album === title && seen.tab === `${pose} – ${title}` && seen.markup === 0, seen);
            const lost = (await browser.run(mistakes)).concat(await browser.run(unseen));
            await browser.click(".play .ends button:first-child");
            await sleep(60);
            lost.push(...await browser.run(mistakes));
            await shoot(browser, join(report.folder, "shots", `sheet-${name}${large}`));
            await browser.click("dialog.sheet .plain");
            await there.done();
            await shoot(browser, join(report.folder, "shots", `end-${name}${large}`));
            lost.push(...await browser.run(mistakes));
            found.push(...lost.map(mistake => `${name}: ${mistake}`));
        }
        expect("nothing", found.length === 0, `\n${found.join("\n")}`);
    }, () => browser.open("about:blank"));
    await other.end();
    if (text === 1) {
        await report.test(browser, "a screen reader is told the time left in words, the pose and the buttons, and nothing that is over before it is said", async () => {
            await shape(browser, SIZES.phone, false);
            await page.home();
            await SCREENS.playing(page);
            const playing = await read(browser);
            const names = playing.map(({ role, name }) => `${role} ${name}`);
            expect("the time left in words", playing.some(({ role, name }) => role === "timer" && /^\d+ minutes \d+ seconds left$/.test(name)), names);
            const order = ["timer", "StaticText next", "heading Cat/Cow", "button Previous pose", "button Pause", "button Next pose", "button Longer", "button Let go", "button Less talk", "button Poses, save …", "button Done"];
            const places = order.map(part => names.findIndex(name => name.startsWith(part)));
            expect("all of it, in this order", places.every((place, at) => place >= 0 && (at === 0 || place > places[at - 1])), names);
            expect("no breath", !names.some(name => /^StaticText (in|out|hold)$/.test(name)), names);
            const live = await browser.run(() => document.querySelectorAll(".play [aria-live], .play [role=status], .play [role=alert]:not([hidden])").length);
            expect("nothing that speaks by itself", live === 0, live);
            await SCREENS.sheet(page);
            const sheet = await read(browser);
            const at = sheet.find(({ focused }) => focused);
            expect("the sheet begins at the pose that is heard, and its time in words", at?.name === "Cat/Cow at 56 seconds" && sheet[0].role === "dialog", sheet);
        });
        await report.test(browser, "where motion is unwelcome, the breath is a bar and a word, and nothing else moves", async () => {
            await shape(browser, SIZES.phone, true, true);
            await page.home();
            await SCREENS.playing(page);
            const moving = await browser.run(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
            expect("no animation", moving === 0, moving);
            const { steps, disc } = await browser.run(() => ({ steps: document.querySelector(".breath .steps").checkVisibility(), disc: document.querySelector(".breath svg").checkVisibility() }));
            expect("the bar in place of the disc", steps && !disc, { steps, disc });
            await shoot(browser, join(report.folder, "shots", "playing-phone-dark-still"));
        });
    }
    if (text === 1 && process.env.PICTURE) {
        await report.test(browser, "the README's picture shows the page as it is", async () => {
            const choose = async () => {
                await page.home();
                await browser.run(() => {
                    localStorage.clear();
                    [...document.querySelectorAll(".chip")].find(chip => chip.textContent === "Lying down").click();
                });
                await browser.until("a session lying down", () => document.querySelector(".today h2").textContent.includes("lying down") && document.querySelector(".today .picture svg"));
                await page.calm();
            };
            await picture(browser, process.env.PICTURE, [[false, choose], [true, () => play(page, ROUTINE)]]);
            expect("less than 80 kB", statSync(process.env.PICTURE).size < 80_000, statSync(process.env.PICTURE).size);
        });
    }
    await unshape(browser);
    await host.end();
}

/** Rules that Lighthouse calls best practices, on a page without the tests' probe. */
export async function practices(report, browser, site) {
    const { Host } = await import("./host.mjs");
    const host = await new Host(site).begin();
    await report.test(browser, "the first view is under 60 kB without the engine, and nothing is asked of anybody else", async () => {
        await browser.cdp("Network.enable");
        await browser.console();
        await browser.open(host.address);
        await browser.until("the first screen", () => document.querySelector(".cards .card") !== null);
        await sleep(1500);
        const { asked } = host.sent();
        const engine = ({ path }) => path === "engine.wasm" || path.startsWith("files/");
        const view = asked.filter(one => !engine(one));
        // A service worker fetches again past the cache, which costs a confirmation at most on a host that knows it.
        const once = new Map(view.map(one => [one.path, one]));
        const bytes = [...once.values()].reduce((sum, one) => sum + one.bytes, 0);
        report.measure("first view, bytes without the engine", bytes);
        report.measure("engine.wasm, bytes gzipped", asked.find(({ path }) => path === "engine.wasm")?.bytes ?? 0);
        report.measure("first view, by file", Object.fromEntries([...once.values()].map(({ path, bytes }) => [path || "index.html", bytes])));
        expect("under 60 kB", bytes < 60_000, bytes);
        const lost = asked.filter(({ status }) => status >= 400);
        expect("everything that is asked for to be there", lost.length === 0, lost);
        const others = await browser.run(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin).filter(origin => origin !== location.origin));
        expect("no other address", others.length === 0, others);
        expect("a quiet console", true);
    });
    await report.test(browser, "best practices: doctype, encoding, language, a quiet console, no deprecated call", async () => {
        const seen = await browser.run(() => ({
            mode: document.compatMode, charset: document.characterSet, lang: document.documentElement.lang, title: document.title,
            viewport: document.querySelector("meta[name=viewport]")?.content, description: document.querySelector("meta[name=description]")?.content,
            zoom: /user-scalable=no|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content),
            manifest: document.querySelector("link[rel=manifest]")?.href, styles: document.querySelectorAll("[onclick], [onload]").length,
        }));
        expect("standards mode, UTF-8, a language, a title, a description, and a page that can be zoomed", seen.mode === "CSS1Compat" && seen.charset === "UTF-8" && seen.lang && seen.title && seen.viewport && seen.description && !seen.zoom && seen.styles === 0, seen);
        const said = (await browser.console()).filter(({ level }) => level === "SEVERE" || level === "WARNING");
        expect("a quiet console", said.length === 0, said);
        // What else Lighthouse looks for.
        const more = await browser.later(async () => {
            const shifts = await new Promise(done => {
                new PerformanceObserver(list => done(list.getEntries())).observe({ type: "layout-shift", buffered: true });
                setTimeout(() => done([]), 300);
            });
            const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content ?? "";
            const links = [...document.querySelectorAll("a")].filter(link => !link.getAttribute("href") || /^(here|more|click here|this)?$/i.test((link.getAttribute("aria-label") ?? link.textContent).trim())).map(link => link.outerHTML);
            const small = [...document.querySelectorAll("body *")].filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && parseFloat(getComputedStyle(element).fontSize) < 12).map(element => element.textContent);
            return { shift: shifts.filter(one => !one.hadRecentInput).reduce((sum, { value }) => sum + value, 0), policy, links, small, hidden: document.querySelector("meta[name=robots]")?.content ?? null };
        });
        report.measure("first view, layout shift", Number(more.shift.toFixed(4)));
        expect("a view that does not jump (0.1)", more.shift < 0.1, more.shift);
        expect("a policy that lets no script in", /script-src 'self'/.test(more.policy) && !/unsafe-inline|unsafe-eval'/.test(more.policy.replace("'wasm-unsafe-eval'", "")), more.policy);
        expect("links that lead somewhere and say where", more.links.length === 0, more.links);
        expect("no text below 12 px", more.small.length === 0, more.small);
        expect("a page that may be found", more.hidden === null, more.hidden);
        const manifest = await (await fetch(seen.manifest)).json();
        for (const key of ["name", "short_name", "start_url", "display", "icons", "theme_color", "background_color"]) expect(`${key} in the manifest`, manifest[key] !== undefined, manifest);
        const sizes = manifest.icons.flatMap(({ sizes }) => (sizes ?? "").split(" "));
        expect("icons of 192 and 512", sizes.includes("192x192") && sizes.includes("512x512"), sizes);
        for (const { src } of manifest.icons) expect(`the icon ${src}`, (await fetch(new URL(src, seen.manifest))).ok);
    });
    await host.end();
}

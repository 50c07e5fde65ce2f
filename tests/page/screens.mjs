// The screens: looked at by rules, and kept as pictures for people to look at.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "./tap.mjs";
import { Page, probed } from "./page.mjs";

const SIZES = { phone: [360, 780], tablet: [820, 1180] };
const ROUTINE = "gentle-back";

/** What a person sees one after the other; each leads from the one before. */
const SCREENS = {
    choose: page => page.home(),
    today: async ({ browser }) => {
        await browser.run(() => document.querySelector(".chips .more")?.click());
        await browser.run(() => document.querySelectorAll(".home details").forEach(folded => (folded.open = true)));
    },
    detail: async page => {
        await page.home();
        await page.choose(ROUTINE);
    },
    "detail-unfolded": ({ browser }) => browser.run(() => document.querySelectorAll("details").forEach(folded => (folded.open = true))),
    sound: page => page.home("#sound"),
    playing: async page => {
        await page.home();
        await page.choose(ROUTINE);
        await page.begin();
        await page.sounds();
        const place = await page.browser.run(() => {
            const { breaths, rate } = window.probe.plan;
            const full = breaths.filter(({ part }) => part === "in")[3] ?? breaths[0];
            return (full.start + full.frames * 0.6) / rate;
        });
        await page.go(place);
        await page.sounds(place + 0.1);
    },
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
        await page.home();
    },
    log: page => page.home("#log"),
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

/** What is seen at once, and all of a page that is longer. */
async function shoot(browser, path) {
    const { cssContentSize } = await browser.cdp("Page.getLayoutMetrics");
    const seen = await browser.cdp("Page.captureScreenshot", { format: "png" });
    writeFileSync(`${path}.png`, Buffer.from(seen.data, "base64"));
    const height = await browser.run(() => innerHeight);
    if (cssContentSize.height <= height + 1) return;
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

export async function screens(report, browser, site, axe, { text = 1 } = {}) {
    const rules = readFileSync(axe, "utf8");
    const host = await probed(site);
    const page = new Page(browser, host);
    const large = text > 1 ? "-large" : "";
    for (const [size, measures] of Object.entries(SIZES)) {
        for (const dark of [false, true]) {
            const light = dark ? "dark" : "light";
            await report.test(browser, `every screen, ${size}, ${light}${text > 1 ? `, text of ${text * 100} %` : ""}: axe finds nothing, and nothing is cut off`, async () => {
                await shape(browser, measures, dark);
                await browser.open(host.address);
                await browser.run(kept => localStorage.setItem("catcow.log", kept), kept);
                const found = [];
                for (const [name, go] of Object.entries(SCREENS)) {
                    await go(page);
                    await sleep(150);
                    await shoot(browser, join(report.folder, "shots", `${name}-${size}-${light}${large}`));
                    await browser.run(rules);
                    const { violations } = await browser.later(() => window.axe.run(document, { resultTypes: ["violations"] }));
                    for (const { id, help, nodes } of violations) found.push(`${name}: axe ${id}: ${help}: ${nodes.map(node => `${node.target} ${node.any.concat(node.all).map(one => one.message).join("; ").slice(0, 200)}`).join(" | ").slice(0, 600)}`);
                    for (const mistake of await browser.run(mistakes)) found.push(`${name}: ${mistake}`);
                }
                expect("nothing", found.length === 0, `\n${found.join("\n")}`);
            });
        }
    }
    if (text === 1) {
        await report.test(browser, "where motion is unwelcome, the breath is a bar and a word, and nothing else moves", async () => {
            await shape(browser, SIZES.phone, true, true);
            await SCREENS.playing(page);
            const moving = await browser.run(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
            expect("no animation", moving === 0, moving);
            const { steps, disc } = await browser.run(() => ({ steps: document.querySelector(".breath .steps").checkVisibility(), disc: document.querySelector(".breath svg").checkVisibility() }));
            expect("the bar in place of the disc", steps && !disc, { steps, disc });
            await shoot(browser, join(report.folder, "shots", "playing-phone-dark-still"));
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
        const manifest = await (await fetch(seen.manifest)).json();
        for (const key of ["name", "short_name", "start_url", "display", "icons", "theme_color", "background_color"]) expect(`${key} in the manifest`, manifest[key] !== undefined, manifest);
        const sizes = manifest.icons.flatMap(({ sizes }) => (sizes ?? "").split(" "));
        expect("icons of 192 and 512", sizes.includes("192x192") && sizes.includes("512x512"), sizes);
        for (const { src } of manifest.icons) expect(`the icon ${src}`, (await fetch(new URL(src, seen.manifest))).ok);
    });
    await host.end();
}

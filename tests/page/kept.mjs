// What is kept on the phone: the page without a connection, and a new version at the next start.
import { expect } from "./tap.mjs";
import { Page, probed } from "./page.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROUTINE = "desk-break";

export async function kept(report, browser, site) {
    const host = await probed(site);
    const page = new Page(browser, host);
    const keepsAll = () => browser.later(async () => {
        const { active } = await navigator.serviceWorker.ready;
        if (!active || !navigator.serviceWorker.controller) return false;
        const [name] = await caches.keys();
        const keys = await (await caches.open(name)).keys();
        const files = await (await fetch("files.json")).json();
        const voice = files.filter(([path]) => path.startsWith("voice_clips/ada/")).length;
        return keys.filter(({ url }) => url.includes("/files/voice_clips/ada/")).length >= voice && keys.length;
    });

    await report.test(browser, "after the first visit and one session, it opens and plays without a connection", async () => {
        await page.play(ROUTINE);
        await page.filled(120_000);
        const end = Date.now() + 120_000;
        let files;
        while (!(files = await keepsAll())) expect("the voice that is used to be kept within two minutes", Date.now() < end);
        report.measure(`${browser.name}: files kept on the phone`, files);
        host.off = true;
        // The probe is the tests' own, which the page's worker does not keep.
        await page.home();
        const asked = host.asked.length;
        await page.choose(ROUTINE);
        await page.begin();
        await browser.until("it sounds without a connection", () => {
            const element = document.querySelector("audio");
            return element && !element.paused && element.currentTime > 0.5;
        });
        await page.home();
        await page.choose("morning");
        await page.begin();
        await browser.until("another routine by the same voice, too", () => document.querySelector("audio")?.currentTime > 0.5);
        report.measure(`${browser.name}: requests without a connection that came to nothing`, host.asked.slice(asked).map(({ path }) => path));
        host.off = false;
    });

    await report.test(browser, "a new version comes at the next start, and never in the middle of a session", async () => {
        const old = readFileSync(join(site, "sw.js"), "utf8");
        host.changed["sw.js"] = old.replace(/const VERSION = "[^"]*"/, 'const VERSION = "the next one"');
        host.changed["index.html"] = host.changed["index.html"].replace("<body>", '<body data-version="next">');
        expect("a version in sw.js", host.changed["sw.js"] !== old);
        await page.home();
        await page.choose(ROUTINE);
        await page.begin();
        await browser.until("it sounds", () => document.querySelector("audio")?.currentTime > 0.5);
        await browser.later(async () => void (await (await navigator.serviceWorker.getRegistration()).update()));
        await browser.until("the new version waits", async () => undefined ?? true);
        const waits = await browser.later(async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            for (let turn = 0; turn < 600 && !registration.waiting; turn++) await new Promise(done => setTimeout(done, 100));
            return Boolean(registration.waiting);
        });
        expect("the new version to wait", waits);
        const before = await browser.run(() => [document.querySelector("audio").currentTime, document.body.dataset.version ?? "old"]);
        await browser.until("it plays on", time => document.querySelector("audio").currentTime > time + 0.5, { args: [before[0]] });
        expect("the old page in the middle", before[1] === "old", before);
        // The page is closed, and opened again.
        await browser.open("about:blank");
        let version;
        for (let turn = 0; turn < 40 && version !== "next"; turn++) {
            await page.home();
            version = await browser.run(() => document.body.dataset.version ?? "old");
            if (version !== "next") await browser.open("about:blank");
        }
        expect("the new page at a next start", version === "next", version);
    });
    await browser.open("about:blank");
    await host.end();
    if (browser.name === "chromium") await full(report, browser, site);
}

/** A phone that is full: only Chromium lets a test say how much room there is. */
async function full(report, browser, site) {
    const plays = async (page, room) => {
        await browser.open("about:blank");
        await browser.cdp("Storage.overrideQuotaForOrigin", { origin: page.host.origin, quotaSize: room });
        await page.play(ROUTINE);
        await page.encoded(120_000);
    };
    const kept = () => browser.later(async () => {
        const [name] = await caches.keys();
        return name ? (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname.replace("/room/", "")) : [];
    });
    const wellPlaying = async page => {
        const time = await page.time();
        await page.sounds(time + 0.5);
        const { trouble } = await page.screen();
        expect("no trouble told", trouble === "", trouble);
        expect("no error", (await page.errors()).length === 0, await page.errors());
    };
    const test = (sentence, body) => {
        let host;
        return report.test(browser, sentence, async () => {
            host = await probed(site);
            await body(new Page(browser, host), host);
        }, async () => {
            host.off = false;
            await browser.cdp("Storage.overrideQuotaForOrigin", { origin: host.origin }).catch(() => {});
            await browser.open("about:blank");
            await host.end();
        });
    };

    await test("on a phone without room for the voice it plays, and what there was room for stays", async (page, host) => {
        const voice = JSON.parse(readFileSync(join(site, "files.json"), "utf8")).filter(([path]) => path.startsWith("voice_clips/ada/"));
        await plays(page, 4.5e6);
        // Asked for the voice, the worker has found out that there is no room.
        await browser.until("the page is kept", () => navigator.serviceWorker.controller !== null, { within: 120_000 });
        let [before, now] = [[], await kept()];
        while (now.length > before.length || !now.includes("engine.wasm")) {
            await page.sounds((await page.time()) + 1);
            [before, now] = [now, await kept()];
        }
        const clips = now.filter(path => path.includes("voice_clips/ada/"));
        report.measure(`${browser.name}: on a full phone, files of the voice kept, of ${voice.length}`, clips.length);
        expect("room for less than the voice", clips.length < voice.length, clips.length);
        await wellPlaying(page);
        // Through the worker, which has no room for what comes.
        await page.play("evening");
        await page.encoded(120_000);
        await wellPlaying(page);
        const stays = await kept();
        expect("what was kept is kept", now.every(path => stays.includes(path)), now.filter(path => !stays.includes(path)));
        host.off = true;
        await browser.open(host.address);
        await browser.until("the first screen, without a connection", () => document.querySelector(".cards .card") !== null);
    });

    await test("on a phone without room for the page it plays as long as there is a connection", async page => {
        await plays(page, 200e3);
        await wellPlaying(page);
        const registered = await browser.later(async () => {
            const registration = await navigator.serviceWorker.register("sw.js").catch(() => null);
            const worker = registration?.installing ?? registration?.waiting ?? registration?.active;
            if (worker && worker.state === "installing") await new Promise(done => worker.addEventListener("statechange", done, { once: true }));
            return worker?.state ?? "none";
        });
        expect("nothing that claims to keep it", registered === "redundant" || registered === "none", registered);
        await wellPlaying(page);
    });
}

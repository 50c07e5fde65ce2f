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
}

// How long things take, and how much memory: measured, told, and kept in measured.json. What is asserted is far from what is
// measured, so that no busy machine fails a change.
import { expect } from "./tap.mjs";
import { Page, probed } from "./page.mjs";
import { memoryOf, pageProcesses, slow } from "./slow.mjs";

/** So many times slower than this machine a phone is taken to be. */
const TIMES = 6;
/** Bits a second of a slow line. */
const LINE = 4e6;
const ROUTINE = "gentle-back";
const HOUR = 3600;

/** Does something on slowed pages; what it measured is told afterwards, with how slow they really were. */
async function slowed(report, browser, body) {
    const end = await slow(browser.driverPid, TIMES);
    const found = [];
    try {
        await body((what, value) => found.push([what, value]));
    } finally {
        const times = await end();
        for (const [what, value] of found) report.measure(`${browser.name}: ${what}, ${times} × slower`, value);
    }
}

const rounded = object => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, Math.round(value)]));
const firstSound = browser => browser.until("the first sound", () => window.probe.firstSound, { within: 120_000 });

export async function quick(report, browser, site, { full = false } = {}) {
    const name = browser.name;
    let host = await probed(site);
    let page = new Page(browser, host);

    await report.test(browser, "the first sound after the button, from a warm start", async () => {
        await page.home();
        await page.choose(ROUTINE);
        await page.calm();
        await page.begin();
        const unslowed = await firstSound(browser);
        report.measure(`${name}: first sound after the button, warm, this machine, ms`, Math.round(unslowed.afterTouch));
        await browser.open("about:blank");
        await page.home();
        await page.choose(ROUTINE);
        await page.calm();
        await slowed(report, browser, async tell => {
            await page.begin();
            const { afterTouch } = await firstSound(browser);
            tell("first sound after the button, warm, ms (limit 1500)", Math.round(afterTouch));
            expect("within twenty times the limit", afterTouch < 30_000, afterTouch);
        });
    });
    await browser.open("about:blank");
    await host.end();

    await report.test(browser, "the first sound from nothing on a line of 4 Mbit/s", async () => {
        host = await probed(site, { line: LINE, delay: () => 40 });
        page = new Page(browser, host);
        await browser.open("about:blank");
        await slowed(report, browser, async tell => {
            await browser.open(`${host.address}#routine/${ROUTINE}`);
            await browser.until("the button", () => document.querySelector(".detail .round"), { within: 120_000 });
            const shown = await browser.run(() => performance.now());
            await page.begin();
            const sound = await firstSound(browser);
            tell("from nothing on 4 Mbit/s, ms (limit 4000)", rounded({ buttonShown: shown, ...sound }));
            report.measure(`${name}: of that, bytes over the line until then`, host.sent().bytes);
            expect("within twenty times the limit", sound.afterNothing < 80_000, sound);
        });
        await browser.open("about:blank");
        await host.end();
    });

    host = await probed(site, { headers: { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" } });
    page = new Page(browser, host);
    await report.test(browser, "a seek into an hour is heard soon, encoded already or not", async () => {
        await page.play(ROUTINE, { seconds: HOUR });
        const seconds = await page.duration();
        expect("an hour", Math.abs(seconds - HOUR) < 60, seconds);
        const seek = async place => Math.round(await browser.later(async place => {
            const begun = performance.now();
            window.probe.element.currentTime = place;
            return window.probe.heard(place, begun);
        }, place));
        report.measure(`${name}: a seek to where nothing is encoded, this machine, ms`, await seek(3300));
        await slowed(report, browser, async tell => {
            const far = [await seek(1500), await seek(2700)];
            await page.sounds(2701);
            const near = await seek(2706);
            tell("a seek to where nothing is encoded, ms (limit 400)", far);
            tell("a seek to what is encoded, ms", near);
            expect("within twenty times the limit", Math.min(...far, near) < 8000, { far, near });
        });
    });

    await report.test(browser, "an hour is encoded ahead", async () => {
        await browser.open("about:blank");
        await page.home();
        await page.choose(ROUTINE);
        await page.length(HOUR);
        const pace = async seconds => {
            const one = await browser.run(() => ({ ...window.probe.encoded, now: performance.now() }));
            await browser.until("more of it", (one, seconds) => window.probe.encoded.isWhole || window.probe.encoded.at > one.at + seconds * 1000, { args: [one, seconds], within: 600_000 });
            const two = await browser.run(() => window.probe.encoded);
            return { packets: two.packet - one.packet, took: two.at - one.at };
        };
        const hour = (HOUR * 24000) / 1024;
        await page.begin();
        await page.sounds();
        await slowed(report, browser, async tell => {
            const { packets, took } = await pace(full ? 600 : 12);
            tell(`an hour is encoded, in s (limit 180${full ? "" : `; from ${packets} packets`})`, Math.round((took / packets) * hour / 100) / 10);
            expect("faster than it is heard", packets * 1024 / 24000 > 2 * took / 1000, { packets, took });
        });
        const { packets, took } = await pace(5);
        if (packets > 0) report.measure(`${name}: an hour is encoded, this machine, in s`, Math.round((took / packets) * hour / 100) / 10);
    });

    await report.test(browser, "with an hour encoded, the page's memory is under 150 MB", async () => {
        await browser.until("all of it is encoded", () => window.probe.encoded.isWhole, { within: 600_000 });
        if (name === "chromium") {
            const all = await browser.later(async () => (crossOriginIsolated ? (await performance.measureUserAgentSpecificMemory()).bytes : 0));
            report.measure("chromium: measureUserAgentSpecificMemory with an hour encoded (script, engine, buffers), MB", Math.round(all / 1e5) / 10);
            // The probe keeps a copy of all that is appended.
            const probes = await browser.run(() => window.probe.appended.reduce((sum, { bytes }) => sum + bytes.length, 0));
            report.measure("chromium: of that, the probe's own copies, MB", Math.round(probes / 1e5) / 10);
            expect("under 150 MB", all > 0 && all - probes < 150e6, all);
        }
        const processes = pageProcesses(browser.driverPid).map(pid => memoryOf([pid]));
        report.measure(`${name}: private memory of the page's process, MB (an empty one has some 25)`, Math.round(Math.max(...processes) / 1e5) / 10);
        expect("the process below twice the limit", Math.max(...processes) < 300e6, processes);
    });
    await browser.open("about:blank");
    await host.end();
}

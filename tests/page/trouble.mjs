// What goes wrong on other people's hosts and phones: it ends in a plain sentence, or it plays on.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "./tap.mjs";
import { scratch, siteOf } from "./program.mjs";
import { Page, probed } from "./page.mjs";

const SHORT = "desk-break";

/** A sentence for people: long enough, with an end, and nothing of a program's insides. */
function expectPlain(text) {
    expect("a plain sentence", typeof text === "string" && text.length > 25 && /[.!?)]$/.test(text.trim()) && !/undefined|null|NaN|\[object|TypeError|at http/.test(text), text);
}

/** Titles that would do harm as markup, run the other way, or are longer than a phone is wide. */
const TITLES = {
    markup: `<img src=x onerror="window.harmed=1"><script>window.harmed=2</script>&amp;`,
    arabic: "تمرين لطيف للظهر قبل النوم",
    german: "Wirbelsäulenmobilisationsübungen für Rückenschmerzgeplagte nach Feierabend",
};

function hostileRoutines() {
    const routines = scratch("hostile");
    mkdirSync(routines, { recursive: true });
    return Object.entries(TITLES).map(([name, title]) => {
        const path = join(routines, `${name}.toml`);
        const summary = name === "markup" ? `<b onclick=alert(1)>bold</b> ${title.replaceAll('"', "'")}` : title;
        writeFileSync(path, `title = ${JSON.stringify(title)}\nsummary = ${JSON.stringify(summary)}\nbreath = "4-6"\n\n[[steps]]\nsay = ["safety/physician", "safety/stop"]\n[[steps]]\npose = "cat-cow"\n[[steps]]\npose = "childs-pose"\nhold = "1m..3m"\n`);
        return path;
    });
}

export async function trouble(report, browser, site) {
    const page = new Page(browser);
    /** Each on a host of its own, so that nothing is kept from one to the next. */
    const test = (sentence, options, body, folder = () => site) => {
        let host;
        return report.test(
            browser,
            sentence,
            async () => {
                host = page.host = await probed(folder(), options);
                await body(host);
            },
            async () => {
                await browser.open("about:blank");
                await host?.end();
            },
        );
    };

    await test("a clip that is missing on the host is named in a plain sentence", { lost: path => path.endsWith("/opening/desk-break.opus") }, async () => {
        await page.home();
        await page.choose(SHORT);
        await page.begin();
        const text = await browser.until("the trouble in words", () => {
            const shown = document.querySelector(".play .trouble");
            return shown && !shown.hidden && shown.textContent.length > 25 && shown.textContent;
        });
        expectPlain(text);
        expect("the clip's name in it", /desk-break/.test(text), text);
    });

    await test("a host without the engine is told of in a plain sentence", { lost: path => path === "engine.wasm" }, async () => {
        await page.home();
        await browser.click(`a.card[href="#routine/${SHORT}"]`);
        expectPlain(await browser.until("the trouble in words", () => [...document.querySelectorAll(".note, .trouble, [role=alert]")].map(shown => shown.textContent).find(text => text.length > 25)));
    });

    await test("a browser without WebAssembly is told so", { wishes: { without: ["WebAssembly"] } }, async () => {
        await page.home();
        expectPlain(await browser.until("a sentence", () => document.querySelector(".note")?.textContent));
    });

    await test("without media sources, the whole file is made first and plays", { wishes: { without: ["MediaSource", "ManagedMediaSource"] } }, async () => {
        await page.home();
        await page.choose(SHORT);
        await page.length(110);
        await page.begin();
        await browser.until("the session and not silence", () => window.probe.element?.duration > 60 && window.probe.element.currentTime > 0.5, { within: 120_000 });
        const address = await browser.run(() => window.probe.element.currentSrc);
        expect("a blob", address.startsWith("blob:"), address);
        await page.go(30);
        await page.sounds(30.5);
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });

    await test("when the browser's room for sound is full, it plays on and fills it again", { wishes: { quota: 45 } }, async () => {
        await page.play(SHORT);
        await browser.until("the quota is full", () => window.probe.quotas > 0);
        await browser.run(() => void (window.probe.element.playbackRate = 8));
        await page.sounds(75);
        const most = await browser.run(() => window.probe.quotas);
        expect("no storm of attempts", most < 200, most);
        await browser.run(() => void (window.probe.element.playbackRate = 1));
        const events = await browser.run(() => window.probe.events.filter(({ name }) => name === "error"));
        expect("no error", events.length === 0 && (await page.errors()).length === 0, { events, errors: await page.errors() });
    });

    await test("whatever the slider of a length stops at can be begun, also by a quick finger", {}, async () => {
        for (const end of ["min", "max"]) {
            await page.home();
            await browser.click(`a.card[href="#routine/${SHORT}"]`);
            await browser.until("the slider", () => document.querySelector(".detail input[type=range]"));
            await browser.run(end => {
                const slider = document.querySelector(".detail input[type=range]");
                slider.value = slider[end];
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }, end);
            await page.calm();
            const { note, disabled } = await browser.run(() => ({ note: document.querySelector(".detail .note").textContent, disabled: document.querySelector(".detail .round").disabled }));
            expect(`a length that can be begun at the slider's ${end}`, !disabled, note);
        }
    });

    await test("when the connection goes in the middle, the session plays to its end", {}, async host => {
        await page.play(SHORT);
        await page.encoded(120_000);
        host.off = true;
        await page.go(120);
        await page.sounds(120.5);
        await page.wish("Longer");
        await browser.until("an answer", () => window.probe.changes.length > 0);
        await page.sounds(121.5);
    });

    await test("a session that was left for a day can be taken up where it was", {}, async host => {
        await page.play(SHORT);
        await page.encoded(120_000);
        await page.go(100);
        await page.sounds(101);
        // A phone that puts the page away, and a day.
        await browser.open("about:blank");
        host.changed["probe.js"] = host.changed["probe.js"].replace("const PROBE = {}", `const PROBE = ${JSON.stringify({ later: 86_400_000 })}`);
        await page.home();
        const today = await browser.run(() => new Date().toISOString());
        expect("a day later in the page", new Date(today) - Date.now() > 86_000_000, today);
        await browser.click(".ways section .go");
        await browser.until("it sounds where it was", () => window.probe.element?.currentTime > 90 && window.probe.element.currentTime < 110 && !window.probe.element.paused);
        const time = await page.time();
        await page.sounds(time + 0.5);
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });

    await test("a session that stood paused for a day goes on", {}, async () => {
        await page.play(SHORT);
        await page.encoded(120_000);
        await page.go(60);
        await page.sounds(60.2);
        await browser.click(".play .big");
        await browser.until("a pause", () => window.probe.element.paused);
        // A browser that took the source away meanwhile, as phones do.
        await browser.run(() => {
            window.probe.broken = true;
            const { duration } = window.probe.element;
            for (const buffer of window.probe.sources.at(-1).sourceBuffers) if (!buffer.updating) buffer.remove(0, duration);
        });
        await sleep(300);
        await browser.click(".play .big");
        await page.sounds(50);
        const time = await page.time();
        await page.sounds(time + 1);
    });

    await test("a session that was looked at for a moment begins, even if the connection goes just then", { lost: path => path === "sw.js" }, async host => {
        await page.home();
        await page.choose(SHORT);
        const end = Date.now() + 60_000;
        while (host.asked.filter(({ path }) => path.endsWith(".opus")).length < 3) {
            expect("its first words fetched before the button is pressed", Date.now() < end);
            await sleep(50);
        }
        await page.calm();
        host.off = true;
        await page.begin();
        await page.sounds(2.5);
        host.off = false;
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });

    await test("what is said to need no network needs none, and it is not said before", { delay: path => (path.includes("/stay/") ? 1500 : 0) }, async host => {
        await page.play(SHORT);
        const isSaid = () => document.querySelector(".play .here").checkVisibility();
        expect("nothing said while words are fetched", !(await browser.run(isSaid)));
        await browser.until("the word that it needs none", isSaid, { within: 120_000 });
        host.off = true;
        const hold = await browser.run(() => {
            const { phases, rate } = window.probe.plan;
            return phases.find(({ phase }) => phase === "hold").start / rate;
        });
        await page.go(hold + 1);
        await page.sounds(hold + 1.2);
        for (const [text, count] of [["Longer", 1], ["Less talk", 2]]) {
            await page.wish(text);
            await browser.until(`an answer to ${text}`, count => window.probe.changes.length >= count, { args: [count] });
        }
        const time = await page.time();
        await page.sounds(time + 1);
        await page.encoded(120_000);
        expect("no trouble told", (await page.screen()).trouble === "", (await page.screen()).trouble);
    });

    await test("titles are text: markup, right to left, and long German words", {}, async () => {
        await page.home();
        const cards = await browser.run(() => [...document.querySelectorAll("a.card")].map(card => ({ title: card.querySelector("b").textContent, direction: getComputedStyle(card.querySelector("b")).direction, wide: card.scrollWidth > card.clientWidth + 1, page: document.documentElement.scrollWidth > innerWidth + 1 })));
        for (const title of Object.values(TITLES)) expect(`a card that says ${title}`, cards.some(card => card.title === title), cards.map(card => card.title));
        expect("Arabic from right to left", cards.find(card => card.title === TITLES.arabic).direction === "rtl", cards);
        expect("nothing wider than the screen", !cards.some(card => card.wide || card.page), cards);
        for (const name of Object.keys(TITLES)) {
            await page.home();
            await page.choose(name);
            await page.begin();
            await page.sounds();
            const seen = await browser.run(() => ({ harmed: window.harmed ?? null, images: document.images.length, scripts: [...document.querySelectorAll("main script")].length, title: document.title, wide: document.documentElement.scrollWidth - innerWidth }));
            expect("no markup from a title", seen.harmed === null && seen.images === 0 && seen.scripts === 0, seen);
            expect("the title's own letters", seen.title.includes(TITLES[name]), seen.title);
            expect("nothing wider than the screen", seen.wide <= 1, seen);
        }
        expect("no error", (await page.errors()).length === 0, await page.errors());
    }, () => siteOf("hostile-site", ...hostileRoutines()));
}

// Programmes of weeks, and what the log says: on the page as `catcow today` and `catcow log` have it.
import { expect } from "./tap.mjs";
import { Page, probed } from "./page.mjs";
import { siteOf, todayOf } from "./program.mjs";

const SIX = "six-weeks-back";
const CARD = 'section[aria-label="Your programme"]';
const NO_PROGRESS = "Some weeks have brought no less pain.";

/** The day so many days ago, as the page writes it. */
function ago(days) {
    const date = new Date();
    date.setDate(date.getDate() - days);
    const two = number => String(number).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const session = (days, routine, { pain = [null, null], finished = true } = {}) => ({ id: days, date: ago(days), time: "12:00", routine, title: routine, seconds: 600, finished, before: pain[0], after: pain[1] });

/** The page of somebody who practised all this, and follows a programme. */
async function of(page, log, since, hash = "") {
    await page.browser.run((log, programme) => {
        localStorage.removeItem("catcow.due");
        localStorage.setItem("catcow.log", JSON.stringify(log));
        localStorage.setItem("catcow.choices", JSON.stringify({ programme, asksPain: true }));
        localStorage.removeItem("catcow.told");
        localStorage.removeItem("catcow.place");
    }, log, since === undefined ? null : { name: SIX, since: ago(since) });
    await page.browser.open("about:blank");
    await page.home(hash);
}

/** What the card says, once it does. */
function due({ browser }) {
    return browser.until("the card says what is due", card => {
        const element = document.querySelector(card);
        if (!element || element.querySelector(".go, .second").disabled) return false;
        const asked = window.probe.engine.findLast(({ do: name, wishes }) => name === "plan" && wishes.routine);
        return { text: element.innerText, title: element.querySelector("h2").textContent, why: [...element.querySelectorAll("p.poses")].at(-1).textContent, button: element.querySelector(".go, .second").textContent, wishes: asked.wishes };
    }, { args: [CARD] });
}

const press = ({ browser }, text) => browser.run(text => {
    const button = [...document.querySelectorAll("main button")].find(button => button.getAttribute("aria-label")?.startsWith(text) || button.textContent === text);
    if (!button) throw new Error(`no button ${text}`);
    button.click();
}, text);

export async function weeks(report, browser, site) {
    // Slow enough that the card is seen before the engine has answered.
    const host = await probed(site, { delay: path => (path === "engine.wasm" ? 1500 : 0) });
    const page = new Page(browser, host);
    const { routines } = await (await fetch(`${host.address}site.json`)).json();
    const [titles, summaries] = ["title", "summary"].map(key => new Map(routines.map(routine => [routine.name, routine[key]])));
    const test = (sentence, body) => report.test(browser, sentence, body);

    // What a test stores belongs to the page's address.
    await page.home();
    await test("a programme is begun from a link, and its first session stands above the question; nothing moves when it comes", async () => {
        await page.home();
        await browser.click('a[href="#weeks"]');
        const list = await browser.until("the programmes", () => document.querySelectorAll("section li h2").length > 1 && document.querySelector("main").innerText);
        for (const words of ["Quiet weeks", "Six weeks for your back", "6 weeks."]) expect(words, list.includes(words), list);
        await press(page, "Begin: Six weeks for your back");
        const first = await due(page);
        for (const words of ["Week 1 of 6, day 1 of 3", "This is your first session: a gentle one.", "Six weeks for your back"]) expect(words, first.text.includes(words), first.text);
        expect("its routine, at level 1", first.title === "Lying down" && first.wishes.level === 1 && first.wishes.length === undefined, first);
        const place = () => browser.run(() => ({ top: document.querySelector("input[type=range]").getBoundingClientRect().top, scrolled: scrollY }));
        // The first time that this is due, and the second; then with more lines than anybody left room for.
        for (const [turn, log] of [[], [], [session(0, "lying-down", { pain: [3, 5] })]].entries()) {
            if (turn !== 1) await of(page, log, 0);
            else await browser.open("about:blank").then(() => page.home());
            expect("the card to wait", await browser.run(card => document.querySelector(`${card} .go`).disabled, CARD));
            const before = await place();
            await due(page);
            const after = await place();
            expect("the slider where it was", Math.abs(after.top - before.top) < 3, { turn, before, after });
            expect("no scrolling where there was room", turn === 2 || after.scrolled === 0, { turn, after });
        }
        await of(page, [], 0);
        await due(page);
    });

    await test("its session plays to the end, stands in the log with its pain, and then it rests; the next day has the next", async () => {
        await browser.click(`${CARD} .scores button:nth-child(5)`);
        await browser.click(`${CARD} .go`);
        await page.sounds();
        const wishes = await page.wishes();
        expect("what was due", wishes.routine === "lying-down" && wishes.level === 1, wishes);
        await page.encoded(120_000);
        // Long enough to be a practice, and quicker than it is meant.
        await page.go((await page.duration()) - 60);
        await browser.run(() => void (window.probe.element.playbackRate = 4));
        await browser.until("the end", () => document.querySelector("section.end h1")?.textContent.startsWith("Thank you"), { within: 120_000 });
        await browser.click("section.end .scores button:nth-child(4)");
        await press(page, "Done");
        const rest = await due(page);
        expect("a rest", rest.title === "Rest today" && rest.text.includes("Today's session is done. Next: tomorrow.") && rest.button === "Practise all the same", rest);
        const [entry] = await browser.run(() => JSON.parse(localStorage.getItem("catcow.log")));
        expect("a line in the log", entry.routine === "lying-down" && entry.finished && entry.before === 4 && entry.after === 3, entry);
        await of(page, [{ ...entry, date: ago(1) }], 1);
        const next = await due(page);
        expect("the second day", next.text.includes("Week 1 of 6, day 2 of 3") && !next.text.includes("first session"), next.text);
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });

    const same = { pain: [3, 3] };
    const week = [session(9, "lying-down", same), session(8, "lying-down", same), session(7, "lying-down", same)];
    const CASES = {
        "pain that is higher by two": [[session(1, "lying-down", { pain: [3, 5] })], 1],
        "pain that is higher by one, in a later week": [[...week, session(2, "lying-down", same), session(1, "morning", { pain: [3, 4] })], 9],
        "two sessions that were ended early": [[session(3, "lying-down", same), session(2, "lying-down", { finished: false }), session(1, "lying-down", { finished: false })], 3],
        "a week that is done": [[session(3, "lying-down", same), session(2, "lying-down", same), session(1, "lying-down", same)], 3],
        "a pause of three weeks": [[session(40, "lying-down", same), session(39, "lying-down", same), session(33, "lying-down", same), session(21, "morning", same)], 40],
        "other routines only": [[session(2, "desk-break", same), session(1, "desk-break", same)], 2],
    };
    for (const [what, [log, since]] of Object.entries(CASES)) {
        await test(`after ${what}, the page says what \`catcow today\` says`, async () => {
            const [first, ...lines] = todayOf(SIX, ago(since), log);
            await of(page, log, since);
            const said = await due(page);
            const found = { program: [first, ...lines], page: said };
            if (first.includes("Next: ")) {
                const [, weekNumber, done, next] = /week (\d+) of 6: (.*)\. Next: (.*)\.$/.exec(first);
                expect("the same rest", said.title === "Rest today" && said.text.includes(`Week ${weekNumber} of 6`) && said.text.toLowerCase().includes(`${done}. next: ${next}.`.toLowerCase()), found);
                const [, routine, level] = /catcow play (\S+) --level (\d)/.exec(lines[0]);
                expect("the same instead", said.wishes.routine === routine && said.wishes.level === Number(level), found);
                return;
            }
            const [, place, routine, level, minutes, seconds] = /^Six weeks for your back, (.*): (\S+?)(?: at level (\d))?, (\d+):(\d\d)\.$/.exec(first);
            expect("the same place", said.text.toLowerCase().includes(place), found);
            expect("the same routine", said.title === titles.get(routine) && said.wishes.routine === routine, found);
            if (level) expect("the same level", said.wishes.level === Number(level), found);
            else expect("the same length", said.wishes.length === Number(minutes) * 60 + Number(seconds), found);
            expect("the same reasons", said.why === (lines.join(" ") || summaries.get(routine)), found);
        });
    }

    await test("four weeks without less pain are told once: at the end of the next session, aloud and on the screen", async () => {
        const log = [29, 27, 22, 20, 15, 13, 8, 6, 1].map(days => session(days, "morning", { pain: [5, 5] }));
        await of(page, log);
        await page.calm();
        await browser.until("the page knows", () => window.probe.engine.some(({ do: name }) => name === "log"));
        await page.calm();
        await page.choose("desk-break");
        await page.calm();
        await page.begin();
        await page.sounds();
        expect("the words in the session", (await page.wishes()).progress === "lacking" && await browser.run(() => window.probe.plan.words.some(({ cue }) => cue === "closing/see-physician")), await browser.run(() => window.probe.plan.words.slice(-5)));
        await page.encoded(120_000);
        await page.go((await page.duration()) - 2);
        await browser.until("the words on the end's screen", words => document.querySelector("section.end")?.innerText.includes(words), { args: [NO_PROGRESS] });
        await page.home("#log");
        await browser.until("the log", () => document.querySelector(".entries"));
        await page.calm();
        const text = await browser.run(() => document.querySelector("main").innerText);
        expect("not again", !text.includes(NO_PROGRESS), text);
        await of(page, log, undefined, "#log").catch(() => {});
        await browser.until("the same words in the log, where nobody heard them yet", words => document.querySelector("main").innerText.includes(words), { args: [NO_PROGRESS] });
        await browser.reload();
        await browser.until("the log", () => document.querySelector(".entries"));
        await page.calm();
        expect("once", !(await browser.run(() => document.querySelector("main").innerText)).includes(NO_PROGRESS));
    });

    await test("the log counts days in a row", async () => {
        await of(page, [3, 2, 1].map(days => session(days, "morning")), undefined, "#log");
        await browser.until("the days", () => document.querySelector("main").innerText.includes("3 days in a row, 3 sessions in all."));
    });

    await test("which routines have brief safety words, the page and its engine agree on, and what is much worse", async () => {
        const differ = await browser.later(async () => {
            const [practised, log, advice, { Engine }] = await Promise.all(["practised", "log", "advice", "engine"].map(name => import(new URL(`${name}.js`, location.href).href)));
            const engine = new Engine();
            const today = practised.numbered("2026-03-31");
            const differ = [];
            // The same logs each time, so that what fails can be looked at.
            let seed = 7;
            const pick = list => list[(seed = (seed * 48271) % 2147483647) % list.length];
            for (let turn = 0; turn < 200; turn++) {
                const dates = Array.from({ length: 8 }, () => pick(["2026-03-10", "2026-03-16", "2026-03-17", "2026-03-18", "2026-03-29", "2026-03-31", "2026-04-01"]));
                const list = dates.map((date, id) => ({ id, date, time: "07:05", routine: pick(["morning", "evening"]), seconds: 60, finished: pick([true, false]), before: pick([null, 3]), after: pick([null, 2, 4, 5]) }));
                localStorage.setItem("catcow.log", JSON.stringify(list));
                const { ok } = await engine.call("log", { today, log: advice.practised() });
                const last = advice.practised().at(-1);
                for (const name of ["morning", "evening"]) if (practised.isFamiliar(name, today) !== ok.familiar.includes(name)) differ.push({ list, name, ok });
                if (log.isWorse(last.before, last.after) !== ok.worse) differ.push({ last, ok });
            }
            engine.close();
            return differ.slice(0, 2);
        });
        expect("no difference", differ.length === 0, differ);
    });

    await test("a programme is left by two touches, and the log stays", async () => {
        await of(page, week, 9);
        await due(page);
        await browser.click(`${CARD} a[href="#weeks"]`);
        await browser.until("who follows it", () => document.querySelector("main").innerText.includes("You follow this one"));
        await press(page, "Leave it");
        await browser.until("no card", card => document.querySelector(".cards") && !document.querySelector(card), { args: [CARD] });
        expect("the log", await browser.run(() => JSON.parse(localStorage.getItem("catcow.log")).length) === 3);
    });
    await browser.open("about:blank");
    await host.end();

    await test("without its engine the card says so, and all else stands", async () => {
        const other = await probed(site, { lost: path => path === "engine.wasm" });
        const page = new Page(browser, other);
        await page.home();
        await of(page, week, 9);
        const text = await browser.until("a sentence", card => document.querySelector(`${card} .note`)?.innerText, { args: [CARD] });
        expect("what is missing", text.includes("engine.wasm"), text);
        expect("the rest", await browser.run(() => document.querySelector("input[type=range]") && document.querySelectorAll(".cards .card").length > 5));
        await browser.open("about:blank");
        await other.end();
    });

    await test("a site of some routines has the programmes that need no others", async () => {
        for (const [routines, names] of [[["morning"], []], [["morning", "lying-down", "breathing"], ["Quiet weeks"]]]) {
            const other = await probed(siteOf(`some-${routines.length}`, ...routines));
            await new Page(browser, other).home("#weeks");
            const found = await browser.until("an answer", () => ({ link: document.querySelector('a[href="#weeks"]') !== null, titles: [...document.querySelectorAll("li h2")].map(title => title.textContent) }));
            expect("these", JSON.stringify(found.titles) === JSON.stringify(names), found);
            await new Page(browser, other).home();
            const link = await browser.run(() => document.querySelector('a[href="#weeks"]') !== null);
            expect("a link only where there are some", link === names.length > 0, { routines, link });
            await browser.open("about:blank");
            await other.end();
        }
    });
}

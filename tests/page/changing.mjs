// Wishes while it plays: longer, let go, less talk, another pose. What is heard then is what a saved file of that session has.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "./tap.mjs";
import { adts, filePackets, fragmentPackets } from "./mp4.mjs";
import { decode } from "./sound.mjs";
import { planOf, scratch } from "./program.mjs";
import { Page, probed } from "./page.mjs";
import { PATIENCE_MS } from "./webdriver.mjs";

const ROUTINE = "morning";
const PACKET = 1024;

/** Every packet that is in the element, after all that was said of it: `changes` tell from which packet on the old ones are void. */
function packetsAfter(fragments, changes) {
    const packets = [];
    const left = [...changes].filter(change => change.changed).sort((a, b) => a.at - b.at);
    for (const { at, bytes } of fragments) {
        while (left.length && left[0].at <= at) packets.length = Math.min(packets.length, left.shift().packet);
        for (const { packet, bytes: payload } of fragmentPackets(bytes)) packets[packet] = payload;
    }
    for (const { packet } of left) packets.length = Math.min(packets.length, packet);
    return packets;
}

const decibels = (energy, samples) => (energy ? Math.round(10 * Math.log10(energy / samples / 32768 ** 2)) : -99);

/** How loud the difference between two sounds is in its loudest packet, and how loud the sound is there, in dB below full scale. */
function loudest(one, other) {
    let [most, its] = [0, 0];
    for (let at = 0; at + PACKET <= Math.min(one.length, other.length); at += PACKET) {
        let [sound, by] = [0, 0];
        for (let each = at; each < at + PACKET; each++) {
            sound += other[each] ** 2;
            by += (one[each] - other[each]) ** 2;
        }
        if (by > most) [most, its] = [by, sound];
    }
    return { difference: decibels(most, PACKET), sound: decibels(its, PACKET) };
}

/** The largest step from one sample to the next, in the packets around a place. */
function step(sound, place) {
    let most = 0;
    for (let at = Math.max(1, place - PACKET); at < Math.min(sound.length, place + 2 * PACKET); at++) most = Math.max(most, Math.abs(sound[at] - sound[at - 1]));
    return most;
}

export async function changing(report, browser, site) {
    const host = await probed(site);
    const page = new Page(browser, host);
    const changes = () => browser.run(() => window.probe.changes);
    const waitings = () => browser.run(() => window.probe.events.filter(({ name }) => ["waiting", "stalled", "error", "seeking", "pause"].includes(name)).length);
    let before, plan, hold;

    const longer = await report.test(browser, "longer makes a hold longer by what is said, without a gap", async () => {
        await page.play(ROUTINE);
        await page.encoded(120_000);
        plan = planOf(await page.wishes());
        hold = plan.phases.filter(phase => phase.phase === "hold").sort((a, b) => b.frames - a.frames)[0];
        expect("a routine with a hold", hold !== undefined, plan.phases.map(phase => phase.phase));
        await page.go(hold.start / plan.sample_rate + 2);
        await page.sounds(hold.start / plan.sample_rate + 2.5);
        await page.filled();
        before = { duration: await page.duration(), fragments: await page.fragments() };
        const troubles = await waitings();
        const pressed = await page.time();
        await page.wish("Longer");
        await browser.until("an answer", () => window.probe.changes.length > 0);
        const [change] = await changes();
        expect("a change", change.changed, change);
        const shown = (await page.screen()).said;
        expect("what was done, in words", shown === change.said, { shown, said: change.said });
        await browser.until("the new length", before => window.probe.element.duration > before + 1, { args: [before.duration] });
        const grew = (await page.duration()) - before.duration;
        report.measure(`${browser.name}: "${change.said}" makes it longer by so many seconds`, grew);
        expect("the plan's new length", Math.abs((await browser.run(() => window.probe.plan.frames / window.probe.plan.rate)) - (await page.duration())) < 0.1, grew);
        expect("what is heard at that moment stays", change.packet * PACKET / 24000 > pressed, { packet: change.packet, pressed });
        // Over the place where the new sound begins.
        const edge = ((change.packet - 1) * PACKET) / 24000;
        report.measure(`${browser.name}: seconds from the touch to where the new sound begins`, edge - pressed);
        if (edge > pressed + 8) await page.go(edge - 2);
        const calm = edge > pressed + 8 ? await waitings() : troubles;
        const begun = [Date.now(), await page.time()];
        await page.sounds(Math.max(edge + 1, begun[1] + 1));
        const [wall, heard] = [(Date.now() - begun[0]) / 1000, (await page.time()) - begun[1]];
        expect("as much sound as time, without a gap or a jump", heard < wall + 0.5 && (await waitings()) <= calm + 2, { wall, heard, troubles, calm, now: await waitings() });
    });
    // All that follows goes on with this session.
    if (!longer) return host.end();

    await report.test(browser, "what was encoded before that place stays as it was, to the byte", async () => {
        const [change] = await changes();
        await page.filled(120_000);
        const [old, now] = [packetsAfter(before.fragments, []), packetsAfter(await page.fragments(), await changes())];
        let differing = 0;
        for (let at = 0; at < change.packet; at++) if (!old[at].equals(now[at])) differing += 1;
        expect("the same packets before", differing === 0, differing);
        const packets = Math.ceil((await page.duration()) * 24000 / PACKET);
        expect("all packets of the new length", now.length >= packets && Array.from(now).every(packet => packet !== undefined), [now.length, packets]);
    });

    await report.test(browser, "let go and less talk are answered, and it plays on", async () => {
        for (const [text, name] of [["Less talk", "less"], ["Let go", "let-go"]]) {
            const count = (await changes()).length;
            const time = await page.time();
            await page.wish(text);
            await browser.until(`an answer to ${text}`, count => window.probe.changes.length > count, { args: [count] });
            const change = (await changes()).at(-1);
            expect(`an answer to ${name}`, change.name === name, change);
            await page.sounds(time + 0.7);
        }
        const { left, time } = await page.screen();
        expect("time left on the screen as the element has it", Math.abs(left.split(":").reduce((sum, part) => sum * 60 + parseInt(part), 0) - ((await page.duration()) - time)) < 2.5, { left, time, duration: await page.duration() });
        await page.filled(120_000);
    });

    await report.test(browser, "next and previous are poses", async () => {
        const chapters = await browser.run(() => window.probe.plan.chapters.map(({ title, start }) => ({ title, at: start / window.probe.plan.rate })));
        await page.go(1);
        await page.sounds(1.2);
        for (const [selector, index] of [[".forth", 1], [".forth", 2], [".back", 1]]) {
            await browser.click(`.play .keys ${selector}`);
            await browser.until(`the pose ${chapters[index].title}`, title => document.querySelector(".play .pose").textContent === title, { args: [chapters[index].title] });
            const time = await page.time();
            expect("its beginning", time >= chapters[index].at - 0.1 && time < chapters[index].at + 3, { time, at: chapters[index].at });
            await page.sounds(chapters[index].at + 0.1);
        }
    });

    if (browser.name === "chromium") {
        await report.test(browser, "a saved file is the session that was heard, with what was changed in it", async () => {
            const folder = scratch("downloads");
            mkdirSync(folder, { recursive: true });
            await browser.cdp("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
            await page.filled(120_000);
            await browser.click(".play .ends button:first-child");
            await browser.click("dialog.sheet .second");
            const end = Date.now() + 4 * PATIENCE_MS;
            const saved = () => readdirSync(folder).filter(name => name.endsWith(".m4a"));
            while (saved().length === 0) {
                expect("a file within two minutes", Date.now() < end, await browser.run(() => document.querySelector("dialog.sheet")?.innerText ?? "no sheet"));
                await sleep(200);
            }
            const theirs = filePackets(readFileSync(join(folder, saved()[0])));
            const mine = packetsAfter(await page.fragments(), await changes());
            let differing = 0;
            for (let at = 0; at < Math.max(mine.length, theirs.length); at++) if (!mine[at] || !theirs[at] || !mine[at].equals(theirs[at])) differing += 1;
            report.measure(`${browser.name}: packets of ${theirs.length} after the changes that differ from the saved file's`, differing);
            expect("as many packets", Math.abs(mine.length - theirs.length) <= 1, [mine.length, theirs.length]);
            const [here, there] = [mine, theirs].map(packets => decode(adts(Array.from(packets), 24000, 1), "aac"));
            const { difference, sound } = loudest(here, there);
            report.measure(`${browser.name}: where the two differ most, in dB below full scale`, { difference, sound });
            const steps = (await changes()).filter(change => change.changed).map(({ packet }) => [step(here, packet * PACKET), step(there, packet * PACKET)]);
            report.measure(`${browser.name}: largest steps from sample to sample at the seams, and those of the saved file there`, steps);
            expect("the same packets but at the seams", differing <= 0.02 * theirs.length, differing);
            // The encoder's own noise is not further below the words.
            expect("no difference that is heard", difference < Math.max(-40, sound - 20), { difference, sound });
            expect("no click at a seam", steps.every(([mine, its]) => mine <= 1.5 * its + 64), steps);
            await browser.click("dialog.sheet .plain");
        });
    }
    await report.test(browser, "longer near the end is longer, and the end still comes, where going back is possible", async () => {
        const hold = await browser.run(() => {
            const { phases, rate } = window.probe.plan;
            const last = phases.findLast(({ phase }) => phase === "hold" || phase === "rest");
            return { start: last.start / rate, end: (last.start + last.frames) / rate };
        });
        await page.filled(120_000);
        await page.go(hold.end - 4);
        await page.sounds(hold.end - 3.9);
        const [duration, count] = [await page.duration(), (await changes()).length];
        expect("a source that still takes sound", (await browser.run(() => window.probe.ended)) === 0);
        await page.wish("Longer");
        await browser.until("an answer", count => window.probe.changes.length > count, { args: [count] });
        const change = (await changes()).at(-1);
        report.measure(`${browser.name}: longer, so many seconds before the end`, duration - hold.end + 4);
        expect("a change", change.changed, change);
        await browser.until("the new length", duration => window.probe.element.duration > duration + 1, { args: [duration] });
        await page.sounds(hold.end + 0.2);
        await page.filled(120_000);
        await page.go((await page.duration()) - 2);
        await browser.until("the end's screen", () => document.querySelector("section.end h1") !== null);
        const events = await browser.run(() => window.probe.events.filter(({ name }) => name === "error"));
        expect("no error of the element", events.length === 0, events);
        // As the lock screen does, which knows nothing of the screen.
        await browser.run(() => {
            window.probe.element.currentTime = 3;
            window.probe.element.play();
        });
        await page.sounds(3.5);
        await page.filled(120_000);
    });

    await report.test(browser, "nothing of it failed", async () => {
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });
    await host.end();
}

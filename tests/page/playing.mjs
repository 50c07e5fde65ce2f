// A session that is heard: it begins by touch, and what is seen and heard is what the program makes of the same wishes.
import { expect } from "./tap.mjs";
import { adts, filePackets, fragmentPackets } from "./mp4.mjs";
import { decode, differences, find } from "./sound.mjs";
import { exportOf, planOf } from "./program.mjs";
import { Page, probed } from "./page.mjs";

/** Short, with words, breaths, holds and two sides. */
const SHORT = "desk-break";

/** The packets that are in the element now, after everything that was appended over them or removed. */
function packetsIn(fragments) {
    const packets = [];
    for (const { bytes } of fragments) for (const { packet, bytes: payload } of fragmentPackets(bytes)) packets[packet] = payload;
    return packets;
}

export async function playing(report, browser, site) {
    const host = await probed(site);
    const page = new Page(browser, host);

    const begins = await report.test(browser, "a session begins by touch, and its sound goes on", async () => {
        await page.play(SHORT);
        const before = await page.time();
        await page.sounds(before + 1);
        expect("no error", (await page.errors()).length === 0, await page.errors());
        const kind = await browser.run(() => window.probe.kind);
        expect("a managed source where there is one", kind === (browser.name === "webkit" ? "ManagedMediaSource" : "MediaSource"), kind);
    });
    // All that follows goes on with this session.
    if (!begins) return host.end();

    await report.test(browser, "all of it is encoded long before it is heard", async () => {
        const { time, duration } = await page.encoded(120_000);
        report.measure(`${browser.name}: a session of ${duration.toFixed(0)} s is all encoded when so many seconds were heard`, time);
        expect("the end far ahead", time < duration / 2, { duration, time });
        const [ahead] = await browser.run(() => window.probe.ahead(window.probe.element));
        expect("minutes of it in the element, so that a locked screen does not matter", ahead > 120, ahead);
    });

    await report.test(browser, "the pose, the side and the words on the screen are those of the program's plan at that time", async () => {
        const plan = planOf(await page.wishes());
        const rate = plan.sample_rate;
        const words = plan.regions.filter(region => region.track === "voice" && region.text);
        const places = [words[1], words[Math.floor(words.length / 3)], words[Math.floor(words.length / 2)], words.at(-2)].map(region => (region.start + region.frames / 2) / rate);
        for (const place of places) {
            await page.go(place);
            await page.sounds(place - 0.2);
            const seen = await browser.until("the words of that place", place => {
                const said = document.querySelector(".play .said").textContent;
                return Math.abs(window.probe.element.currentTime - place) < 20 && said && !window.probe.element.seeking && { time: window.probe.element.currentTime, said, pose: document.querySelector(".play .pose").textContent };
            }, { args: [place] });
            const at = list => list.findLast(one => one.start / rate <= seen.time + 0.3);
            const before = list => list.findLast(one => one.start / rate <= seen.time - 0.3);
            const said = [at(words), before(words)].map(one => one?.text);
            const pose = [at(plan.chapters), before(plan.chapters)].map(one => one?.title);
            expect(`one of ${JSON.stringify(said)} at ${seen.time}`, said.includes(seen.said), seen.said);
            expect(`one of ${JSON.stringify(pose)} at ${seen.time}`, pose.includes(seen.pose), seen.pose);
        }
        // Far from the end, which must not come while what follows is looked at.
        await page.go(5);
        expect("a length as announced", Math.abs((await page.duration()) - plan.frames / rate) < 0.1, { element: await page.duration(), plan: plan.frames / rate });
    });

    await report.test(browser, "what the element gets is what the program exports, packet by packet", async () => {
        await page.filled(120_000);
        const mine = packetsIn(await page.fragments());
        const theirs = filePackets(exportOf(await page.wishes()));
        const holes = Array.from(mine, packet => packet === undefined).filter(Boolean).length;
        expect("no hole between the first packet and the last", holes === 0, holes);
        const offset = (await page.fragments()).at(-1).offset;
        const rate = await browser.run(() => 0) || 24000;
        expect("the first packet, which primes the decoder, before the beginning", Math.abs(offset + 1024 / rate) < 2e-6, offset);
        let differing = 0;
        for (let at = 0; at < Math.max(mine.length, theirs.length); at++) if (!mine[at] || !theirs[at] || !mine[at].equals(theirs[at])) differing += 1;
        report.measure(`${browser.name}: packets of ${theirs.length} that differ from the export's`, differing);
        expect("as many packets", mine.length === theirs.length, [mine.length, theirs.length]);
        const [here, there] = [mine, theirs].map(packets => decode(adts(packets, rate, 1), "aac"));
        const { most, many } = differences(here, 0, there, 0, Math.min(here.length, there.length), 32);
        report.measure(`${browser.name}: largest difference in 16-bit steps after decoding both`, most);
        expect("the same packets", differing === 0, { differing, most, many });
    });

    if (browser.name === "chromium") {
        await report.test(browser, "what is heard is what the program exports", async () => {
            await page.home();
            await page.choose(SHORT);
            await page.begin();
            await page.sounds();
            const file = exportOf(await page.wishes());
            const rate = 24000;
            // A decoder begins with the packet that primes it: so many frames come before the session's first.
            const sound = decode(adts(filePackets(file), rate, 1), "aac").subarray(1024);
            await page.filled(120_000);
            await browser.later(rate => window.probe.listen(rate), rate);
            await page.go(9);
            await page.sounds(12.5);
            const taken = await browser.run(() => window.probe.taken.filter(({ time }) => time > 9.3));
            const heard = Int16Array.from(taken.flatMap(({ samples }) => samples));
            const near = Math.round(taken[0].time * rate);
            const place = find(heard, 6000, 800, sound, near - 24000, near + 24000).place - 6000;
            const { most, many } = differences(heard, 0, sound, place, Math.min(heard.length, 48000));
            report.measure(`${browser.name}: samples of 48000 heard that differ from the export's by more than a step`, many);
            report.measure(`${browser.name}: the element's clock is so many ms from what is heard`, Math.round(((near - place) / rate) * 1000));
            expect("the export's own samples", many === 0, { most, many });
        });
    }

    await report.test(browser, "ended early, it says so, goes on when asked, and nothing failed", async () => {
        await page.done();
        const time = await page.time();
        await browser.click(".end .second");
        await page.sounds(time);
        expect("no error", (await page.errors()).length === 0, await page.errors());
    });

    await report.test(browser, "at the end it thanks, and keeps a line in the log", async () => {
        await page.filled(120_000);
        await page.go((await page.duration()) - 3);
        await browser.until("the end's screen", () => document.querySelector("section.end h1")?.textContent);
        const events = await browser.run(() => window.probe.events.slice(-6));
        expect("no error", (await page.errors()).length === 0 && !events.some(({ name }) => name === "error"), { errors: await page.errors(), events });
        const text = await browser.run(() => document.querySelector("section.end h1").textContent);
        expect("thanks", /thank/i.test(text), text);
    });
    await host.end();
}

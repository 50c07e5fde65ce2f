// The page in words: what a person does on it, and what stands there. Only this file knows its elements.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Host } from "./host.mjs";

const PROBE = readFileSync(new URL("probe.js", import.meta.url), "utf8");

/** A host of the site whose page has the probe in it, on an address of its own: no test sees what another one stored. */
export function probed(site, { wishes = {}, changed = {}, ...options } = {}) {
    const index = readFileSync(join(site, "index.html"), "utf8");
    if (!index.includes("<head>")) throw new Error("expected a <head> in index.html");
    return new Host(site, {
        ...options,
        changed: {
            "index.html": index.replace("<head>", '<head><script src="probe.js"></script>'),
            "probe.js": `const PROBE = ${JSON.stringify(wishes)};\n${PROBE}`,
            ...changed,
        },
    }).begin();
}

export class Page {
    constructor(browser, host) {
        Object.assign(this, { browser, host });
    }

    /** The first screen, when it can be used. */
    async home(hash = "") {
        await this.browser.open(this.host.address + hash);
        await this.browser.until("the first screen has routines", () => document.querySelector(".cards .card, section.narrow, section.detail") !== null);
    }

    /** One routine's screen, by its card, when its length is known. */
    async choose(name) {
        await this.browser.click(`a.card[href="#routine/${encodeURIComponent(name)}"]`);
        await this.ready();
    }

    ready() {
        return this.browser.until("the routine can be begun", () => {
            const begin = document.querySelector(".detail .round");
            return begin !== null && !begin.disabled && document.querySelector(".detail .picture svg") !== null;
        });
    }

    /** The engine has answered all that the screen asked, as it has when a person presses the button. */
    calm() {
        return this.browser.until("a calm engine", () => window.probe.waiting === 0 && performance.now() > window.probe.answered + 300);
    }

    /** Moves the slider of a routine's length, as fingers do, to the last stop that is not above so many seconds. */
    async length(seconds) {
        await this.calm();
        return this.browser.run(seconds => {
            const slider = document.querySelector(".detail input[type=range]");
            // Where the slider stands is a stop; what that comes to is told in words.
            const said = text => text.split(",")[0].match(/\d+ \w+/g).reduce((sum, part) => sum + parseInt(part) * (/hour/.test(part) ? 3600 : /minute/.test(part) ? 60 : 1), 0);
            let best = 0;
            for (let stop = 0; stop <= Number(slider.max); stop++) {
                slider.value = stop;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                if (said(slider.getAttribute("aria-valuetext")) <= seconds) best = stop;
                else break;
            }
            slider.value = best;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            return said(slider.getAttribute("aria-valuetext"));
        }, seconds);
    }

    /** The big round button. */
    begin() {
        return this.browser.click(".detail .round");
    }

    /** The whole way to a routine that sounds. */
    async play(name, { seconds = 0 } = {}) {
        await this.home();
        await this.choose(name);
        if (seconds) await this.length(seconds);
        await this.begin();
        await this.sounds();
    }

    /** It sounds, and goes on. */
    async sounds(beyond = 0.3, within) {
        await this.browser.until(`it sounds beyond ${beyond} s`, beyond => window.probe.element && !window.probe.element.paused && window.probe.element.currentTime > beyond, { args: [beyond], within });
    }

    time() {
        return this.browser.run(() => window.probe.element.currentTime);
    }

    duration() {
        return this.browser.run(() => window.probe.element.duration);
    }

    /** Waits until all of the session is in the element. */
    filled(within) {
        return this.browser.until("all of it is buffered", () => {
            const element = window.probe.element;
            const [, end] = window.probe.ahead(element);
            return end > element.duration - 0.1 && { end, time: element.currentTime, duration: element.duration };
        }, { within });
    }

    /** Waits until all of the session is encoded. A managed source takes no more than it wants; what it has not taken waits in the page. */
    encoded(within) {
        return this.browser.until("all of it is encoded", () => window.probe.encoded.isWhole && { time: window.probe.element.currentTime, duration: window.probe.element.duration }, { within });
    }

    /** Longer, Let go, Less talk: and what is said to it. */
    async wish(text) {
        const buttons = await this.browser.run(() => [...document.querySelectorAll(".play .wishes button")].map(button => button.textContent));
        await this.browser.click(`.play .wishes button:nth-child(${buttons.indexOf(text) + 1})`);
    }

    /** To a place in a session, as the lock screen does. */
    go(seconds) {
        return this.browser.run(seconds => void (window.probe.element.currentTime = seconds), seconds);
    }

    /** What stands on the screen of a session. */
    screen() {
        return this.browser.run(() => {
            const text = name => document.querySelector(`.play .${name}`)?.textContent ?? null;
            return { time: window.probe.element.currentTime, pose: text("pose"), about: text("about"), said: text("said"), left: text("left"), next: text("next"), trouble: document.querySelector(".play .trouble")?.hidden ? "" : text("trouble"), title: document.title };
        });
    }

    async done() {
        await this.browser.click(".play .ends button:last-child");
        await this.browser.until("the end's screen", () => document.querySelector("section.end") !== null);
    }

    errors() {
        return this.browser.run(() => window.probe.errors);
    }

    /** What was appended, until now. */
    async fragments() {
        const found = await this.browser.run(() => window.probe.fragments());
        return found.map(one => ({ ...one, bytes: Buffer.from(one.base64, "base64") }));
    }

    wishes() {
        return this.browser.run(() => window.probe.wishes());
    }
}

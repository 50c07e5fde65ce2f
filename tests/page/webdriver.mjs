// A small client of the W3C WebDriver protocol: what these tests ask of a browser, over HTTP.
import { setTimeout as sleep } from "node:timers/promises";

/** The key under which WebDriver names an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A busy machine may take this long for anything; no test passes or fails by less. */
export const PATIENCE_MS = 60_000;

/** One browser, driven through the driver that listens at `driver`. */
export class Browser {
    constructor(driver, name) {
        this.driver = driver;
        this.name = name;
        this.session = null;
    }

    async begin(capabilities) {
        const value = await this.#ask("POST", `${this.driver}/session`, { capabilities: { alwaysMatch: capabilities } });
        this.session = `${this.driver}/session/${value.sessionId}`;
        await this.#post("timeouts", { script: 4 * PATIENCE_MS, pageLoad: 2 * PATIENCE_MS, implicit: 0 });
        return value.capabilities;
    }

    async end() {
        if (this.session) await this.#ask("DELETE", this.session).catch(() => {});
        this.session = null;
    }

    open(address) {
        return this.#post("url", { url: address });
    }

    reload() {
        return this.#post("refresh", {});
    }

    back() {
        return this.#post("back", {});
    }

    address() {
        return this.#get("url");
    }

    /** Runs `body`, a function or its text, in the page and tells what it returns. */
    run(body, ...args) {
        return this.#post("execute/sync", { script: asBody(body), args });
    }

    /** The same for a function that returns a promise. */
    async later(body, ...args) {
        const script = `const tell = arguments[arguments.length - 1];
            (async () => { ${asBody(body)} }).apply(null, Array.prototype.slice.call(arguments, 0, -1))
                .then(value => tell({ value }), error => tell({ error: String(error && error.stack || error) }));`;
        const { value, error } = await this.#post("execute/async", { script, args });
        if (error !== undefined) throw new Error(error);
        return value;
    }

    /** Waits until `body` returns something true in the page, and tells it. */
    async until(what, body, { args = [], within = PATIENCE_MS, every = 50 } = {}) {
        const end = Date.now() + within;
        let last;
        for (;;) {
            try {
                last = await this.run(body, ...args);
                if (last) return last;
            } catch (error) {
                // A page that is being left answers nothing; the next one may.
                last = error.message;
            }
            if (Date.now() > end) throw new Error(`expected within ${within / 1000} s: ${what}; last answer: ${JSON.stringify(last)}`);
            await sleep(every);
        }
    }

    async find(selector) {
        const found = await this.#post("element", { using: "css selector", value: selector });
        return found[ELEMENT];
    }

    /** Clicks like a finger: the element is scrolled to, has to be visible, and nothing may lie upon it. */
    async click(selector) {
        const element = typeof selector === "string" ? await this.find(selector) : selector[ELEMENT];
        await this.#post(`element/${element}/click`, {});
    }

    /** Presses keys, as they are written in the text. */
    async type(selector, text) {
        await this.#post(`element/${await this.find(selector)}/value`, { text });
    }

    async resize(width, height) {
        await this.#post("window/rect", { width, height });
    }

    async picture() {
        return Buffer.from(await this.#get("screenshot"), "base64");
    }

    /** A command of Chromium's debugging protocol. */
    cdp(cmd, params = {}) {
        return this.#post("goog/cdp/execute", { cmd, params });
    }

    /** What the page and the browser wrote to the console since the last time; Chromium alone keeps it. */
    async console() {
        return this.#post("se/log", { type: "browser" });
    }

    #get(path) {
        return this.#ask("GET", `${this.session}/${path}`);
    }

    #post(path, body) {
        return this.#ask("POST", `${this.session}/${path}`, body);
    }

    async #ask(method, address, body) {
        const answer = await fetch(address, {
            method,
            headers: { "content-type": "application/json; charset=utf-8" },
            body: body === undefined ? undefined : JSON.stringify(body),
            signal: AbortSignal.timeout(5 * PATIENCE_MS),
        });
        const { value } = await answer.json();
        if (!answer.ok) throw new Error(`${this.name}: ${value.error}: ${value.message}`);
        return value;
    }
}

/** The text of a function's call, as WebDriver takes it; a text is taken as it is. */
function asBody(body) {
    return typeof body === "function" ? `return (${body}).apply(null, arguments);` : body;
}

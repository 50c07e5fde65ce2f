// Runs tests one after the other and tells it in TAP. A test is a sentence and what shows that it holds.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const slug = text => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 70);

export class Report {
    constructor(folder, wanted) {
        Object.assign(this, { folder, wanted, count: 0, failed: [] });
        mkdirSync(join(folder, "shots"), { recursive: true });
        console.log("TAP version 13");
    }

    /** Keeps a number under a name, for `measured.json` and whoever reads along. */
    measure(name, value) {
        console.log(`#   ${name}: ${JSON.stringify(value)}`);
        // Another run may write beside this one.
        const path = join(this.folder, "measured.json");
        const before = existsSync(path) ? JSON.parse(readFileSync(path, "utf8") || "{}") : {};
        writeFileSync(`${path}.${process.pid}`, `${JSON.stringify({ ...before, [name]: value }, null, 2)}\n`);
        renameSync(`${path}.${process.pid}`, path);
    }

    wants(sentence) {
        return !this.wanted || sentence.includes(this.wanted);
    }

    /** Whether it holds; a test that is not wanted is no failure. `after` tidies up, when a failure's evidence is taken. */
    async test(browser, sentence, body, after = () => {}) {
        const name = `${browser.name}: ${sentence}`;
        if (!this.wants(name)) return true;
        this.count += 1;
        const begun = Date.now();
        try {
            await body();
            console.log(`ok ${this.count} - ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
            return true;
        } catch (error) {
            this.failed.push(name);
            console.log(`not ok ${this.count} - ${name}`);
            console.log(String(error.stack ?? error).replace(/^/gm, "    "));
            await this.#evidence(browser, slug(name)).catch(lost => console.log(`    no picture: ${lost.message}`));
            return false;
        } finally {
            await after();
        }
    }

    /** What the browser shows and says at a failure. */
    async #evidence(browser, name) {
        writeFileSync(join(this.folder, `${name}.png`), await browser.picture());
        const seen = await browser.run(() => ({ address: location.href, text: document.body.innerText, errors: window.probe?.errors, events: window.probe?.events }));
        seen.console = browser.name === "chromium" ? await browser.console() : "see errors";
        writeFileSync(join(this.folder, `${name}.json`), `${JSON.stringify(seen, null, 2)}\n`);
        console.log(`    ${join(this.folder, name)}.png, .json`);
    }

    end() {
        console.log(`1..${this.count}`);
        for (const name of this.failed) console.log(`# failed: ${name}`);
        return this.failed.length > 0 || this.count === 0 ? 1 : 0;
    }
}

/** An expectation in words. */
export function expect(what, holds, found) {
    if (!holds) throw new Error(`expected ${what}${found === undefined ? "" : `, found ${typeof found === "string" ? found : JSON.stringify(found)}`}`);
}

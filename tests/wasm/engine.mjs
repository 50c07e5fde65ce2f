// The engine of the page, in Node: what web/page/worker.js does in a browser, with files of the project in place of fetched ones.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const project = fileURLToPath(new URL("../..", import.meta.url));

/** The module: the file ENGINE, or the one that is committed. */
export function engineModule() {
    if (process.env.ENGINE) return readFileSync(process.env.ENGINE);
    return execFileSync("xz", ["-dc", join(project, "web/page/engine.wasm.xz")], { maxBuffer: 1 << 26 });
}

/** The files of the built-in voices, as a site has them: paths and sizes. */
export function builtInFiles() {
    const files = [];
    const walk = (folder) => {
        for (const entry of readdirSync(join(project, folder), { withFileTypes: true })) {
            const path = `${folder}/${entry.name}`;
            if (entry.isDirectory()) walk(path);
            else if (/\.(opus|toml)$/.test(entry.name)) files.push([path, statSync(join(project, path)).size]);
        }
    };
    walk("voice_clips");
    return files;
}

export class Engine {
    /** `read` gives the bytes of a file by its path; `null` where the host does not have it. */
    constructor(module, files, read = (path) => readFileSync(join(project, path))) {
        this.read = read;
        this.progress = [];
        const page = { progress: (share) => this.progress.push(share) };
        this.exports = new WebAssembly.Instance(new WebAssembly.Module(module), { page }).exports;
        this.ask({ do: "begin", files });
    }

    #put(bytes) {
        const at = this.exports.room(bytes.length);
        new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    }

    /** A request's reply, whatever it is. */
    call(request) {
        this.#put(Buffer.from(JSON.stringify(request)));
        const bytes = this.exports.call();
        return JSON.parse(Buffer.from(this.exports.memory.buffer, this.exports.room_at(), bytes));
    }

    /** A request's answer; files that it wants are handed over. */
    ask(request) {
        for (;;) {
            const reply = this.call(request);
            if (reply.ok) return reply.ok;
            if (!reply.wanting) throw new Error(reply.error);
            for (const path of reply.wanting) this.#give(path);
        }
    }

    #give(path) {
        const bytes = this.read(path);
        if (bytes === null) return void this.call({ do: "lost", path });
        const name = Buffer.from(path);
        this.#put(Buffer.concat([name, bytes]));
        this.exports.give(name.length);
    }

    /** What the last request made besides its answer. */
    out() {
        return Buffer.from(new Uint8Array(this.exports.memory.buffer, this.exports.out_at(), this.exports.out_bytes()));
    }
}

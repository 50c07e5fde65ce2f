// A web host that hands out a folder, as any does: types, byte ranges, gzip where it helps. It remembers what it was asked.
import { readFileSync, statSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".toml": "text/plain; charset=utf-8",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
};
/** What hosts compress by themselves. */
const COMPRESSED = new Set([".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".svg", ".wasm", ".toml"]);

/** Bytes that go over a slow line at once. */
const PIECE = 4096;

export class Host {
    /**
     * `folder` is handed out below `/room/`, so that no address of the page may begin with a slash.
     * `lost`: a function of the path; where it says true, the file is not there. `delay`: milliseconds before an answer.
     * `changed`: paths with other bytes than the folder's. `line`: bits a second that all answers together may take, as on a slow
     * connection; the debugging protocol slows a page's own requests alone, and those of its workers not.
     */
    constructor(folder, { gzip = true, delay = () => 0, lost = () => false, changed = {}, headers = {}, below = "/room/", line = null } = {}) {
        Object.assign(this, { folder, gzip, delay, lost, changed, headers, below, line });
        this.free = 0;
        this.asked = [];
        this.off = false;
        this.compressed = new Map();
        this.server = createServer((request, answer) => this.#serve(request, answer).catch(error => answer.destroy(error)));
    }

    async begin() {
        await new Promise(done => this.server.listen(0, "127.0.0.1", done));
        this.port = this.server.address().port;
        this.origin = `http://localhost:${this.port}`;
        this.address = this.origin + this.below;
        return this;
    }

    async end() {
        this.server.closeAllConnections();
        await new Promise(done => this.server.close(done));
    }

    /** What was asked since `from`, and how many bytes of bodies went out for it. */
    sent(from = 0) {
        const asked = this.asked.slice(from);
        return { paths: asked.map(one => one.path), bytes: asked.reduce((sum, one) => sum + one.bytes, 0), asked };
    }

    async #serve(request, answer) {
        const path = decodeURIComponent(new URL(request.url, this.origin).pathname);
        const inside = path.startsWith(this.below) ? normalize(path.slice(this.below.length)) : null;
        const record = { path: inside ?? path, method: request.method, status: 0, bytes: 0, at: Date.now() };
        this.asked.push(record);
        if (this.off) return answer.destroy();
        const delay = this.delay(record.path);
        if (delay) await sleep(delay);
        const finish = (status, headers, body) => {
            record.status = status;
            record.bytes = request.method === "HEAD" ? 0 : body.length;
            answer.writeHead(status, { ...headers, "content-length": body.length, "cache-control": "max-age=0", ...this.headers });
            if (request.method === "HEAD") answer.end();
            else this.#send(answer, body);
        };
        if (request.method !== "GET" && request.method !== "HEAD") return finish(405, {}, Buffer.from("method not allowed"));
        const body = inside === null || inside.startsWith("..") || this.lost(inside) ? null : this.#bytes(inside);
        if (!body) return finish(404, { "content-type": "text/plain" }, Buffer.from("not found"));
        const kind = extname(inside) || ".html";
        const headers = { "content-type": TYPES[kind] ?? "application/octet-stream", "accept-ranges": "bytes" };
        const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
        if (range) {
            const [first, last] = [Number(range[1]), Math.min(range[2] ? Number(range[2]) : Infinity, body.length - 1)];
            if (first > last) return finish(416, { "content-range": `bytes */${body.length}` }, Buffer.alloc(0));
            return finish(206, { ...headers, "content-range": `bytes ${first}-${last}/${body.length}` }, body.subarray(first, last + 1));
        }
        if (this.gzip && COMPRESSED.has(kind) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
            return finish(200, { ...headers, "content-encoding": "gzip", vary: "accept-encoding" }, this.#packed(inside, body));
        }
        finish(200, headers, body);
    }

    /** In pieces that share the line with those of other answers. */
    async #send(answer, body) {
        if (!this.line) return answer.end(body);
        for (let at = 0; at < body.length && !answer.destroyed; at += PIECE) {
            const piece = body.subarray(at, at + PIECE);
            const from = Math.max(this.free, performance.now());
            this.free = from + ((piece.length * 8) / this.line) * 1000;
            await sleep(Math.max(0, this.free - performance.now()));
            answer.write(piece);
        }
        answer.end();
    }

    #bytes(inside) {
        if (inside === "." || inside.endsWith("/")) inside = join(inside, "index.html");
        if (Object.hasOwn(this.changed, inside)) return Buffer.from(this.changed[inside]);
        const path = join(this.folder, inside);
        return existsSync(path) && statSync(path).isFile() ? readFileSync(path) : null;
    }

    #packed(inside, body) {
        const known = this.compressed.get(inside);
        if (known?.of.equals(body)) return known.packed;
        const packed = gzipSync(body);
        this.compressed.set(inside, { of: body, packed });
        return packed;
    }
}

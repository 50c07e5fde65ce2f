// Renders every built-in routine by the module and compares it, sample by sample, with the WAV that the program wrote.
//
//   node compare.mjs MODULE CATCOW VOICE...
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modulePath, catcow, ...voices] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(modulePath));
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) {
    console.error("expected a module that imports nothing, found", imports);
    process.exit(1);
}
const { exports: engine } = new WebAssembly.Instance(module, {});
const bytes = (pointer, length) => new Uint8Array(engine.memory.buffer, pointer, length);
const text = () => new TextDecoder().decode(bytes(engine.text(engine.text_length()), engine.text_length()));

function open(routine, voice) {
    const names = new TextEncoder().encode(`${routine}\n${voice}`);
    bytes(engine.text(names.length), names.length).set(names);
    if (!engine.open()) throw new Error(`${routine} by ${voice}: ${text()}`);
}

/** The 16-bit samples of a WAV that the program wrote: its last chunk. */
function samplesOf(path) {
    const file = readFileSync(path);
    const data = file.indexOf("data", 12, "latin1") + 8;
    return new Int16Array(file.buffer.slice(file.byteOffset + data, file.byteOffset + data + file.readUInt32LE(data - 4)));
}

engine.routines();
const routines = text().split("\n");
if (routines.length < 5) throw new Error(`expected the built-in routines, found ${routines}`);
const folder = mkdtempSync(join(tmpdir(), "catcow-wasm-"));
let differing = 0, all = 0, wrong = 0;
try {
    for (const voice of voices) {
        for (const routine of routines) {
            const path = join(folder, "native.wav");
            execFileSync(catcow, ["-q", "export", routine, "--voice", voice, "--wake=false", "-o", path], {
                env: { PATH: process.env.PATH, CATCOW_HOME: join(folder, "none"), CATCOW_CONFIG: join(folder, "none.toml") },
            });
            const native = samplesOf(path);
            open(routine, voice);
            const [frames, channels] = [Number(engine.frames()), engine.channels()];
            if (frames * channels !== native.length) {
                console.error(`${routine} by ${voice}: ${frames} frames here, ${native.length / channels} in the file`);
                wrong += 1;
                continue;
            }
            let [different, most] = [0, 0];
            const CHUNK = 48000;
            for (let start = 0; start < frames; start += CHUNK) {
                const count = Math.min(CHUNK, frames - start);
                const pointer = engine.fill(BigInt(start), count);
                if (pointer === 0) throw new Error(`${routine} by ${voice}: cannot render frame ${start}`);
                const here = new Int16Array(engine.memory.buffer, pointer, count * channels);
                const there = native.subarray(start * channels, (start + count) * channels);
                if (Buffer.compare(Buffer.from(here.buffer, pointer, here.byteLength), Buffer.from(there.buffer, there.byteOffset, there.byteLength)) === 0) continue;
                for (let at = 0; at < here.length; at++) {
                    const by = Math.abs(here[at] - there[at]);
                    if (by > 0) different += 1;
                    if (by > most) most = by;
                }
            }
            console.log(`${routine} by ${voice}: ${frames} frames, ${different} samples differ, by ${most} at most`);
            differing += different;
            all += native.length;
        }
    }
} finally {
    rmSync(folder, { recursive: true });
}
console.log(`${differing} of ${all} samples differ`);
process.exit(wrong > 0 || all === 0 || differing > Number(process.env.DIFFERING_AT_MOST ?? 0) ? 1 : 0);

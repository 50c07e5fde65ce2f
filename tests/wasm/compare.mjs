// Renders every built-in routine by the engine of the page and compares it, sample by sample, with the WAV that the program wrote.
//
//   node compare.mjs CATCOW VOICE...
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine, builtInFiles, engineModule, project } from "./engine.mjs";

const [catcow, ...voices] = process.argv.slice(2);
const engine = new Engine(engineModule(), builtInFiles());

/** The 16-bit samples of a WAV that the program wrote: its last chunk. */
function samplesOf(path) {
    const file = readFileSync(path);
    const data = file.indexOf("data", 12, "latin1") + 8;
    return file.subarray(data, data + file.readUInt32LE(data - 4));
}

const routines = readdirSync(join(project, "routines")).filter((name) => name.endsWith(".toml")).map((name) => name.slice(0, -5));
if (routines.length < 5) throw new Error(`expected the built-in routines, found ${routines}`);
const folder = mkdtempSync(join(tmpdir(), "catcow-wasm-"));
const env = { PATH: process.env.PATH, CATCOW_HOME: join(folder, "none"), CATCOW_CONFIG: join(folder, "none.toml") };
let [differing, all, wrong] = [0, 0, 0];
try {
    for (const voice of voices) {
        for (const routine of routines) {
            const path = join(folder, "native.wav");
            execFileSync(catcow, ["-q", "export", routine, "--voice", voice, "--rate", "24000", "--mono", "-o", path], { env });
            const native = samplesOf(path);
            const plan = engine.ask({ do: "open", wishes: { routine, voice } });
            if (plan.frames * plan.channels * 2 !== native.length) {
                console.error(`${routine} by ${voice}: ${plan.frames} frames here, ${native.length / 2} samples in the file`);
                wrong += 1;
                continue;
            }
            let [different, most] = [0, 0];
            const CHUNK = 48_000;
            for (let frame = 0; frame < plan.frames; frame += CHUNK) {
                const frames = Math.min(CHUNK, plan.frames - frame);
                engine.ask({ do: "render", frame, frames });
                const here = engine.out();
                const there = native.subarray(frame * 2, (frame + frames) * 2);
                if (Buffer.compare(here, there) === 0) continue;
                for (let at = 0; at < here.length; at += 2) {
                    const by = Math.abs(here.readInt16LE(at) - there.readInt16LE(at));
                    if (by > 0) different += 1;
                    if (by > most) most = by;
                }
            }
            console.log(`${routine} by ${voice}: ${plan.frames} frames, ${different} samples differ, by ${most} at most`);
            if (most > 1) wrong += 1;
            differing += different;
            all += plan.frames;
        }
    }
} finally {
    rmSync(folder, { recursive: true });
}
console.log(`${differing} of ${all} samples differ`);
process.exit(wrong > 0 || all === 0 || differing > Number(process.env.DIFFERING_AT_MOST ?? 0) ? 1 : 0);

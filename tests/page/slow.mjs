// Slows the processes that run a page: a duty cycle of SIGSTOP and SIGCONT. The debugging protocol's `Emulation.setCPUThrottlingRate`
// slows a page's main thread alone, and the engine works in a worker.
import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { Worker, isMainThread, workerData, parentPort } from "node:worker_threads";

/** Short beside what is measured, long beside a timer's error. */
const PERIOD_MS = 20;
/** Periods after which it is looked for new processes. */
const LOOK_AGAIN = 25;

/** All processes below `root`, with the lines they were started by. */
function descendants(root) {
    const children = new Map();
    for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
            const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
            if (!children.has(parent)) children.set(parent, []);
            children.get(parent).push(Number(pid));
        } catch {
            // It has ended since.
        }
    }
    const found = [];
    const visit = pid => (children.get(pid) ?? []).forEach(child => (found.push(child), visit(child)));
    visit(root);
    return found;
}

/** The processes in which pages run: their script, workers and decoders. */
export function pageProcesses(driverPid) {
    return descendants(driverPid).filter(pid => {
        try {
            const line = readFileSync(`/proc/${pid}/cmdline`, "latin1");
            return line.includes("--type=renderer") || line.split("\0")[0].endsWith("WebKitWebProcess");
        } catch {
            return false;
        }
    });
}

/** Memory that those processes have for themselves, in bytes. */
export function memoryOf(pids) {
    return pids.reduce((sum, pid) => {
        try {
            const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
            return sum + [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].reduce((kb, match) => kb + Number(match[1]), 0) * 1024;
        } catch {
            return sum;
        }
    }, 0);
}

/**
 * Lets the pages of a driver run for one `times`th of the time, until the function that it tells is called; that one tells in turn
 * how many times slower it really was, as far as it stopped them.
 */
export async function slow(driverPid, times) {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const spent = new Float64Array(new SharedArrayBuffer(16));
    const worker = new Worker(new URL(import.meta.url), { workerData: { driverPid, times, stop, spent } });
    await new Promise((done, failed) => worker.once("message", done).once("error", failed));
    return async () => {
        const ended = new Promise(done => worker.once("exit", done));
        Atomics.store(stop, 0, 1);
        Atomics.notify(stop, 0);
        await ended;
        const [ran, stopped] = spent;
        return Math.round(((ran + stopped) / Math.max(1, ran)) * 10) / 10;
    };
}

function signal(pids, name) {
    for (const pid of pids) {
        try {
            process.kill(pid, name);
        } catch {
            // It has ended since.
        }
    }
}

if (!isMainThread && workerData?.driverPid) {
    const { driverPid, times, stop, spent } = workerData;
    let pids = pageProcesses(driverPid);
    try {
        // This thread alone, before those that it slows; only an administrator may.
        setPriority(0, -15);
    } catch {
        // Then a busy machine makes the slowing less even.
    }
    parentPort.postMessage("begun");
    // What a late timer gave to one half is given to the other, but for what a busy machine took from this loop itself.
    let owed = 0;
    for (let turn = 1; Atomics.load(stop, 0) === 0; turn++) {
        const begun = performance.now();
        signal(pids, "SIGSTOP");
        // A new address may have a process of its own.
        if (turn % LOOK_AGAIN === 0) {
            const now = pageProcesses(driverPid);
            signal(now.filter(pid => !pids.includes(pid)), "SIGSTOP");
            pids = now;
        }
        const wanted = Math.max(1, owed + PERIOD_MS * (1 - 1 / times));
        Atomics.wait(stop, 0, 0, Math.max(0.1, wanted - (performance.now() - begun)));
        signal(pids, "SIGCONT");
        const went = performance.now();
        Atomics.wait(stop, 0, 0, PERIOD_MS / times);
        const ran = performance.now() - went;
        spent[0] += ran;
        spent[1] += went - begun;
        owed = Math.max(-5 * PERIOD_MS, Math.min(1000, (ran - PERIOD_MS / times) * (times - 1) + wanted - (went - begun)));
    }
    signal(pids, "SIGCONT");
}

// The program, asked for what the page was asked for.
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CATCOW = process.env.CATCOW;
const folder = mkdtempSync(join(tmpdir(), "catcow-page-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const environment = { PATH: process.env.PATH, CATCOW_HOME: join(folder, "none"), CATCOW_CONFIG: join(folder, "none.toml") };

function run(...args) {
    return execFileSync(CATCOW, args, { env: environment, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
}

/** The wishes that the page sends to its engine, as options of the command line. */
function options(wishes) {
    const args = wishes.routine ? [wishes.routine] : [];
    const list = (name, values) => (values ?? []).forEach(value => args.push(`--${name}`, value));
    const { compose } = wishes;
    if (compose) {
        args.push("--for", `${compose.minutes}m`);
        if (compose.within) args.push(`--${compose.within}`);
        for (const what of compose.no ?? []) args.push(`--no-${what}`);
        for (const name of ["focus", "avoid", "with"]) list(name, compose[name]);
        for (const name of ["mood", "seed"]) if (compose[name]) args.push(`--${name}`, compose[name]);
    }
    for (const name of ["voice", "guidance", "level", "tone", "bed"]) if (wishes[name] != null) args.push(`--${name}`, String(wishes[name]));
    if (wishes.length) args.push("--length", `${wishes.length}s`);
    for (const name of ["without", "only", "more"]) list(name, wishes[name]);
    if (wishes.wake !== undefined) args.push(`--wake=${wishes.wake}`);
    return args;
}

/** The plan that the program makes of the same wishes. */
export function planOf(wishes) {
    return JSON.parse(run("plan", "--json", ...options(wishes)));
}

/** The file that the program writes of the same wishes. */
export function exportOf(wishes, ...more) {
    const path = join(folder, "session.m4a");
    run("-q", "export", ...options(wishes), "-o", path, ...more);
    const bytes = readFileSync(path);
    rmSync(path);
    return bytes;
}

/** A site of these routines. */
export function siteOf(name, ...routines) {
    const path = join(folder, name);
    run("-q", "site", path, ...routines);
    return path;
}

/** A folder that is gone when the tests are. */
export function scratch(name) {
    return join(folder, name);
}

/** What `catcow today --dry-run` says, a line each, to whoever follows a programme since a day and practised these sessions. */
export function todayOf(programme, since, log) {
    const home = join(folder, `home-${(homes += 1)}`);
    const options = { env: { ...environment, CATCOW_HOME: home }, encoding: "utf8" };
    for (const { date, routine, seconds, finished, before, after } of log) {
        const pain = before === null ? [] : ["--pain", `${before},${after}`];
        execFileSync(CATCOW, ["-q", "log", "--add", routine, "--on", date, "--length", `${seconds}s`, ...pain, ...(finished ? [] : ["--unfinished"])], options);
    }
    mkdirSync(home, { recursive: true });
    appendFileSync(join(home, "log.tsv"), `# ${since} programme: ${programme}\n`);
    return execFileSync(CATCOW, ["today", "--dry-run"], options).trim().split("\n").filter(Boolean);
}
let homes = 0;

// What the page can rely on from its engine, as the page asks it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine, builtInFiles, engineModule, project } from "./engine.mjs";

const module = engineModule();
const files = builtInFiles();
const engine = (read) => new Engine(module, files, read);
const SECOND = 24_000;

/** The boxes of an MP4, by kind, in order. */
function boxes(bytes) {
    const found = [];
    for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
        found.push({ kind: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + bytes.readUInt32BE(at)) });
    }
    return found;
}

/** What is in the fragments from where the stream stands to its end. */
function rest(page) {
    const pieces = [];
    for (;;) {
        const piece = page.ask({ do: "encode", packets: 480 });
        if (piece.packets > 0) pieces.push({ ...piece, sound: boxes(page.out()).find((box) => box.kind === "mdat").body });
        if (piece.end) return pieces;
    }
}

test("streamed from the start, a session has the bytes of its saved file", () => {
    const page = engine();
    page.ask({ do: "open", wishes: { routine: "sigh" } });
    const streamed = Buffer.concat(rest(page).map((piece) => piece.sound));
    page.ask({ do: "save", date: "2026-03-01" });
    const saved = boxes(page.out()).find((box) => box.kind === "mdat").body;
    assert.ok(streamed.length > 50_000);
    assert.ok(saved.subarray(saved.length - streamed.length).equals(streamed));
});

test("only what is heard soon has to be there before the first sound", () => {
    let fetched = 0;
    const page = engine((path) => {
        const bytes = readFileSync(join(project, path));
        fetched += bytes.length;
        return bytes;
    });
    page.ask({ do: "open", wishes: { routine: "gentle-back", length: 1200 } });
    page.ask({ do: "encode", packets: 48 });
    assert.ok(fetched < 150_000, `${fetched} bytes`);
});

test("holding longer changes what comes, by what is said, and nothing that was heard", () => {
    const page = engine();
    const before = page.ask({ do: "open", wishes: { routine: "lying-down" } });
    const hold = before.phases.find((phase) => phase.phase === "hold" && phase.frames > 20 * SECOND);
    const at = hold.start + 5 * SECOND;
    const longer = page.ask({ do: "longer", frame: at });
    assert.equal(longer.changed, true);
    assert.ok(longer.plan.frames - before.frames >= 25 * SECOND, "about half a minute or five breaths, on each side");
    assert.ok(longer.packet * 1024 <= at && longer.packet * 1024 > at - 2048);
    assert.ok(longer.said.length > 0);
    const first = page.ask({ do: "encode", packets: 48 });
    assert.equal(first.packet, longer.packet);
    const words = (plan) => plan.words.filter((word) => word.start < at).map((word) => [word.cue, word.start]);
    assert.deepEqual(words(longer.plan), words(before));
});

test("letting go, saying less and seeking move the stream to where it is heard", () => {
    const page = engine();
    const before = page.ask({ do: "open", wishes: { routine: "lying-down" } });
    const hold = before.phases.find((phase) => phase.phase === "hold" && phase.frames > 20 * SECOND);
    const gone = page.ask({ do: "let-go", frame: hold.start + 5 * SECOND });
    assert.ok(gone.changed && gone.plan.frames < before.frames);
    assert.equal(page.ask({ do: "less", frame: hold.start + 6 * SECOND }).changed, true);
    const { packet } = page.ask({ do: "seek", frame: 100 * SECOND });
    assert.equal(page.ask({ do: "encode", packets: 48 }).packet, packet);
    assert.equal(page.ask({ do: "longer", frame: 0 }).changed, false);
});

test("a composed session is the same on the same day and says why", () => {
    const wishes = { compose: { minutes: 12, within: "lying", avoid: ["knees"], seed: "2026-11-27" } };
    const [one, other] = [engine().ask({ do: "plan", wishes }), engine().ask({ do: "plan", wishes })];
    assert.equal(one.frames, 12 * 60 * SECOND);
    assert.deepEqual(one, other);
    assert.ok(one.why.length > 2 && one.why.every(({ why }) => why.length > 0));
});

test("what is wrong is told in a sentence, and the engine goes on", () => {
    const page = engine();
    for (const [wishes, words] of [
        [{ routine: "nothing" }, /expected a routine/],
        [{ routine: "sigh", voice: "nobody" }, /expected a voice/],
        [{ routine: "sigh", level: 9 }, /1 to 5/],
        [{ routine: "sigh", bed: "../../secret.wav" }, /rain, ocean, drone/],
        [{ routine: "gentle-back", length: 1 }, /4:44 to 1:43:31/],
        [{ routine: "gentle-back", length: -1 }, /a length/],
        [{ compose: { minutes: 1e9, seed: "" } }, /a length/],
    ]) {
        assert.throws(() => page.ask({ do: "plan", wishes }), words);
    }
    assert.match(page.call({ do: "dance" }).error, /does not know/);
    assert.match(page.call({ do: "encode", packets: 1 }).error, /no session/);
    assert.ok(page.ask({ do: "plan", wishes: { routine: "sigh" } }).frames > 0);
});

test("a recording that the host does not have is named", () => {
    const page = engine((path) => (path.endsWith("safety/stop.opus") ? null : readFileSync(join(project, path))));
    page.ask({ do: "open", wishes: { routine: "gentle-back" } });
    assert.throws(() => rest(page), /safety\/stop\.opus/);
});

test("a programme says what is due and why, and the log what its weeks have brought", () => {
    const page = engine();
    const [first] = page.ask({ do: "programmes" });
    assert.ok(first.title.length > 0 && first.weeks > 0);
    const asked = { do: "today", programme: "six-weeks-back", since: 20_000, wishes: {} };
    const { due, rest } = page.ask({ ...asked, today: 20_000, log: [] });
    assert.equal(rest, null);
    assert.equal(due.week, 1);
    assert.ok(due.why.length > 0, "a first session is gentle, and says so");
    const done = { day: 20_000, second: 36_000, routine: due.routine, seconds: 900, finished: true, before: 3, after: 6 };
    const later = page.ask({ ...asked, today: 20_000, log: [done] });
    assert.ok(later.rest.next > 20_000);
    assert.equal(page.ask({ do: "log", today: 20_000, log: [done] }).worse, true);
    const left = (day) => ({ ...done, day, finished: false, before: null, after: null });
    const shorter = page.ask({ ...asked, today: 20_003, log: [left(20_000), left(20_001)] });
    assert.equal(shorter.due.shorter, true);
    assert.ok(shorter.due.length > 200 && shorter.due.level === null);
});

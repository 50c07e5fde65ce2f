// Sound as numbers: decoding by ffmpeg, and where one sound lies in another.
import { execFileSync } from "node:child_process";

/** The 16-bit samples that ffmpeg decodes, as they are in the file: neither resampled nor mixed. */
export function decode(bytes, format) {
    const pcm = execFileSync("ffmpeg", ["-v", "error", "-f", format, "-i", "pipe:0", "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1"], {
        input: bytes,
        maxBuffer: 1 << 30,
    });
    return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~1)));
}

/** How alike `count` samples of two sounds are, from -1 to 1. */
export function alike(one, at, other, place, count) {
    let [both, here, there] = [0, 0, 0];
    for (let each = 0; each < count; each++) {
        const [a, b] = [one[at + each] ?? 0, other[place + each] ?? 0];
        both += a * b;
        here += a * a;
        there += b * b;
    }
    return here && there ? both / Math.sqrt(here * there) : 0;
}

/** Where in `other`, between two places, the `count` samples of `one` from `at` on are found best. */
export function find(one, at, count, other, from, to) {
    let best = { place: -1, alike: -2 };
    for (let place = Math.max(0, from); place < Math.min(to, other.length - count); place++) {
        const found = alike(one, at, other, place, count);
        if (found > best.alike) best = { place, alike: found };
    }
    return best;
}

/** The largest difference between two sounds, and how many samples differ by more than `by`. */
export function differences(one, at, other, place, count, by = 1) {
    let [most, many] = [0, 0];
    for (let each = 0; each < count; each++) {
        const difference = Math.abs(one[at + each] - other[place + each]);
        if (difference > most) most = difference;
        if (difference > by) many += 1;
    }
    return { most, many };
}

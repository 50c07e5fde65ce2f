// What these tests read of MP4: the AAC packets of fragments, and those of a whole file.

function* boxes(bytes, from = 0, to = bytes.length) {
    for (let at = from; at + 8 <= to; ) {
        let size = bytes.readUInt32BE(at);
        let head = 8;
        if (size === 1) [size, head] = [Number(bytes.readBigUInt64BE(at + 8)), 16];
        if (size === 0) size = to - at;
        if (size < head || at + size > to) throw new Error(`a box at ${at} says it is ${size} bytes long`);
        yield { kind: bytes.toString("latin1", at + 4, at + 8), start: at, from: at + head, to: at + size };
        at += size;
    }
}

function inside(bytes, box, ...path) {
    for (const kind of path) {
        const found = [...boxes(bytes, box.from, box.to)].find(one => one.kind === kind);
        if (!found) return null;
        box = found;
    }
    return box;
}

/** The packets of one appended segment: `[{ packet, bytes }]`; none for an initialisation segment. */
export function fragmentPackets(bytes) {
    const found = [];
    for (const moof of [...boxes(bytes)].filter(box => box.kind === "moof")) {
        const tfdt = inside(bytes, moof, "traf", "tfdt");
        const trun = inside(bytes, moof, "traf", "trun");
        const time = bytes[tfdt.from] === 1 ? Number(bytes.readBigUInt64BE(tfdt.from + 4)) : bytes.readUInt32BE(tfdt.from + 4);
        if (time % 1024 !== 0) throw new Error(`a fragment begins at frame ${time}, expected a multiple of 1024`);
        const flags = bytes.readUInt32BE(trun.from) & 0xffffff;
        const count = bytes.readUInt32BE(trun.from + 4);
        let at = trun.from + 8;
        let place = moof.start;
        if (flags & 0x1) [place, at] = [place + bytes.readInt32BE(at), at + 4];
        if (flags & 0x4) at += 4;
        if (!(flags & 0x200)) throw new Error("expected a size of each packet in trun");
        for (let each = 0; each < count; each++) {
            if (flags & 0x100) at += 4;
            const size = bytes.readUInt32BE(at);
            at += 4 + (flags & 0x400 ? 4 : 0) + (flags & 0x800 ? 4 : 0);
            found.push({ packet: time / 1024 + each, bytes: bytes.subarray(place, place + size) });
            place += size;
        }
    }
    return found;
}

/** All packets of the sound in a whole file, in order. */
export function filePackets(bytes) {
    const moov = [...boxes(bytes)].find(box => box.kind === "moov");
    for (const trak of [...boxes(bytes, moov.from, moov.to)].filter(box => box.kind === "trak")) {
        const handler = inside(bytes, trak, "mdia", "hdlr");
        if (bytes.toString("latin1", handler.from + 8, handler.from + 12) !== "soun") continue;
        const stbl = inside(bytes, trak, "mdia", "minf", "stbl");
        const stsz = inside(bytes, stbl, "stsz");
        const stsc = inside(bytes, stbl, "stsc");
        const stco = inside(bytes, stbl, "stco");
        const co64 = inside(bytes, stbl, "co64");
        const table = stco ?? co64;
        const chunks = bytes.readUInt32BE(table.from + 4);
        const chunkAt = index => (stco ? bytes.readUInt32BE(table.from + 8 + 4 * index) : Number(bytes.readBigUInt64BE(table.from + 8 + 8 * index)));
        const runs = Array.from({ length: bytes.readUInt32BE(stsc.from + 4) }, (_, index) => ({
            first: bytes.readUInt32BE(stsc.from + 8 + 12 * index) - 1,
            packets: bytes.readUInt32BE(stsc.from + 12 + 12 * index),
        }));
        const [fixed, count] = [bytes.readUInt32BE(stsz.from + 4), bytes.readUInt32BE(stsz.from + 8)];
        const packets = [];
        for (let chunk = 0, run = 0; chunk < chunks; chunk++) {
            while (run + 1 < runs.length && runs[run + 1].first <= chunk) run++;
            let place = chunkAt(chunk);
            for (let each = 0; each < runs[run].packets && packets.length < count; each++) {
                const size = fixed || bytes.readUInt32BE(stsz.from + 12 + 4 * packets.length);
                packets.push(bytes.subarray(place, place + size));
                place += size;
            }
        }
        return packets;
    }
    throw new Error("the file has no sound");
}

/** AAC-LC packets as ADTS, which every decoder reads. */
export function adts(packets, rate, channels) {
    const index = { 48000: 3, 44100: 4, 24000: 6 }[rate];
    return Buffer.concat(
        packets.map(packet => {
            const size = packet.length + 7;
            const head = [0xff, 0xf1, 0x40 | (index << 2) | (channels >> 2), ((channels & 3) << 6) | (size >> 11), (size >> 3) & 255, ((size & 7) << 5) | 0x1f, 0xfc];
            return Buffer.concat([Buffer.from(head), packet]);
        }),
    );
}

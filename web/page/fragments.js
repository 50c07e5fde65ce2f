// What is encoded, by AAC packets: packet k holds frames 1024(k-1) to 1024k of the session; packet 0 only primes the decoder.

/** Frames in a packet. */
export const PACKET = 1024;

export class Fragments {
  /** In order, none overlapping another: `{ packet, packets, bytes, isIn, isCut }`. */
  list = [];
  /** The packet behind the last of the session, once it is known. */
  end = null;

  /** A new one wins over what was there, but for one that goes on behind its end: there it is cut. */
  add(fragment) {
    const made = { isIn: false, isCut: false, ...fragment };
    const next = this.list.find((other) => other.packet > made.packet && endOf(other) > endOf(made));
    if (next && next.packet < endOf(made)) {
      made.packets = next.packet - made.packet;
      made.isCut = true;
    }
    this.list = this.list.filter((other) => other.packet < made.packet || other.packet >= endOf(made));
    this.#shorten(made.packet);
    this.list.push(made);
    this.list.sort((a, b) => a.packet - b.packet);
  }

  /** From this packet on, nothing is valid any more. */
  cut(packet) {
    this.list = this.list.filter((fragment) => fragment.packet < packet);
    this.#shorten(packet);
    this.end = null;
  }

  #shorten(packet) {
    for (const fragment of this.list) {
      if (fragment.packet < packet && endOf(fragment) > packet) {
        fragment.packets = packet - fragment.packet;
        fragment.isCut = true;
      }
    }
  }

  /** The fragment that holds a packet. */
  at(packet) {
    return this.list.find((fragment) => fragment.packet <= packet && packet < endOf(fragment));
  }

  /** From the fragment that holds a packet on, as far as they follow each other. */
  run(packet) {
    const run = [];
    let next = packet;
    for (const fragment of this.list) {
      if (endOf(fragment) <= next && run.length === 0) continue;
      if (fragment.packet > next) break;
      run.push(fragment);
      next = endOf(fragment);
    }
    return run;
  }

  /** The first packet at or behind this one that is not encoded, and how many are missing; null where none is. */
  gap(packet) {
    const run = this.run(packet);
    const from = run.length ? endOf(run.at(-1)) : packet;
    if (this.end !== null && from >= this.end) return null;
    const next = this.list.find((fragment) => fragment.packet > from);
    return { packet: from, packets: next ? next.packet - from : Infinity };
  }

  /** Bytes from a packet on. */
  bytesFrom(packet) {
    return this.list.reduce((sum, fragment) => sum + (endOf(fragment) > packet ? fragment.bytes.byteLength : 0), 0);
  }

  /** Lets go of what ends before a packet: it is encoded again where somebody goes back that far. */
  forgetBefore(packet) {
    this.list = this.list.filter((fragment) => endOf(fragment) > packet);
  }

  /** Lets go of what begins at or behind a packet. */
  forgetFrom(packet) {
    this.list = this.list.filter((fragment) => fragment.packet < packet);
  }
}

export function endOf(fragment) {
  return fragment.packet + fragment.packets;
}

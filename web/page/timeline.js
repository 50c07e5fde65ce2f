// What is to be done at a time, read out of the plan.

/** The last of a list in order that begins at or before a frame. */
function last(list, frame) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].start <= frame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const holds = (part, frame) => part !== undefined && frame < part.start + part.frames;

const SIDES = {
  left: "left side", right: "right side", "one-way": "one way", "other-way": "the other way",
  first: "first side", second: "second side",
};

/** How many rounds each phase's pose has on its side: the highest round among those around it. */
function rounds(plan) {
  const of = new Map();
  const key = (phase) => `${last(plan.chapters, phase.start)} ${phase.side}`;
  for (const phase of plan.phases) {
    if (phase.round) of.set(key(phase), Math.max(of.get(key(phase)) ?? 0, phase.round));
  }
  return plan.phases.map((phase) => of.get(key(phase)) ?? 0);
}

export class Timeline {
  constructor(plan) {
    this.plan = plan;
    this.rounds = rounds(plan);
  }

  /** Everything that is shown at a time. */
  at(seconds) {
    const { plan } = this;
    const frame = seconds * plan.rate;
    const chapter = Math.max(0, last(plan.chapters, frame));
    const phase = last(plan.phases, frame);
    const breath = plan.breaths[last(plan.breaths, frame)];
    const words = plan.words[last(plan.words, frame)];
    return {
      chapter,
      pose: plan.chapters[chapter]?.title ?? plan.title,
      next: plan.chapters[chapter + 1]?.title ?? null,
      about: holds(plan.phases[phase], frame) ? this.#about(phase, frame) : "",
      breath: holds(breath, frame) ? { part: breath.part, done: (frame - breath.start) / breath.frames } : null,
      words: words ?? null,
      isSaid: holds(words, frame),
      left: plan.frames / plan.rate - seconds,
    };
  }

  /** "right side · round 2 of 3", or how long a hold still is. */
  #about(index, frame) {
    const phase = this.plan.phases[index];
    const parts = [phase.side && (SIDES[phase.side] ?? phase.side)];
    if (phase.round && this.rounds[index] > 1) parts.push(`round ${phase.round} of ${this.rounds[index]}`);
    else if (phase.phase === "hold" || phase.phase === "rest") parts.push(left((phase.start + phase.frames - frame) / this.plan.rate));
    return parts.filter(Boolean).join(" · ");
  }
}

/** A hold's rest in steps that do not hurry anybody. */
function left(seconds) {
  if (seconds > 90) return `about ${Math.round(seconds / 60)} minutes more`;
  if (seconds > 20) return `about ${Math.round(seconds / 10) * 10} seconds more`;
  return "nearly done";
}

/** Words that were said no longer ago than this, in seconds, are said again where a session is taken up. */
const LAST_WORDS = 20;

/** Where a session is taken up: half a second before what was said last, if that was a moment ago; else two seconds back. */
export function takeUp(plan, seconds) {
  const frame = seconds * plan.rate;
  const last = plan.words.findLast(({ start }) => start <= frame);
  const began = last ? last.start / plan.rate : -Infinity;
  return Math.max(0, seconds - began < LAST_WORDS ? began - 0.5 : seconds - 2);
}

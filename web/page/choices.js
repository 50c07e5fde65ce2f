// What somebody chose, remembered on this phone; and what it comes to as wishes for the engine.

import { day } from "./format.js";
import { isFamiliar } from "./practised.js";
import { recall, remember } from "./store.js";

const FIRST = {
  minutes: 12, how: [], voice: null, guidance: null, level: 3, bed: null, tone: null, lengths: {}, without: {}, asksPain: false, programme: null,
};

export class Choices {
  /** Whether weeks brought no less pain, and that is still to be said: at the end of the next session. */
  lacks = false;

  constructor(site) {
    const kept = recall("choices", {});
    Object.assign(this, FIRST, typeof kept === "object" ? kept : {});
    // A voice that was there once, on another site at this address.
    if (!site.voices.some(({ id }) => id === this.voice)) this.voice = null;
    this.site = site;
  }

  set(name, value) {
    this[name] = value;
    remember("choices", Object.fromEntries(Object.keys(FIRST).map((key) => [key, this[key]])));
  }

  /** Something of one routine alone: its length, or the poses that are left out. */
  setFor(name, routine, value) {
    const { [routine]: _, ...others } = this[name];
    this.set(name, value === null ? others : { ...others, [routine]: value });
  }

  /** The programme that is followed, where this site has it. */
  get followed() {
    return this.site.programmes?.find(({ name }) => name === this.programme?.name) ?? null;
  }

  /** What holds for every session. */
  #common() {
    const { voice, guidance, bed, tone, site } = this;
    const said = { voice: voice ?? site.voice, guidance, bed, tone, progress: this.lacks ? "lacking" : null };
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined));
  }

  forRoutine(routine) {
    const wishes = { ...this.#common(), routine: routine.name, without: this.without[routine.name] ?? [] };
    // A voice that cannot say this routine gives way to one that can.
    if (routine.voices && !routine.voices.includes(wishes.voice)) [wishes.voice] = routine.voices;
    if (this.level !== 3) wishes.level = this.level;
    if (this.lengths[routine.name]) wishes.length = this.lengths[routine.name];
    if (isFamiliar(routine.name)) wishes.safety = "brief";
    return wishes;
  }

  /** A session for today: the same all day, another one tomorrow. */
  forToday() {
    const compose = { minutes: this.minutes, seed: day(), focus: [], avoid: [], no: [] };
    for (const id of this.how) {
      const how = HOW.find((one) => one.id === id);
      if (!how) continue;
      for (const [key, value] of Object.entries(how.wish)) {
        compose[key] = Array.isArray(value) ? [...compose[key], ...value] : value;
      }
    }
    return { ...this.#common(), compose };
  }
}

/** What can be said of a session for today. Of one `kind`, only one. */
export const HOW = [
  { id: "lying", text: "Lying down", title: "lying down", kind: "within", wish: { within: "lying" } },
  { id: "kneeling", text: "No kneeling", wish: { no: ["kneeling"] } },
  { id: "hips", text: "Hips", title: "for the hips", wish: { focus: ["hips"] } },
  { id: "unwind", text: "Wind down", title: "to unwind", kind: "mood", wish: { mood: "unwind" } },
  { id: "seated", text: "On a chair", title: "on a chair", kind: "within", wish: { within: "seated" } },
  { id: "lower", text: "Lower back", title: "for the lower back", wish: { focus: ["lower-back"] } },
  { id: "upper", text: "Upper back", title: "for the upper back", wish: { focus: ["upper-back"] } },
  { id: "shoulders", text: "Shoulders", title: "for the shoulders", wish: { focus: ["shoulders"] } },
  { id: "wake", text: "Wake up", title: "to wake up", kind: "mood", wish: { mood: "wake" } },
  { id: "strength", text: "Strength", title: "for strength", kind: "mood", wish: { mood: "strength" } },
  { id: "standing", text: "No standing", wish: { no: ["standing"] } },
  { id: "prone", text: "Not on the belly", wish: { no: ["prone"] } },
  { id: "wrists", text: "Spare the wrists", wish: { avoid: ["wrists"] } },
  { id: "knees", text: "Spare the knees", wish: { avoid: ["knees"] } },
  { id: "neck", text: "Spare the neck", wish: { avoid: ["neck"] } },
];

/** "12 minutes, lying down". */
export function todaysTitle({ minutes, how }) {
  const words = HOW.filter(({ id, title }) => title && how.includes(id)).map(({ title }) => title);
  return [`${minutes} minutes`, ...words].join(", ");
}

/** "Ada · fading · no background". */
export function soundInWords({ choices, site }) {
  const voice = site.voices.find(({ id }) => id === (choices.voice ?? site.voice));
  const bed = !choices.bed || choices.bed === "off" ? "no background" : choices.bed;
  return [voice?.name ?? "", choices.guidance ? `talk: ${choices.guidance}` : "usual talk", bed].filter(Boolean).join(" · ");
}

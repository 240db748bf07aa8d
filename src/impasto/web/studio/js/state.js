// The one store of the page: what there is, what is wanted, and the way back.

export const WORK = ["content", "styles", "settings", "regions"]; // what undo brings back
const MERGED = ["settings", "view"]; // patches of these name only what changes
const LIMIT = 200;

export const SETTINGS = {
  strength: 1,
  strokes: "relative",
  colors: "style",
  color_strength: 1,
  palette: [],
  seed: 0,
  size: null,
  model: null,
};

export class Store {
  #now;
  #kept; // the work as it was when history was last written
  #past = [];
  #future = [];
  #listeners = new Set();

  constructor() {
    this.#now = {
      content: null,
      styles: [],
      settings: { ...SETTINGS },
      regions: [],
      optimization: null, // {preset, strength, seed} of one that was dropped here, to begin again
      view: { mode: "result", zoom: null, x: 0.5, y: 0.5 }, // zoom null: as large as fits
      results: [],
      selected: null,
    };
    this.#kept = workOf(this.#now);
  }

  get() {
    return this.#now;
  }

  /**
   * Change what the patch names. With `history` the change can be undone, and is meant to be painted
   * at full size; without, it is a moment of a gesture that goes on.
   */
  set(patch, { history = false } = {}) {
    const merged = MERGED.filter((key) => key in patch);
    const whole = merged.map((key) => [key, { ...this.#now[key], ...patch[key] }]);
    const before = this.#now;
    this.#now = { ...before, ...patch, ...Object.fromEntries(whole) };
    if (history) this.#keep();
    this.#tell(before, history);
  }

  /** Call `listener(now, before, {history})` after each change; returns what ends that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#travel(this.#past, this.#future);
  }

  redo() {
    this.#travel(this.#future, this.#past);
  }

  #keep() {
    const now = workOf(this.#now);
    if (WORK.every((key) => now[key] === this.#kept[key])) return;
    this.#past = [...this.#past, this.#kept].slice(-LIMIT);
    this.#future = [];
    this.#kept = now;
  }

  #travel(from, to) {
    if (!from.length) return;
    const before = this.#now;
    to.push(this.#kept);
    this.#kept = from.pop();
    this.#now = { ...before, ...this.#kept };
    this.#tell(before, true);
  }

  #tell(before, history) {
    for (const listener of this.#listeners) listener(this.#now, before, { history });
  }
}

/** The part of the state that undo brings back. */
export function workOf(now) {
  return Object.fromEntries(WORK.map((key) => [key, now[key]]));
}

export const state = new Store();

// The styles that there are, and the up to four that are chosen.

import { api } from "./api.js";
import { state } from "./state.js";

export const MOST = 4;
const PAGE = 200;

let known = null;

/** All styles of the gallery and one's own, fetched once; `again` asks anew. */
export function allStyles({ again = false } = {}) {
  if (again || !known) known = fetched();
  known.catch(() => (known = null));
  return known;
}

async function fetched() {
  const styles = [];
  for (let after = ""; after !== null; ) {
    const page = await api.get(`/v1/styles?limit=${PAGE}${after && `&after=${encodeURIComponent(after)}`}`);
    styles.push(...page.styles);
    after = page.next ?? null;
  }
  return styles;
}

let models = null;

/** The models that there are, fetched once: {name, kind, styles}; `styles` is empty where any will do. */
export function allModels() {
  models ??= api.get("/v1/models").then((answer) => answer.models);
  models.catch(() => (models = null));
  return models;
}

/** The style of this name: of the gallery, one's own, an upload (asset:ID) or a model's; null without one. */
export async function styleNamed(name) {
  const listed = (await allStyles()).find((one) => one.name === name);
  if (listed) return listed;
  const [, id] = /^asset:([0-9a-f]{64})$/.exec(name) ?? [];
  if (id) return (await api.has(id)) ? { name, title: "Your painting", preview: `/v1/assets/${id}` } : null;
  return (await allModels()).some((model) => model.styles.includes(name)) ? ofModel(name) : null;
}

/** A style that only a model knows, which was trained on it. */
export function ofModel(name) {
  return { name, title: name.replaceAll("-", " "), preview: null, kind: "model" };
}

/** A style of the list as it stands in the state. */
export function chosenFrom({ name, title, preview }, weight = 1) {
  return { name, title: title ?? name, preview, weight };
}

/** Words for the gallery's search: everything that a style could be looked for by. */
export function wordsOf(style) {
  return [style.name, style.title, style.artist, style.year, ...(style.tags ?? [])].join(" ").toLowerCase();
}

/** Choose a style alone, or beside the others where `mix`; choose it again to take it out. */
export function choose(style, { mix = false } = {}) {
  const { styles } = state.get();
  const there = styles.some((one) => one.name === style.name);
  if (!mix) return state.set({ styles: [chosenFrom(style)] }, { history: true });
  if (there) return drop(style.name);
  const others = styles.slice(0, MOST - 1);
  const weight = others.length ? others.reduce((sum, one) => sum + one.weight, 0) / others.length : 1;
  weigh([...others, chosenFrom(style, weight)], { history: true });
}

/** Take a style out of the mix; the last one stays. */
export function drop(name) {
  const { styles } = state.get();
  if (styles.length > 1) weigh(styles.filter((one) => one.name !== name), { history: true });
}

/** Give the styles new weights, which then sum to 1. */
export function weigh(styles, { history = false } = {}) {
  const sum = styles.reduce((all, one) => all + one.weight, 0);
  const share = (one) => (sum > 0 ? one.weight / sum : 1 / styles.length);
  state.set({ styles: styles.map((one) => ({ ...one, weight: share(one) })) }, { history });
}

// Recipe files: styles and settings as JSON, to give to others or to keep.

import { api } from "./api.js";
import { SETTINGS, state } from "./state.js";
import { allStyles, chosenFrom } from "./styles.js";

const SCHEMA = "impasto-recipe/1";
const MOST = 100e6; // bytes of a file that is read
const EMBEDDED = 16e6; // bytes of a painting that travels along

/** The work of the page as a recipe; own styles come with their painting. */
export async function recipeOf({ styles, settings }) {
  const own = await Promise.all(styles.map((style) => embedded(style)));
  const known = Object.keys(SETTINGS).filter((name) => settings[name] !== SETTINGS[name]);
  return {
    schema: SCHEMA,
    styles: styles.map(({ name, title, weight }, at) => ({ name, title, weight, ...own[at] })),
    settings: Object.fromEntries(known.map((name) => [name, settings[name]])),
  };
}

/** Whether a file may be a recipe, by its name or type. */
export function isRecipe(file) {
  return file.type === "application/json" || file.name?.endsWith(".json");
}

/** Take over a recipe; returns the titles of styles that are not here. Raises an Error where it is none. */
export async function take(file) {
  const recipe = await read(file);
  const all = await allStyles();
  const missing = [];
  const styles = [];
  for (const { name, title, weight, painting } of recipe.styles) {
    const there = all.find((one) => one.name === name);
    if (there) styles.push(chosenFrom(there, weight));
    else if (painting) styles.push(await kept({ name, title, painting }, weight));
    else missing.push(title ?? name);
  }
  const patch = { settings: { ...SETTINGS, ...recipe.settings } };
  state.set(styles.length ? { ...patch, styles } : patch, { history: true });
  return missing;
}

async function read(file) {
  if (file.size > MOST) throw new Error(`${file.name} is too large for a recipe.`);
  let recipe;
  try {
    recipe = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is no JSON, so it is no recipe.`);
  }
  if (recipe?.schema !== SCHEMA || !Array.isArray(recipe.styles)) throw new Error(`${file.name} is no recipe of Impasto (${SCHEMA}).`);
  const fits = ([name, value]) => name in SETTINGS && (SETTINGS[name] === null || typeof value === typeof SETTINGS[name]);
  const settings = Object.fromEntries(Object.entries(recipe.settings ?? {}).filter(fits));
  const styles = recipe.styles.filter((style) => typeof style?.name === "string").slice(0, 4);
  return { settings, styles: styles.map((style) => ({ ...style, weight: style.weight > 0 ? Number(style.weight) : 1 })) };
}

async function embedded({ name }) {
  const style = (await allStyles()).find((one) => one.name === name);
  if (!style?.painting) return {};
  const blob = await api.blob(`/v1/assets/${style.painting}`);
  return blob.size <= EMBEDDED ? { painting: await dataUrl(blob) } : {};
}

async function kept({ name, title, painting }, weight) {
  const { id } = await api.upload(bytesOf(painting));
  const style = await api.post("/v1/styles", { name, asset: id, title: title ?? name });
  await allStyles({ again: true });
  return chosenFrom(style, weight);
}

// By hand, for the page's policy lets it fetch nothing but what the server has.
function bytesOf(dataUrl) {
  const [, type, text] = /^data:(image\/\w+);base64,([A-Za-z0-9+/=]+)$/.exec(dataUrl) ?? [];
  if (!text) throw new Error("A painting in this recipe cannot be read.");
  return new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], { type });
}

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

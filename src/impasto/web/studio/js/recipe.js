// Recipe files: styles, settings and regions as JSON, to give to others or to keep.

import { api } from "./api.js";
import { Mask } from "./mask.js";
import { regionWith } from "./region.js";
import { SETTINGS, state } from "./state.js";
import { allStyles, MOST as MIXED, chosenFrom, styleNamed } from "./styles.js";

const SCHEMA = "impasto-recipe/1";
const MOST = 100e6; // bytes of a file that is read
const EMBEDDED = 16e6; // bytes of a painting that travels along
const REGIONS = 16; // that a painting may have

/** The work of the page as a recipe; own styles come with their painting, regions with their mask. */
export async function recipeOf({ styles, settings, regions, content }) {
  const own = await Promise.all(styles.map((style) => embedded(style.name)));
  const drawn = await Promise.all(regions.map((region) => drawnRegion(region, content)));
  const known = Object.keys(SETTINGS).filter((name) => settings[name] !== SETTINGS[name]);
  return {
    schema: SCHEMA,
    styles: styles.map(({ name, title, weight }, at) => ({ name, title, weight, ...own[at] })),
    settings: Object.fromEntries(known.map((name) => [name, settings[name]])),
    ...(drawn.length && { regions: drawn }),
  };
}

// A mask is a plane of at most 1024 pixels a side, which is a few KB.
async function drawnRegion({ mask, style, weight, feather }, { width, height }) {
  const plane = await Mask.from(await api.blob(`/v1/assets/${mask}`), width, height);
  const own = style && (await embedded(style[0]));
  return { mask: await dataUrl(await plane.blob()), style: style?.[0] ?? null, weight, feather, ...own };
}

/** Whether a file may be a recipe, by its name or type. */
export function isRecipe(file) {
  return file.type === "application/json" || file.name?.endsWith(".json");
}

/** Take over a recipe; returns the titles of styles that are not here. Raises an Error where it is none. */
export async function take(file) {
  const recipe = await read(file);
  const missing = [];
  const styles = [];
  const regions = [];
  for (const style of recipe.styles) {
    const there = await found(style);
    if (there) styles.push(chosenFrom(there, style.weight));
    else missing.push(style.title ?? style.name);
  }
  for (const region of recipe.regions) {
    const there = region.style === null || (await found({ ...region, name: region.style }));
    if (there) regions.push(regionWith({ ...region, mask: (await api.upload(bytesOf(region.mask))).id }));
    else missing.push(`the region in ${region.style}`);
  }
  const patch = { settings: { ...SETTINGS, ...recipe.settings }, regions };
  state.set(styles.length ? { ...patch, styles } : patch, { history: true });
  return missing;
}

// The style that is here, or made here of the painting that travels along.
async function found({ name, title, painting }) {
  return (await styleNamed(name)) ?? (painting ? kept({ name, title, painting }) : null);
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
  const styles = recipe.styles.filter((style) => typeof style?.name === "string").slice(0, MIXED);
  const regions = [recipe.regions ?? []].flat().filter(isRegion).slice(0, REGIONS);
  return { settings, regions, styles: styles.map((style) => ({ ...style, weight: style.weight > 0 ? Number(style.weight) : 1 })) };
}

function isRegion(one) {
  const { mask, style, weight, feather } = one ?? {};
  const numbers = weight > 0 && weight <= 1 && feather >= 0 && feather <= 10;
  return numbers && typeof mask === "string" && (style === null || typeof style === "string");
}

async function embedded(name) {
  const style = await styleNamed(name);
  if (!style?.painting) return {};
  const blob = await api.blob(`/v1/assets/${style.painting}`);
  return blob.size <= EMBEDDED ? { painting: await dataUrl(blob) } : {};
}

async function kept({ name, title, painting }) {
  const { id } = await api.upload(bytesOf(painting));
  const style = await api.post("/v1/styles", { name, asset: id, title: title ?? name });
  await allStyles({ again: true });
  return style;
}

// By hand, for the page's policy lets it fetch nothing but what the server has.
function bytesOf(dataUrl) {
  const [, type, text] = /^data:(image\/\w+);base64,([A-Za-z0-9+/=]+)$/.exec(dataUrl) ?? [];
  if (!text) throw new Error("A picture in this recipe cannot be read.");
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

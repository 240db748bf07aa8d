// A painting that is dropped back brings its settings, its regions and its photo, as far as the server has them.

import { api } from "./api.js";
import { decoded } from "./bitmap.js";
import { regionWith } from "./region.js";
import { SETTINGS, state } from "./state.js";
import { note } from "./status.js";
import { chosenFrom, styleNamed } from "./styles.js";
import { disclosed } from "./xmp.js";

const STUDY = ["preset", "strength", "seed"]; // of an optimization, whose strength has a scale of its own
const COLORS = ["colors", "color_strength", "palette"]; // what both methods understand alike

let last = ""; // the file that was restored last: dropped once more, it is a photo

/** Take the settings of a file, if it has any; returns whether it did. */
export async function restored(file) {
  const told = await disclosed(file);
  const again = `${file.name} ${file.size} ${file.lastModified}`;
  if (!["fast", "optimize"].includes(told?.method) || again === last) return false;
  last = again;
  const parts = partsOf(told);
  const { styles, lost } = await stylesOf(parts);
  const photo = file.name.replace(`.${parts.map((one) => one.name).join("+")}.`, "."); // as saving names it
  const content = await contentOf(told.content_sha256, photo);
  const regions = await regionsOf(told.request ?? {});
  state.set({ ...wanted(told), regions, ...(styles.length && { styles }), ...(content && { content }) }, { history: true });
  const gone = (told.regions?.length ?? 0) - regions.length;
  tell(told, [!content && "its photo", ...lost.map((name) => `the style ${name}`), gone > 0 && regionsLost(gone)].filter(Boolean));
  return true;
}

function tell({ method }, missing) {
  const what = method === "fast" ? "The settings of this painting are back" : "This optimization can be begun again";
  const without = missing.length ? `, but for ${missing.join(", ")}` : "";
  note(`${what}${without}. Drop it once more to paint it as a photo.`);
}

function regionsLost(count) {
  return count === 1 ? "a region" : `${count} regions`;
}

// What a request of the page said has precedence over what the command line's settings are called.
function wanted({ method, request = {}, ...told }) {
  const { content, style, regions, feather, output, ...asked } = request;
  const all = { ...only(told, Object.keys(SETTINGS)), ...only(asked, Object.keys(asked)) };
  if (method === "fast") return { settings: { ...SETTINGS, ...all, model: modelOf(told, asked) } };
  return { settings: { ...SETTINGS, ...only(all, COLORS) }, optimization: only({ ...told, ...asked }, STUDY) };
}

function modelOf(told, asked) {
  const model = asked.model ?? told.model;
  return model && model !== "painter" ? model : null;
}

function only(all, names) {
  return Object.fromEntries(names.filter((name) => all[name] != null).map((name) => [name, all[name]]));
}

/** The styles that were mixed, {name, weight} each: as they were asked for, or as the painting describes them. */
function partsOf({ request, style = {} }) {
  const words = [request?.style ?? []].flat();
  if (words.length) return words.map(partOf);
  return style.mix ?? [{ name: style.name, weight: 1 }];
}

function partOf(word) {
  const [, name, weight] = /^(.*?)(?::([\d.]+))?$/.exec(word);
  return { name, weight: Number(weight ?? 1) };
}

async function stylesOf(parts) {
  const found = await Promise.all(parts.map((part) => styleNamed(part.name ?? "")));
  const styles = parts.map(({ weight = 1 }, at) => found[at] && chosenFrom(found[at], weight)).filter(Boolean);
  return { styles, lost: parts.filter((part, at) => part.name && !found[at]).map((part) => part.name) };
}

// A region is back where the server still has its mask and its style.
async function regionsOf({ regions = [], feather = 0 }) {
  const here = await Promise.all(regions.map(async ({ mask, style }) => {
    const { lost } = await stylesOf([style ?? []].flat().map(partOf));
    return !lost.length && api.has(mask);
  }));
  return regions.filter((one, at) => here[at]).map((one) => regionWith({ ...one, feather }));
}

async function contentOf(id, name) {
  const { content } = state.get();
  if (content?.asset === id) return content;
  if (!/^[0-9a-f]{64}$/.test(id ?? "") || !(await api.has(id))) return null;
  const url = `/v1/assets/${id}`;
  const { bitmap, width, height } = await decoded(await api.blob(url));
  bitmap.close();
  return { asset: id, width, height, url, name };
}

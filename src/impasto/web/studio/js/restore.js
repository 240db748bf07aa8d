// A painting that is dropped back brings its settings, and its photo where the server still has it.

import { api } from "./api.js";
import { decoded } from "./bitmap.js";
import { SETTINGS, state } from "./state.js";
import { say } from "./status.js";
import { allStyles, chosenFrom } from "./styles.js";
import { disclosed } from "./xmp.js";

let last = ""; // the file that was restored last: dropped once more, it is a photo

/** Take the settings of a file, if it has any; returns whether it did. */
export async function restored(file) {
  const told = await disclosed(file);
  const again = `${file.name} ${file.size} ${file.lastModified}`;
  if (told?.method !== "fast" || again === last) return false;
  last = again;
  const styles = await stylesOf(told.style);
  const photo = file.name.replace(`.${styles.map((one) => one.name).join("+")}.`, "."); // as saving names it
  const content = await contentOf(told.content_sha256, photo);
  const patch = { settings: settingsOf(told), regions: [], ...(styles.length && { styles }), ...(content && { content }) };
  state.set(patch, { history: true });
  say(wordsFor([content ? null : "photo", styles.length ? null : "style", told.regions ? "regions" : null].filter(Boolean)), { stays: true });
  return true;
}

function wordsFor(missing) {
  const without = missing.length ? `, but for its ${missing.join(" and ")}` : "";
  return `The settings of this painting are back${without}. Drop it once more to paint it as a photo.`;
}

function settingsOf(told) {
  const known = Object.keys(SETTINGS).filter((name) => name in told);
  const model = told.model && told.model !== "painter" ? told.model : null;
  return { ...SETTINGS, ...Object.fromEntries(known.map((name) => [name, told[name]])), model };
}

async function stylesOf({ name, mix } = {}) {
  const all = await allStyles();
  const parts = mix ?? [{ name, weight: 1 }];
  const found = parts.map((part) => [all.find((one) => one.name === part.name), part.weight ?? 1]);
  return found.filter(([style]) => style).map(([style, weight]) => chosenFrom(style, weight));
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

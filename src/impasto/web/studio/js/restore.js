// A painting that is dropped back brings its settings, and its photo where the server still has it.

import { api } from "./api.js";
import { decoded } from "./bitmap.js";
import { SETTINGS, state } from "./state.js";
import { say } from "./status.js";
import { allStyles, chosenFrom } from "./styles.js";
import { disclosed } from "./xmp.js";

/** Take the settings of a file, if it has any; returns whether it did. */
export async function restored(file) {
  const told = await disclosed(file);
  if (told?.method !== "fast") return false;
  const styles = await stylesOf(told.style);
  const content = await contentOf(told.content_sha256, file.name);
  const missing = [content ? null : "photo", styles.length ? null : "style"].filter(Boolean).join(" and ");
  const patch = { settings: settingsOf(told), regions: [] };
  if (styles.length) patch.styles = styles;
  if (content) patch.content = content;
  state.set(patch, { history: true });
  say(missing ? `The settings are back. The ${missing} of this painting is not here any more: drop it too.` : "The settings of this painting are back.", { stays: Boolean(missing) });
  return true;
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

// What the page wants, in the words of the API and of the command line.

/** Return style words with their shares: ["great-wave:0.6", ...]; a single one needs none. */
export function styleWords(styles) {
  if (styles.length === 1) return [styles[0].name];
  return styles.filter((one) => one.weight > 0).map((one) => `${one.name}:${round(one.weight)}`);
}

function round(number) {
  return Number(number.toFixed(3));
}

/** Whether there is all that a painting needs. */
export function ready({ content, styles, settings }) {
  return content !== null && (styles.some((one) => one.weight > 0) || (settings.model !== null && !styles.length));
}

/** The picture's part of a request: what `POST /v1/stylizations` takes and the live line too. */
export function requestOf({ content, styles, settings, regions }) {
  const { seed, model, palette, colors, size, ...rest } = settings; // a seed is for optimising alone
  const request = { content: content.asset, style: styleWords(styles), ...rest };
  if (model !== null) request.model = model;
  if (size !== null) request.size = size;
  if (colors !== "palette") request.colors = colors;
  else if (palette.length) Object.assign(request, { colors, palette });
  if (regions.length) {
    request.regions = regions.map(({ mask, style, weight }) => ({ mask, style, weight }));
    request.feather = Math.max(...regions.map((one) => one.feather ?? 0));
  }
  return request;
}

/** The long and the short side of the result of these settings. */
export function resultSize({ content, settings }) {
  const scale = settings.size ? settings.size / Math.max(content.width, content.height) : 1;
  return { width: Math.round(content.width * scale), height: Math.round(content.height * scale) };
}

/** The settings as JSON that the API takes. */
export function settingsJson(now) {
  const { content, ...request } = requestOf({ ...now, content: now.content ?? { asset: null } });
  return JSON.stringify(content ? { content, ...request } : request, null, 2);
}

/** The same as a line for a terminal. */
export function commandLine(now) {
  const { content, regions = [], style, ...request } = requestOf({ ...now, content: now.content ?? { asset: "" } });
  const words = style.flatMap((word) => ["--style", word]);
  for (const [key, value] of Object.entries(request)) {
    if (key === "colors" && request.palette) continue; // a palette says so
    if (isDefault(key, value)) continue;
    words.push(`--${key.replaceAll("_", "-")}`, Array.isArray(value) ? value.join(",") : String(value));
  }
  for (const { mask, style: own, weight } of regions) {
    words.push("--region", `${mask}.png=${own ? own[0] : "photo"}${weight === 1 ? "" : `:${weight}`}`);
  }
  return ["impasto stylize", quoted(now.content?.name ?? "photo.jpg"), ...words.map(quoted)].join(" ");
}

const DEFAULTS = { strength: 1, strokes: "relative", colors: "style", color_strength: 1, feather: 1 };

function isDefault(key, value) {
  return DEFAULTS[key] === value || value === false || value === null;
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// <impasto-gallery>: the styles as pictures; found by words and tags, and one's own beside them.

import { api } from "./api.js";
import { arrows } from "./arrows.js";
import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { state } from "./state.js";
import { complain, note, say } from "./status.js";
import { MOST, allModels, allStyles, choose, chosenFrom, ofModel, wordsOf } from "./styles.js";

const FIRST = "starry-night"; // what a first photo is painted in
const TAGS = 14; // the most common ones are offered
const SHARED = 3; // styles that a tag must have to be offered

class Gallery extends HTMLElement {
  #styles = [];
  #models = [];
  #tag = null;

  connectedCallback() {
    this.search = element("input", { type: "search", placeholder: "Find a style", "aria-label": "Find a style", autocomplete: "off" });
    this.mix = element("input", { type: "checkbox", role: "switch" });
    this.tags = element("div", { className: "chips", role: "group", "aria-label": "Kinds" });
    this.tiles = element("div", { className: "tiles", role: "group", "aria-label": "Styles" });
    this.none = element("p", { className: "none", hidden: true }, "Nothing fits. Fewer letters find more.");
    this.file = element("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Your own painting" });
    this.search.oninput = () => this.#filter();
    this.file.onchange = () => this.#picked();
    const mixing = element("label", { className: "switch" }, this.mix, `Mix up to ${MOST}`);
    this.replaceChildren(element("div", { className: "row" }, this.search, mixing), this.tags, this.tiles, this.none, this.file);
    arrows(this.tiles, "button");
    this.#dropping();
    state.subscribe((now, before) => this.#changed(now, before));
    this.#load();
  }

  async #load({ again = false } = {}) {
    try {
      [this.#styles, this.#models] = await Promise.all([allStyles({ again }), allModels()]);
    } catch (error) {
      complain(error);
      return;
    }
    this.#offerTags();
    this.tiles.replaceChildren(this.#adder(), ...[...this.#styles, ...this.#onlyOfModels()].map((style) => this.#tile(style)));
    this.#mark(state.get());
    this.#filter();
    this.#first(state.get());
  }

  #offerTags() {
    const counts = new Map(), kinds = new Set();
    for (const { tags = [], kind } of this.#styles) {
      const all = [...(kind === "own" ? ["yours"] : []), ...tags];
      for (const tag of all) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      kinds.add(all[0]); // a school or medium comes before colors, which nearly all styles share
    }
    const common = [...counts.keys()].filter((tag) => counts.get(tag) >= SHARED || tag === "yours");
    common.sort((a, b) => kinds.has(b) - kinds.has(a) || counts.get(b) - counts.get(a));
    common.length = Math.min(common.length, TAGS);
    const chip = (tag) => button(tag, () => this.#byTag(tag), { className: "chip", "aria-pressed": "false", "data-tag": tag });
    this.tags.replaceChildren(...common.map(chip));
  }

  /** Styles that a model was trained on, and the gallery does not have. */
  #onlyOfModels() {
    const known = new Set(this.#styles.map((style) => style.name));
    const names = new Set(this.#models.flatMap((model) => model.styles).filter((name) => !known.has(name)));
    return [...names].map(ofModel);
  }

  /** The names that the chosen model paints; null where it is every style. */
  #painted({ settings }) {
    const own = this.#models.find((model) => model.name === settings.model)?.styles ?? [];
    return own.length ? own : null;
  }

  #tile(style) {
    const image = style.preview ? element("img", { alt: "" }) : icon("plain");
    if (style.preview) api.show(image, style.preview);
    const made = [style.artist, style.year].filter(Boolean).join(", ");
    const title = made ? `${style.title}. ${made}` : style.title;
    const given = { className: "tile", title, "aria-pressed": "false", "data-style": style.name };
    const tile = button([image, element("span", {}, style.title)], () => this.#chosen(style), given);
    tile.words = `${wordsOf(style)} ${style.kind === "own" ? "yours" : ""}`;
    tile.only = style.kind === "model"; // shown with its model alone
    return tile;
  }

  #adder() {
    const words = element("span", {}, "Your own");
    return button([icon("plus"), words], () => this.file.click(), { className: "tile add", title: "Paint in the style of a picture of yours" });
  }

  #chosen(style) {
    choose(style, { mix: this.mix.checked });
  }

  #byTag(tag) {
    this.#tag = this.#tag === tag ? null : tag;
    for (const chip of this.tags.children) chip.ariaPressed = String(chip.dataset.tag === this.#tag);
    this.#filter();
  }

  #filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (this.#tag) words.push(this.#tag.toLowerCase());
    const painted = this.#painted(state.get());
    let found = 0;
    for (const tile of this.tiles.querySelectorAll("[data-style]")) {
      const here = painted ? painted.includes(tile.dataset.style) : !tile.only;
      tile.hidden = !here || !words.every((word) => tile.words.includes(word));
      found += tile.hidden ? 0 : 1;
    }
    this.none.hidden = found > 0;
    this.#rove();
  }

  /** One tile takes the Tab key: the chosen one where it is seen. */
  #rove() {
    const seen = [...this.tiles.querySelectorAll("button:not([hidden])")];
    const first = seen.find((tile) => tile.ariaPressed === "true") ?? seen[0];
    for (const tile of seen) tile.tabIndex = tile === first ? 0 : -1;
  }

  #changed(now, before) {
    if (now.styles !== before.styles) this.#mark(now);
    if (now.content && !before.content) this.#first(now);
    if (now.settings.model !== before.settings.model) this.#modelChanged(now);
  }

  /** Another model may not know the styles that are chosen. */
  #modelChanged(now) {
    this.#filter();
    const painted = this.#painted(now);
    if (!painted || now.styles.every((style) => painted.includes(style.name))) return;
    const first = painted.find((name) => name === FIRST) ?? painted[0];
    const style = [...this.#styles, ...this.#onlyOfModels()].find((one) => one.name === first);
    state.set({ styles: [chosenFrom(style)] }); // it belongs to the same step of history
  }

  #mark({ styles }) {
    if (styles.length > 1) this.mix.checked = true;
    for (const tile of this.tiles.querySelectorAll("[data-style]")) {
      tile.ariaPressed = String(styles.some((one) => one.name === tile.dataset.style));
    }
  }

  #first({ content, styles, settings }) {
    if (!content || styles.length || settings.model || !this.#styles.length) return;
    choose(this.#styles.find((style) => style.name === FIRST) ?? this.#styles[0]);
  }

  #dropping() {
    this.addEventListener("dragover", () => this.toggleAttribute("data-over", true));
    this.addEventListener("dragleave", (event) => this.contains(event.relatedTarget) || this.toggleAttribute("data-over", false));
    this.addEventListener("drop", (event) => {
      this.toggleAttribute("data-over", false);
      if (event.dataTransfer.files.length) this.add(event.dataTransfer.files[0]);
    });
  }

  #picked() {
    if (this.file.files.length) this.add(this.file.files[0]);
    this.file.value = "";
  }

  /** Make a style of a painting, keep it among one's own, and choose it. */
  async add(file) {
    say(`Looking at ${file.name} …`, { stays: true });
    try {
      const { id } = await api.upload(file);
      const title = file.name.replace(/\.\w+$/, "");
      const style = await this.#kept(nameFor(title), title, id);
      await this.#load({ again: true });
      choose(this.#styles.find((one) => one.name === style.name) ?? style, { mix: this.mix.checked });
      note(`"${title}" is a style now.`);
    } catch (error) {
      say("");
      complain(error);
    }
  }

  async #kept(name, title, asset) {
    const taken = new Set(this.#styles.map((style) => style.name));
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
    return api.post("/v1/styles", { name: free, asset, title });
  }
}

/** A name as styles have it: small letters, at least one hyphen. */
export function nameFor(title) {
  const plain = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? ["style"];
  return (words.length > 1 ? words : ["my", ...words]).join("-").slice(0, 60).replace(/-$/, "");
}

customElements.define("impasto-gallery", Gallery);

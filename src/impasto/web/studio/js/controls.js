// <impasto-controls>: how far, how coarse, in which colors; few things first, the rest below.

import { api } from "./api.js";
import { element } from "./elements.js";
import { choiceOf, field, rangeOf, segmentsOf } from "./fields.js";
import { paletteField } from "./palette.js";
import { state } from "./state.js";
import { complain } from "./status.js";
import { allModels } from "./styles.js";

const COLORS = [["style", "Style"], ["content", "Photo"], ["match", "Matched"], ["palette", "Palette"]];
const STROKES = [["relative", "Auto"], ["0.5", "Fine"], ["native", "Native"], ["2", "Coarse"], ["4", "Broad"]];
const SIZES = [1024, 2048, 3072, 4096, 6144, 8192];
// What has a control of its own, or belongs to saving.
const PLACED = [
  "style", "strength", "strokes", "colors", "color_strength", "palette", "size", "model", "region", "regions",
  "select", "feather", "quality", "output", "content", "priority", "webhook", "chroma", "depth", "seed",
];
const WORDS = { keep_metadata: "Keep what the camera wrote", blend: "Fading", profile: "Color profile" };

class Controls extends HTMLElement {
  async connectedCallback() {
    try {
      const [settings, models] = await Promise.all([api.get("/v1/settings"), allModels()]);
      this.#build(settings.stylization.properties, models);
    } catch (error) {
      complain(error);
    }
  }

  #build(known, models) {
    const share = element("div", {}, rangeOf("color_strength", "How much of them", { ...known.color_strength, shown: percent }));
    const palette = paletteField();
    const rest = Object.entries(known).filter(([name]) => !PLACED.includes(name));
    this.replaceChildren(
      rangeOf("strength", "Strength", { ...known.strength, step: 0.01, shown: percent }),
      segmentsOf("strokes", "Strokes", STROKES, known.strokes.description),
      segmentsOf("colors", "Colors", COLORS, known.colors.description),
      palette,
      share,
      element(
        "details",
        {},
        element("summary", {}, "More"),
        choiceOf("size", "Size of the painting", { choices: sizes(), description: known.size.description }),
        choiceOf("model", "Model", { choices: modelNames(models) }),
        ...rest.map(([name, schema]) => field(name, WORDS[name] ?? wordsOf(name), schema)).filter(Boolean),
      ),
    );
    const show = ({ settings }) => {
      palette.hidden = settings.colors !== "palette";
      share.hidden = settings.colors === "style";
    };
    show(state.get());
    state.subscribe(show);
  }
}

function percent(value) {
  return `${Math.round(100 * value)} %`;
}

function sizes() {
  return new Map([[null, "As the photo"], ...SIZES.map((size) => [size, `${size} pixels`])]);
}

function modelNames(models) {
  const others = models.filter((model) => model.name !== "painter").map(({ name, styles }) => [name, `${name}: ${count(styles)}`]);
  return new Map([[null, "The painter: any style"], ...others]);
}

function count(styles) {
  if (!styles.length) return "any style";
  return styles.length === 1 ? styles[0] : `${styles.length} styles of its own`;
}

function wordsOf(name) {
  const words = name.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

customElements.define("impasto-controls", Controls);

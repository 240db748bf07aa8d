// <impasto-cards>: long work. Begins optimizations and trainings, and shows them as cards, also after a reload.

import { api } from "./api.js";
import { decoded, thumbnail } from "./bitmap.js";
import { Card } from "./card.js";
import { choice, element, labelled, slider } from "./elements.js";
import { requestOf } from "./request.js";
import { state } from "./state.js";
import { complain } from "./status.js";

const KINDS = ["optimization", "training"];
const PRESETS = {
  draft: "Draft: seconds",
  standard: "Standard: half a minute or more",
  print: "Print: the photo at its full size",
  texture: "Texture: the style alone",
};
const BUDGETS = { "2m": "2 minutes, a try", "15m": "15 minutes", "1h": "1 hour", "4h": "4 hours" };
// What both methods understand alike; strength and strokes have other scales in an optimization.
const SHARED = ["content", "style", "colors", "color_strength", "palette", "regions", "feather"];

class Cards extends HTMLElement {
  #list = element("div", { className: "cards" });
  #told = element("p", { className: "told", role: "status" });

  connectedCallback() {
    this.replaceChildren(this.#optimizing(), this.#training(), this.#told, this.#list);
    this.addEventListener("job-chosen", ({ detail }) => choose(detail).catch(complain));
    this.#offer(state.get());
    state.subscribe((now) => this.#offer(now));
    this.#load();
  }

  #optimizing() {
    const chosen = { preset: "standard", strength: 50, seed: 0 };
    const seed = element("input", { type: "number", min: 0, step: 1, value: 0 });
    seed.addEventListener("input", () => (chosen.seed = Math.max(0, Math.trunc(seed.valueAsNumber) || 0)));
    return this.#form(
      { kind: "optimization", title: "Optimize this", words: "Slower than painting, and closer to the style." },
      () => this.#begin("/v1/optimizations", { ...shared(state.get()), ...chosen }),
      labelled("How thorough", choice(PRESETS, chosen.preset, (value) => (chosen.preset = value))),
      slider("Strength", { min: 0, max: 100, step: 5, value: 50 }, (value) => (chosen.strength = value)),
      labelled("Seed", seed),
    );
  }

  #training() {
    const chosen = { budget: "15m" };
    const name = element("input", { type: "text", required: true, maxLength: 60, placeholder: "my-painting", autocomplete: "off" });
    name.pattern = "[a-z0-9]+(-[a-z0-9]+)+";
    const body = () => {
      const paintings = state.get().styles.map((style) => style.name);
      return { recipe: paintings.length > 1 ? "styles" : "style", name: name.value, paintings, ...chosen };
    };
    return this.#form(
      { kind: "training", title: "Train this style", words: "A network of its own for the chosen style: small, and close to it." },
      () => this.#begin("/v1/trainings", body()),
      labelled("Name of the model", name, element("small", {}, "Small letters with a hyphen, as my-painting.")),
      labelled("Time", choice(BUDGETS, chosen.budget, (value) => (chosen.budget = value))),
    );
  }

  #form({ kind, title, words }, work, ...fields) {
    const missing = element("small", { className: "missing", hidden: true });
    const submit = element("button", { className: "main", type: "submit" }, title);
    const form = element("form", { "data-kind": kind }, element("p", {}, words), ...fields, submit, missing);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      work();
    });
    return element("details", {}, element("summary", {}, title), form);
  }

  // What cannot begin yet says what is missing.
  #offer(now) {
    const style = now.styles.length ? "" : "Choose a style first.";
    const wanted = { optimization: now.content ? style : "Choose a picture first.", training: style };
    for (const form of this.querySelectorAll("form")) {
      const words = wanted[form.dataset.kind];
      form.querySelector("[type=submit]").disabled = words !== "";
      form.querySelector(".missing").textContent = words;
      form.querySelector(".missing").hidden = !words;
    }
  }

  async #begin(path, body) {
    this.#told.textContent = "";
    try {
      this.#list.prepend(new Card(await api.post(path, body)));
      this.#told.textContent = "It has begun.";
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }

  async #load() {
    try {
      const pages = await Promise.all(KINDS.map((kind) => api.get(`/v1/jobs?kind=${kind}&limit=20`)));
      const jobs = pages.flatMap((page) => page.jobs).sort((a, b) => b.created.localeCompare(a.created));
      this.#list.append(...jobs.map((job) => new Card(job)));
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }
}

function shared(now) {
  return Object.fromEntries(Object.entries(requestOf(now)).filter(([key]) => SHARED.includes(key)));
}

// A finished optimization hangs among the paintings.
async function choose({ job, output }) {
  const { asset, url } = output;
  const { bitmap, width, height } = await decoded(await api.blob(url), output.width ? output : null);
  const result = { id: asset, job: job.id, asset, url, width, height, settings: job.request, thumbnail: await thumbnail(bitmap) };
  bitmap.close();
  const others = state.get().results.filter(({ id }) => id !== result.id);
  state.set({ results: [...others, result], selected: result.id });
}

customElements.define("impasto-cards", Cards);

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
    state.subscribe((now, before) => {
      this.#offer(now);
      if (now.optimization !== before.optimization) this.#restore(now.optimization);
    });
    this.#load();
  }

  #optimizing() {
    const body = ({ preset, strength, seed }) => ({ ...shared(state.get()), preset, strength: Number(strength), seed: Number(seed) });
    return this.#form(
      { kind: "optimization", title: "Optimize this", words: "Slower than painting, and closer to the style." },
      (fields) => this.#begin("/v1/optimizations", body(fields)),
      labelled("How thorough", choice(PRESETS, "standard", { name: "preset" })),
      slider("Strength", { name: "strength", min: 0, max: 100, step: 1, value: 50 }),
      labelled("Seed", element("input", { name: "seed", type: "number", min: 0, step: 1, value: 0, required: true })),
    );
  }

  #training() {
    const name = element("input", { name: "name", type: "text", required: true, maxLength: 60, placeholder: "my-painting", autocomplete: "off" });
    name.pattern = "[a-z0-9]+(-[a-z0-9]+)+";
    const body = (fields) => {
      const paintings = state.get().styles.map((style) => style.name);
      return { recipe: paintings.length > 1 ? "styles" : "style", paintings, ...fields };
    };
    return this.#form(
      { kind: "training", title: "Train this style", words: "A network of its own for the chosen style: small, and close to it." },
      (fields) => this.#begin("/v1/trainings", body(fields)),
      labelled("Name of the model", name, element("small", {}, "Small letters with a hyphen, as my-painting.")),
      labelled("Time", choice(BUDGETS, "15m", { name: "budget" })),
    );
  }

  #form({ kind, title, words }, work, ...fields) {
    const missing = element("small", { className: "missing", hidden: true });
    const submit = element("button", { className: "main", type: "submit" }, title);
    const form = element("form", { "data-kind": kind }, element("p", {}, words), ...fields, submit, missing);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      work(Object.fromEntries(new FormData(form)));
    });
    return element("details", {}, element("summary", {}, title), form);
  }

  // A finished one that was dropped on the page, to begin again.
  #restore(wanted) {
    const form = this.querySelector("[data-kind=optimization]");
    for (const [name, value] of Object.entries(wanted)) {
      const field = form.elements[name];
      const usual = field.value;
      field.value = value;
      if (!field.value) field.value = usual; // a preset that is not offered
      field.dispatchEvent(new Event("input"));
    }
    form.parentElement.open = true;
    document.querySelector("impasto-tabs").show("studies");
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
      const card = new Card(await api.post(path, body));
      this.#list.prepend(card);
      card.scrollIntoView({ block: "nearest" });
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

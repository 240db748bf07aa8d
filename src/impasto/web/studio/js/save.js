// <impasto-save>: a painting as a file, in any format and size.

import { api } from "./api.js";
import { button, choice, download, element, labelled } from "./elements.js";
import { icon } from "./icons.js";
import { ready, requestOf, resultSize } from "./request.js";
import { state } from "./state.js";
import { duration } from "./status.js";

const FORMATS = { png: "PNG, exact", jpeg: "JPEG, small", webp: "WebP, smaller", avif: "AVIF, smallest", tiff: "TIFF, for print" };
const LOSSY = ["jpeg", "webp", "avif"];
const LARGEST = 16384;

class Save extends HTMLElement {
  #turn = new AbortController();
  #format = "png";

  connectedCallback() {
    this.opener = button([icon("save"), element("span", {}, "Save")], () => this.#open(), { className: "main", "aria-label": "Save", "aria-haspopup": "dialog", disabled: true });
    document.getElementById("file").after(element("div", { className: "row last", role: "group", "aria-label": "Page" }, this.opener));
    this.quality = element("input", { type: "range", min: 1, max: 100, value: 95 });
    this.shown = element("output", {}, "95");
    this.quality.oninput = () => (this.shown.textContent = this.quality.value);
    this.size = element("input", { type: "number", min: 8, max: LARGEST, step: 1, inputMode: "numeric", required: true });
    this.size.oninput = () => this.#sides();
    this.sides = element("small");
    this.words = element("p", { role: "status" });
    this.bar = element("progress", { max: 1, "aria-label": "Saving", hidden: true });
    this.lossy = labelled("Quality", this.quality, this.shown);
    this.dialog = this.#dialog();
    this.replaceChildren(this.dialog);
    state.subscribe((now) => (this.opener.disabled = !ready(now)));
    this.#choose(this.#format);
  }

  #dialog() {
    this.submit = element("button", { type: "submit", className: "main" }, "Save");
    const sizes = element("div", { className: "row" }, [2048, 4096, 8192, LARGEST].map((side) => button(String(side), () => this.#side(side), { className: "chip" })));
    const form = element(
      "form",
      { onsubmit: (event) => this.#submitted(event) },
      element("h2", { id: "save-title" }, "Save the painting"),
      labelled("Format", choice(FORMATS, this.#format, { onchange: (event) => this.#choose(event.target.value) })),
      this.lossy,
      labelled("Long side, pixels", this.size, this.sides),
      sizes,
      this.bar,
      this.words,
      element("div", { className: "row end" }, button("Close", () => this.dialog.close()), this.submit),
    );
    return element("dialog", { "aria-labelledby": "save-title", onclose: () => this.#turn.abort() }, form);
  }

  #open() {
    const { width, height } = resultSize(state.get());
    this.#side(Math.min(LARGEST, Math.max(width, height)));
    this.#busy(false);
    this.words.textContent = "";
    this.dialog.showModal();
  }

  #choose(format) {
    this.#format = format;
    this.lossy.hidden = !LOSSY.includes(format);
  }

  #side(side) {
    this.size.value = side;
    this.#sides();
  }

  #sides() {
    const now = state.get();
    const { width, height } = now.content ? resultSize({ ...now, settings: { size: this.size.valueAsNumber || 8 } }) : {};
    this.sides.textContent = width ? `${width} × ${height}` : "";
  }

  #busy(on) {
    this.submit.disabled = on;
    this.bar.hidden = !on;
    this.bar.removeAttribute("value"); // not known yet
  }

  async #submitted(event) {
    event.preventDefault();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const now = state.get();
    this.#busy(true);
    this.words.textContent = "Painting …";
    try {
      const job = await api.run("stylizations", this.#request(now), { signal, onProgress: (progress) => this.#progress(progress) });
      this.words.textContent = "Fetching …";
      download(await api.blob(job.outputs[0].url, { signal }), this.#name(now));
      this.words.textContent = `Saved as ${this.#name(now)}.`;
    } catch (error) {
      this.words.textContent = error.name === "AbortError" ? "" : error.message;
    }
    this.#busy(false);
  }

  #request(now) {
    const output = { format: this.#format, ...(LOSSY.includes(this.#format) && { quality: this.quality.valueAsNumber }) };
    const size = this.size.valueAsNumber;
    const same = size === Math.max(now.content.width, now.content.height);
    const { size: _, ...request } = requestOf(now);
    return same ? { ...request, output } : { ...request, size, output };
  }

  #progress({ step, total, eta_s }) {
    if (!total) return;
    this.bar.value = step / total;
    this.words.textContent = eta_s > 1 ? `Painting, ${duration(eta_s)} left` : "Painting …";
  }

  #name({ content, styles }) {
    const photo = content.name.replace(/\.\w+$/, "");
    const style = styles.map((one) => one.name.replace(/^asset:/, "").slice(0, 40)).join("+");
    return `${[photo, style].filter(Boolean).join(".")}.${{ jpeg: "jpg", tiff: "tif" }[this.#format] ?? this.#format}`;
  }
}

customElements.define("impasto-save", Save);

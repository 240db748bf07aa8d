// <impasto-picture>: how a photo comes onto the page: dropped, pasted, picked or taken.

import { api } from "./api.js";
import { decoded } from "./bitmap.js";
import { button, element } from "./elements.js";
import { icon, iconButton } from "./icons.js";
import { restored } from "./restore.js";
import { state } from "./state.js";
import { calmDown, complain, say } from "./status.js";

const TYPES = "image/jpeg,image/png,image/webp,image/avif,image/tiff,image/bmp,image/gif,.tif,.tiff";

const HERE = ["localhost", "127.0.0.1", "[::1]"];
const LARGE = 2048; // long side of what stands in for a photo that the browser cannot show

class PictureIn extends HTMLElement {
  #turn = new AbortController();

  connectedCallback() {
    this.chooser = element("input", { type: "file", accept: TYPES, hidden: true, "data-content": true, "aria-label": "Photo" });
    this.camera = element("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, "aria-label": "Photograph" });
    for (const input of [this.chooser, this.camera]) input.onchange = () => this.#picked(input);
    this.bar = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Upload" });
    this.replaceChildren(this.#invitation(), this.bar, this.chooser, this.camera);
    document.getElementById("file").append(
      iconButton("open", "Open a photo", () => this.chooser.click()),
      iconButton("camera", "Take a photo", () => this.camera.click()),
    );
    this.#listen();
    state.subscribe((now, before) => now.content !== before.content && this.#contentChanged(now));
  }

  #invitation() {
    return element(
      "div",
      { className: "invitation" },
      element("p", { className: "large" }, "Drop a photo here"),
      element("p", {}, `or paste one. It ${HERE.includes(location.hostname) ? "stays on this machine" : "goes to this server alone"}.`),
      element(
        "div",
        { className: "row" },
        button([icon("open"), "Choose a photo"], () => this.chooser.click(), { className: "main" }),
        button([icon("camera"), "Take one"], () => this.camera.click()),
      ),
    );
  }

  #listen() {
    const stage = document.getElementById("stage");
    const over = (on) => stage.toggleAttribute("data-over", on);
    addEventListener("dragover", (event) => event.preventDefault()); // else the browser opens the file
    addEventListener("drop", (event) => event.preventDefault());
    stage.addEventListener("dragover", () => over(true));
    stage.addEventListener("dragleave", (event) => stage.contains(event.relatedTarget) || over(false));
    addEventListener("drop", () => over(false), { capture: true }); // whoever takes it
    stage.addEventListener("drop", (event) => {
      if (event.dataTransfer.files.length) this.take(event.dataTransfer.files[0]);
    });
    addEventListener("paste", (event) => {
      const [file] = event.clipboardData?.files ?? [];
      if (file) this.take(file);
    });
  }

  #picked(input) {
    if (input.files.length) this.take(input.files[0]);
    input.value = ""; // so that the same file can be picked again
  }

  /** Take a file: a photo to paint, or a painting of ours, whose settings come back. */
  async take(file) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    calmDown();
    try {
      if (await restored(file)) return;
      await this.#photo(file, signal);
    } catch (error) {
      complain(error);
    } finally {
      if (!signal.aborted) this.bar.hidden = true;
    }
  }

  async #photo(file, signal) {
    say(`Reading ${file.name || "the picture"} …`, { stays: true });
    const onProgress = (share) => {
      this.bar.hidden = share >= 1;
      this.bar.value = share;
    };
    try {
      const { id, width, height, url } = await api.upload(file, { onProgress, signal });
      const content = { asset: id, width, height, url, name: file.name || "photo.jpg" };
      const regions = state.get().content ? [] : state.get().regions; // a recipe may have brought some
      state.set({ content, regions, selected: null, view: { mode: "result", zoom: null, x: 0.5, y: 0.5 } }, { history: true });
    } finally {
      if (!signal.aborted) say("");
    }
  }

  async #contentChanged({ content }) {
    const viewer = document.querySelector("impasto-viewer");
    this.toggleAttribute("data-taken", content !== null);
    viewer.hang("now", null);
    viewer.hang("before", null);
    if (!content) return;
    try {
      const photo = await this.#decoded(content);
      if (state.get().content === content) viewer.hang("before", photo);
      else photo.bitmap.close();
    } catch (error) {
      complain(error);
    }
  }

  /** The photo as bitmap; of files that browsers do not read, the server's painting of strength 0. */
  async #decoded(content) {
    try {
      return await decoded(await api.blob(content.url), content);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
    }
    const size = Math.min(LARGE, Math.max(content.width, content.height));
    const job = await api.run("stylizations", { content: content.asset, style: ["starry-night"], strength: 0, size });
    return decoded(await api.blob(job.outputs[0].url), content);
  }
}

customElements.define("impasto-picture", PictureIn);

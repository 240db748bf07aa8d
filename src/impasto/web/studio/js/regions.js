// <impasto-regions>: parts of the picture with a style of their own, or left as they are.

import { api } from "./api.js";
import { Brush } from "./brush.js";
import { button, element, labelled, slider } from "./elements.js";
import { Mask } from "./mask.js";
import { FEATHER, regionWith } from "./region.js";
import { state } from "./state.js";
import { complain } from "./status.js";
import { allStyles } from "./styles.js";

const KEEP = ""; // value of "Keep the photo" in a select

class Regions extends HTMLElement {
  #viewer;
  #brush = null;
  #edited = null; // id of the region under the brush; null before its first stroke
  #known = null; // asset of the mask under the brush, to notice when undo brings another
  #queue = Promise.resolve(); // strokes go to the server one after another
  #list = element("ul", { className: "regions" });
  #tools = element("div", { className: "brush", hidden: true });
  #begin = button("Paint a region", () => this.#edit(null), { className: "main" });
  #upload = button("Use a mask", () => this.#file.click());
  #file = element("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Mask", "data-mask": true });
  #feather;
  #styles = []; // of the gallery
  #shape = ""; // what the rows were made for

  connectedCallback() {
    this.#viewer = document.querySelector("impasto-viewer");
    this.#feather = slider("Feather", { min: 0, max: 10, step: 0.5, value: FEATHER, unit: " %" }, (feather) => this.#all({ feather }, false));
    this.#feather.querySelector("input").addEventListener("change", (event) => this.#all({ feather: event.target.valueAsNumber }, true));
    this.#file.addEventListener("change", () => this.#takeMask());
    this.#tools.append(...this.#brushControls());
    this.replaceChildren(
      element("p", {}, "Give a part of the picture a style of its own, or leave the photo there."),
      element("div", { className: "row" }, this.#begin, this.#upload, this.#file),
      this.#tools,
      this.#list,
      this.#feather,
    );
    state.subscribe((now, before) => this.#changed(now, before));
    this.#changed(state.get(), {});
    allStyles().then((styles) => {
      this.#styles = styles;
      this.#draw(state.get());
    }, () => {}); // the gallery complains
  }

  #brushControls() {
    const erase = button("Erase", () => this.#eraseToggled(), { className: "erase", ariaPressed: "false" });
    return [
      slider("Brush", { min: 1, max: 40, step: 1, value: 12, unit: " %" }, (size) => this.#set({ radius: size / 200 })),
      slider("Softness", { min: 0, max: 100, step: 10, value: 30, unit: " %" }, (soft) => this.#set({ soft: soft / 100 })),
      element(
        "div",
        { className: "row" },
        erase,
        button("Invert", () => this.#change((mask) => mask.invert())),
        button("Clear", () => this.#change((mask) => mask.clear())),
        button("Done", () => this.#leave(), { className: "main" }),
      ),
      element("small", {}, "Keys, on the picture: arrows move the brush, Shift and arrows paint, Space makes a dot."),
    ];
  }

  #set(values) {
    Object.assign(this.#brush, values);
    this.#viewer.redraw();
  }

  #eraseToggled() {
    this.#set({ erase: !this.#brush.erase });
    this.querySelector(".erase").ariaPressed = String(this.#brush.erase);
  }

  #changed(now, before) {
    if (now.content !== before.content) this.#leave();
    this.#begin.disabled = this.#upload.disabled = !now.content;
    if (now.regions !== before.regions || now.styles !== before.styles) this.#draw(now);
    if (this.#brush && now.regions !== before.regions) this.#follow(now);
  }

  // Undo and redo bring another mask, or none: the brush goes on with that.
  async #follow({ regions, content }) {
    const region = regions.find(({ id }) => id === this.#edited);
    if (this.#edited === null || region?.mask === this.#known) return;
    if (!region) return this.#leave();
    this.#known = region.mask;
    const mask = await Mask.from(await api.blob(`/v1/assets/${region.mask}`), content.width, content.height);
    if (this.#brush && this.#known === region.mask) this.#brush.mask = mask;
  }

  async #edit(region) {
    this.#leave();
    const { width, height } = state.get().content;
    try {
      const mask = region ? await Mask.from(await api.blob(`/v1/assets/${region.mask}`), width, height) : new Mask(width, height);
      this.#edited = region?.id ?? null;
      this.#known = region?.mask ?? null;
      this.#brush = new Brush(this.#viewer, mask, () => this.#keep());
      this.#brush.take();
    } catch (error) {
      return complain(error);
    }
    for (const input of this.#tools.querySelectorAll("input")) input.dispatchEvent(new Event("input"));
    state.set({ view: { mode: "result" } }); // a stroke is drawn on one picture
    this.#tools.hidden = false;
    this.#begin.hidden = this.#upload.hidden = true;
    this.querySelector(".erase").ariaPressed = "false";
    this.#viewer.focus();
    this.#draw(state.get());
  }

  #leave() {
    this.#brush?.leave();
    this.#brush = this.#edited = null;
    this.#tools.hidden = true;
    this.#begin.hidden = this.#upload.hidden = false;
    this.#draw(state.get());
  }

  #change(work) {
    work(this.#brush.mask);
    this.#viewer.redraw();
    this.#keep();
  }

  // Each stroke is kept, so that each can be undone.
  #keep() {
    const { mask } = this.#brush;
    this.#queue = this.#queue.then(() => this.#send(mask)).catch(complain);
  }

  async #send(mask) {
    const { content } = state.get();
    if (mask.empty && this.#edited === null) return;
    const asset = await api.upload(await mask.blob());
    if (state.get().content !== content || this.#brush?.mask !== mask) return;
    this.#known = asset.id;
    if (this.#edited === null) this.#edited = this.#add(asset.id);
    else this.#patch(this.#edited, { mask: asset.id });
  }

  async #takeMask() {
    const [file] = this.#file.files;
    this.#file.value = "";
    if (!file) return;
    const { content } = state.get();
    try {
      const mask = await Mask.from(file, content.width, content.height);
      this.#add((await api.upload(await mask.blob())).id);
    } catch (error) {
      complain(error.name === "InvalidStateError" ? { message: `The mask ${file.name} is no picture that the browser can read. A PNG will do.` } : error);
    }
  }

  #add(mask) {
    const { regions } = state.get();
    const region = regionWith({ mask, feather: regions[0]?.feather });
    state.set({ regions: [...regions, region] }, { history: true });
    return region.id;
  }

  #patch(id, values, history = true) {
    const regions = state.get().regions.map((one) => (one.id === id ? { ...one, ...values } : one));
    state.set({ regions }, { history });
  }

  #all(values, history) {
    state.set({ regions: state.get().regions.map((one) => ({ ...one, ...values })) }, { history });
  }

  #remove(id) {
    if (id === this.#edited) this.#leave();
    state.set({ regions: state.get().regions.filter((one) => one.id !== id) }, { history: true });
  }

  // Rows are made anew only where others are needed: what somebody types in goes on.
  #draw({ regions, styles }) {
    this.#feather.hidden = !regions.length;
    const shape = JSON.stringify([regions.map(({ id, mask }) => [id, mask]), styles.map(({ name }) => name), this.#edited, this.#styles.length]);
    if (shape !== this.#shape) this.#list.replaceChildren(...regions.map((region, at) => this.#row(region, at + 1, styles)));
    this.#shape = shape;
    regions.forEach(({ style, weight }, at) => {
      this.#list.children[at].querySelector("select").value = style?.[0] ?? KEEP;
      this.#list.children[at].querySelector("input").value = weight;
    });
  }

  #row(region, number, styles) {
    const { id, mask } = region;
    const image = element("img", { alt: "" });
    api.show(image, `/v1/assets/${mask}`);
    const chooser = this.#chooser(styles, (value) => this.#patch(id, { style: value === KEEP ? null : [value] }));
    const share = element("input", { type: "range", min: 0.1, max: 1, step: 0.1, title: `Region ${number}` });
    share.addEventListener("change", () => this.#patch(id, { weight: share.valueAsNumber }));
    chooser.ariaLabel = `Style of region ${number}`;
    return element(
      "li",
      { "aria-current": id === this.#edited },
      image,
      element("div", { className: "body" }, element("strong", {}, `Region ${number}`), chooser, labelled("How much", share)),
      element(
        "div",
        { className: "row" },
        id !== this.#edited && button("Edit", () => this.#edit(region), { className: "quiet", "aria-label": `Edit region ${number}` }),
        button("Remove", () => this.#remove(id), { className: "quiet", "aria-label": `Remove region ${number}` }),
      ),
    );
  }

  #chooser(styles, onchange) {
    const option = ({ name, title }) => element("option", { value: name }, title ?? name);
    const others = this.#styles.filter(({ name }) => !styles.some((one) => one.name === name));
    const made = element("select", {}, option({ name: KEEP, title: "Keep the photo" }));
    if (styles.length) made.append(element("optgroup", { label: "In the mix" }, styles.map(option)));
    made.append(element("optgroup", { label: "Gallery" }, others.map(option)));
    made.addEventListener("change", () => onchange(made.value));
    return made;
  }
}

customElements.define("impasto-regions", Regions);

// <impasto-mix>: the chosen styles with their shares, and the pad whose corners they are.

import { api } from "./api.js";
import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import "./pad.js";
import { state } from "./state.js";
import { drop, weigh } from "./styles.js";

class Mix extends HTMLElement {
  #rows = [];

  connectedCallback() {
    this.pad = element("impasto-pad");
    this.list = element("ul", { className: "mix", "aria-label": "Chosen styles" });
    this.replaceChildren(this.pad, this.list);
    state.subscribe((now, before) => now.styles !== before.styles && this.#show(now, before));
    this.#build(state.get());
  }

  #show(now, before) {
    const names = (styles) => styles.map((one) => one.name).join();
    if (names(now.styles) !== names(before.styles)) this.#build(now);
    else this.#update(now);
  }

  #build({ styles }) {
    this.pad.hidden = styles.length < 2;
    this.list.hidden = !styles.length;
    this.#rows = styles.map((style) => this.#row(style, styles.length > 1));
    this.list.replaceChildren(...this.#rows.map((row) => row.item));
    this.#update({ styles });
  }

  #row(style, several) {
    const image = element("img", { alt: "" });
    if (style.preview) api.show(image, style.preview);
    if (!several) return { item: element("li", {}, image, element("span", {}, style.title)) };
    const range = element("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": `Share of ${style.title}` });
    const share = element("output");
    range.oninput = () => this.#weigh(style.name, range.valueAsNumber, false);
    range.onchange = () => this.#weigh(style.name, range.valueAsNumber, true);
    const out = button(icon("close"), () => drop(style.name), { className: "icon-button", "aria-label": `Leave out ${style.title}` });
    const words = element("span", {}, style.title);
    return { item: element("li", {}, image, element("div", {}, words, range), share, out), range, share };
  }

  #update({ styles }) {
    styles.forEach(({ weight }, at) => {
      const { range, share } = this.#rows[at];
      if (!range) return;
      if (Math.round(range.value) !== Math.round(100 * weight)) range.value = 100 * weight;
      share.textContent = `${Math.round(100 * weight)} %`;
    });
  }

  /** One share is given, the others keep their proportions in what is left. */
  #weigh(name, percent, history) {
    const { styles } = state.get();
    const rest = styles.filter((one) => one.name !== name).reduce((sum, one) => sum + one.weight, 0);
    const given = percent / 100;
    const others = (one) => (rest > 1e-6 ? (one.weight / rest) * (1 - given) : (1 - given) / (styles.length - 1));
    weigh(styles.map((one) => ({ ...one, weight: one.name === name ? given : others(one) })), { history });
  }
}

customElements.define("impasto-mix", Mix);

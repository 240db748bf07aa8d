// <impasto-results>: what was painted, one small picture each; a click brings back how.

import { arrows } from "./arrows.js";
import { button, element } from "./elements.js";
import { state } from "./state.js";

class Results extends HTMLElement {
  connectedCallback() {
    this.role = "group";
    this.ariaLabel = "Paintings";
    arrows(this, "button");
    this.#show(state.get());
    state.subscribe((now, before) => {
      if (now.results !== before.results) this.#show(now);
      else if (now.selected !== before.selected) this.#mark(now);
    });
  }

  #show(now) {
    const known = new Map([...this.children].map((one) => [one.dataset.result, one]));
    this.replaceChildren(...now.results.map((result, at) => known.get(result.id) ?? this.#thumb(result, at)));
    this.hidden = !now.results.length;
    this.#mark(now);
    this.lastElementChild?.scrollIntoView({ block: "nearest", inline: "end" });
  }

  #thumb(result, at) {
    const image = element("img", { alt: "", src: result.thumbnail ?? result.url });
    const names = result.work?.styles.map((style) => style.title).join(" and ");
    const label = `Painting ${at + 1}${names ? `: ${names}` : ""}`;
    return button(image, () => this.#choose(result), { "aria-label": label, title: names ?? "", "data-result": result.id });
  }

  #mark({ selected }) {
    for (const one of this.children) {
      one.ariaPressed = String(one.dataset.result === selected);
      one.tabIndex = one.dataset.result === selected || (selected === null && one === this.lastElementChild) ? 0 : -1;
    }
  }

  #choose(result) {
    state.set({ ...result.work, selected: result.id }, { history: true });
  }
}

customElements.define("impasto-results", Results);

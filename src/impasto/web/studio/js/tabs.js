// <impasto-tabs>: sections with a `data-tab`, one of them shown; arrows change it.

import { button, element } from "./elements.js";

class Tabs extends HTMLElement {
  connectedCallback() {
    this.sections = [...this.querySelectorAll(":scope > [data-tab]")];
    this.list = element("div", { className: "tabs", role: "tablist", "aria-label": this.getAttribute("label") });
    this.sections.forEach((section, at) => this.#add(section, at));
    this.prepend(this.list);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.show(this.sections[0].id);
  }

  #add(section, at) {
    section.id ||= `tab-${at}`;
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", `${section.id}-name`);
    const given = { role: "tab", id: `${section.id}-name`, "aria-controls": section.id };
    this.list.append(button(section.dataset.tab, () => this.show(section.id), given));
  }

  /** Show the section of this id; tells its elements by the event "tab". */
  show(id) {
    this.sections.forEach((section, at) => {
      const chosen = section.id === id;
      const tab = this.list.children[at];
      section.hidden = !chosen;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    this.dispatchEvent(new CustomEvent("tab", { detail: id }));
  }

  #key(event) {
    const at = [...this.list.children].indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.sections.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const section = this.sections[(to + this.sections.length) % this.sections.length];
    this.show(section.id);
    document.getElementById(`${section.id}-name`).focus();
  }
}

customElements.define("impasto-tabs", Tabs);

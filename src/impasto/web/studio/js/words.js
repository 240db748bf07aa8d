// <impasto-words>: the settings as text to take along: JSON for the API, a line for a terminal.

import { button, element, labelled } from "./elements.js";
import { commandLine, settingsJson } from "./request.js";
import { state } from "./state.js";

class Words extends HTMLElement {
  connectedCallback() {
    this.line = element("textarea", { readOnly: true, rows: 3, spellcheck: false });
    this.json = element("textarea", { readOnly: true, rows: 10, spellcheck: false });
    this.told = element("p", { role: "status" });
    this.dialog = element(
      "dialog",
      { "aria-labelledby": "words-title" },
      element("h2", { id: "words-title" }, "The settings as text"),
      this.#block("In a terminal", this.line),
      this.#block("As JSON, for the API", this.json),
      this.told,
      element("div", { className: "row end" }, button("Close", () => this.dialog.close())),
    );
    this.replaceChildren(button("Copy the settings", () => this.#open(), { "aria-haspopup": "dialog" }), this.dialog);
  }

  #block(words, text) {
    return labelled(words, text, button("Copy", () => this.#copy(text, words)));
  }

  async #copy(text, words) {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      this.told.textContent = `Copied: ${words}.`;
    } catch {
      this.told.textContent = "The browser does not let pages copy here. The text is selected: press Ctrl C.";
    }
  }

  #open() {
    const now = state.get();
    this.line.value = commandLine(now);
    this.json.value = settingsJson(now);
    this.told.textContent = "";
    this.dialog.showModal();
  }
}

customElements.define("impasto-words", Words);

// <impasto-share>: the styles and settings as a recipe file, and the way back.

import { button, download, element } from "./elements.js";
import { isRecipe, recipeOf, take } from "./recipe.js";
import { state } from "./state.js";
import { complain, note } from "./status.js";

class Share extends HTMLElement {
  #file = element("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "Recipe", "data-recipe": true });
  #save = button("Save as a recipe", () => this.#shared());

  connectedCallback() {
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files;
      this.#file.value = "";
      if (file) this.take(file);
    });
    this.replaceChildren(
      element("p", {}, "A recipe holds styles, settings and regions, not the photo. Give it to others, or drop it here again."),
      element("div", { className: "row" }, this.#save, button("Open a recipe", () => this.#file.click()), this.#file),
    );
    // Before the page takes what is dropped for a photo.
    addEventListener("drop", (event) => this.#dropped(event), { capture: true });
    state.subscribe((now) => this.#offer(now));
    this.#offer(state.get());
  }

  #offer({ styles }) {
    this.#save.disabled = !styles.length;
  }

  async #shared() {
    try {
      const recipe = await recipeOf(state.get());
      const names = recipe.styles.map((style) => style.name).join("-and-");
      download(new Blob([JSON.stringify(recipe, null, 2)], { type: "application/json" }), `${names}.json`);
    } catch (error) {
      complain(error);
    }
  }

  #dropped(event) {
    const file = [...(event.dataTransfer?.files ?? [])].find(isRecipe);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    this.take(file);
  }

  /** Take over a recipe file. */
  async take(file) {
    try {
      const missing = await take(file);
      note(missing.length ? `The recipe is taken over, without what is not here: ${missing.join(", ")}.` : "The recipe is taken over.");
    } catch (error) {
      complain(error);
    }
  }
}

customElements.define("impasto-share", Share);

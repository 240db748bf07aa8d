// <impasto-rating>: what a person thinks of a painting: stars and words, or which of two is better.

import { api } from "./api.js";
import { button, element, labelled } from "./elements.js";
import { state } from "./state.js";

const STARS = ["poor", "weak", "fair", "good", "excellent"];
const CHOICES = { left: "The first", tie: "Equally good", right: "The second" } // beside or above each other;

class Rating extends HTMLElement {
  #given = new Map(); // {stars, comment} by the id of a result, of this visit
  #since = 0; // when the two could be seen
  #stars = element("fieldset", { className: "stars" }, element("legend", {}, "How good is this painting?"));
  #comment = element("textarea", { rows: 2, maxLength: 2000 });
  #send = element("button", { type: "submit" }, "Rate");
  #pair = element("div", { className: "pair", role: "group", "aria-label": "Which painting is better?", hidden: true });
  #told = element("p", { className: "told", role: "status" });

  connectedCallback() {
    this.#stars.append(...STARS.map((words, at) => star(at + 1, words)));
    const buttons = Object.entries(CHOICES).map(([choice, words]) => button(words, () => this.#compare(choice)));
    this.#pair.append(element("p", {}, "Which painting is better?"), element("div", { className: "row" }, buttons));
    const form = element("form", {}, this.#stars, labelled("Comment", this.#comment), this.#send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rate();
    });
    this.#stars.addEventListener("change", () => (this.#send.disabled = false));
    this.replaceChildren(this.#pair, form, this.#told);
    state.subscribe((now, before) => this.#changed(now, before));
    this.#changed(state.get(), {});
  }

  #changed(now, before) {
    const result = selected(now);
    this.#stars.disabled = this.#comment.disabled = !result;
    if (now.selected !== before.selected) this.#show(result);
    const pair = result && other(now);
    this.#pair.hidden = !pair;
    if (now.view.other !== before.view?.other || now.selected !== before.selected) this.#since = performance.now();
  }

  #show(result) {
    const { stars = 0, comment = "" } = this.#given.get(result?.id) ?? {};
    for (const input of this.#stars.querySelectorAll("input")) input.checked = input.value === String(stars);
    this.#comment.value = comment;
    this.#send.disabled = !stars;
    this.#told.textContent = result ? "" : "A finished painting can be rated.";
  }

  async #rate() {
    const { id, job } = selected(state.get());
    const stars = Number(this.#stars.querySelector("input:checked").value);
    const comment = this.#comment.value.trim();
    this.#given.set(id, { stars, comment });
    await this.#post({ job, stars, comment }, "Your rating is kept.");
  }

  async #compare(choice) {
    const now = state.get();
    const milliseconds = Math.round(performance.now() - this.#since);
    await this.#post({ left: other(now).job, right: selected(now).job, choice, milliseconds }, "Your answer is kept.");
  }

  async #post(body, words) {
    try {
      await api.post("/v1/ratings", body);
      this.#told.textContent = words;
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }
}

function star(number, words) {
  const input = element("input", { type: "radio", name: "stars", value: number });
  return element("label", { title: words }, input, element("span", { ariaHidden: "true" }, "★"), element("span", { className: "unseen" }, `${number}, ${words}`));
}

function selected(now) {
  return now.results.find((one) => one.id === now.selected) ?? null;
}

// What stands to the left of the selected painting, where two are looked at.
function other(now) {
  return now.view.mode === "side-by-side" ? (now.results.find((one) => one.id === now.view.other) ?? null) : null;
}

customElements.define("impasto-rating", Rating);

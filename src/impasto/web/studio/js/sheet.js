// <impasto-sheet>: one photo at several strengths in several styles, as one picture.

import { api } from "./api.js";
import { button, download, element, labelled } from "./elements.js";
import { requestOf } from "./request.js";
import { state } from "./state.js";
import { duration } from "./status.js";
import { allStyles } from "./styles.js";

const STRENGTHS = "0.25, 0.5, 0.75, 1, 1.5";
const MOST = 8; // styles, and strengths

class Sheet extends HTMLElement {
  #chosen = new Map(); // titles by name
  #turn = null;
  #strengths = element("input", { type: "text", value: STRENGTHS, inputMode: "decimal", autocomplete: "off" });
  #adder = element("select");
  #chips = element("ul", { className: "chips" });
  #make = element("button", { type: "submit", className: "main" }, "Make the sheet");
  #stop = button("Stop", () => this.#turn?.abort(), { className: "quiet", hidden: true });
  #told = element("p", { className: "told", role: "status" });
  #image = element("img", { alt: "Sheet of strengths and styles" });
  #dialog = element("dialog", { className: "sheet", "aria-label": "Sheet" });
  #blob = null;

  connectedCallback() {
    this.#adder.addEventListener("change", () => this.#added());
    const form = element(
      "form",
      {},
      element("p", {}, "Strengths by styles of this photo, as one picture."),
      labelled("Strengths", this.#strengths),
      labelled("Add a style", this.#adder),
      this.#chips,
      element("div", { className: "row" }, this.#make, this.#stop),
      this.#told,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
    this.#dialog.append(
      element("div", { className: "page" }, this.#image),
      element(
        "div",
        { className: "row" },
        button("Download", () => download(this.#blob, "impasto-sheet.jpg"), { className: "main" }),
        button("Close", () => this.#dialog.close()),
      ),
    );
    this.replaceChildren(element("details", {}, element("summary", {}, "Sheet of strengths and styles"), form), this.#dialog);
    state.subscribe((now, before) => this.#changed(now, before));
    this.#changed(state.get(), {});
    allStyles().then((styles) => this.#offer(styles), () => {}); // the gallery complains
  }

  #changed(now, before) {
    if (now.styles !== before.styles) {
      for (const { name } of before.styles ?? []) this.#chosen.delete(name);
      for (const { name, title } of now.styles) this.#chosen.set(name, title ?? name);
      this.#draw();
    }
    this.#make.disabled = !now.content || !this.#chosen.size || this.#turn !== null;
  }

  #offer(styles) {
    const all = styles.map(({ name, title }) => element("option", { value: name }, title ?? name));
    this.#adder.replaceChildren(element("option", { value: "" }, "Choose …"), ...all);
  }

  #added() {
    const [option] = this.#adder.selectedOptions;
    if (option.value && this.#chosen.size < MOST) this.#chosen.set(option.value, option.textContent);
    this.#adder.value = "";
    this.#draw();
  }

  #draw() {
    const chip = ([name, title]) => {
      const away = () => {
        this.#chosen.delete(name);
        this.#draw();
        this.#adder.focus();
      };
      return element("li", {}, title, button("×", away, { className: "quiet", "aria-label": `Without ${title}` }));
    };
    this.#chips.replaceChildren(...[...this.#chosen].map(chip));
    this.#make.disabled = !state.get().content || !this.#chosen.size || this.#turn !== null;
  }

  async #run() {
    const strengths = [...new Set(this.#strengths.value.split(/[\s,;]+/).filter(Boolean).map(Number))];
    if (!strengths.length || strengths.length > MOST || strengths.some((one) => !(one >= 0 && one <= 2))) {
      this.#told.textContent = `Strengths are up to ${MOST} numbers from 0 to 2, as ${STRENGTHS}.`;
      return this.#strengths.focus();
    }
    this.#turn = new AbortController();
    this.#busy(true);
    try {
      const onProgress = ({ step, total, eta_s }) => {
        this.#told.textContent = total ? `Painting ${step} of ${total}${eta_s > 1 ? `, ${duration(eta_s)} left` : ""}` : "Painting …";
      };
      const job = await api.run("sheets", this.#request(strengths), { onProgress, signal: this.#turn.signal });
      await this.#show(job.outputs[0]);
      this.#told.textContent = "";
    } catch (error) {
      this.#told.textContent = error.name === "AbortError" ? "Stopped." : error.message;
    }
    this.#turn = null;
    this.#busy(false);
  }

  #busy(is) {
    this.#stop.hidden = !is;
    if (is) this.#told.textContent = "Painting …";
    this.#draw();
  }

  #request(strengths) {
    const now = state.get();
    const { style, strength, regions, feather, size, ...rest } = requestOf(now); // what varies, and what a cell is too small for
    return { ...rest, styles: [...this.#chosen.keys()], strengths };
  }

  async #show(output) {
    this.#blob = await api.blob(output.url);
    URL.revokeObjectURL(this.#image.src);
    this.#image.src = URL.createObjectURL(this.#blob);
    this.#dialog.showModal();
  }
}

customElements.define("impasto-sheet", Sheet);

// <impasto-card>: one long work. How far it is, how it looks, and the ways to end it.

import { api } from "./api.js";
import { button, element } from "./elements.js";
import { ENDED, follow } from "./events.js";
import { duration } from "./status.js";

const SETTLED = 5; // steps: the first ones are slower, and would promise too little
const TITLES = { optimization: "Optimization", training: "Training" };
const STATES = {
  starting: "Waiting for its turn",
  processing: "Working",
  succeeded: "Done",
  failed: "Failed",
  canceled: "Stopped",
};

/** A job as a card; says "job-ended", and "job-chosen" with `{job, output}` in its detail. */
export class Card extends HTMLElement {
  #job;
  #gone = new AbortController();
  #image = element("img", { alt: "", hidden: true });
  #words = element("p", { className: "words" });
  #told = element("p", { className: "told", hidden: true });
  #bar = element("progress", { max: 1 });
  #actions = element("div", { className: "row" });
  #asked = 0; // previews so far: a late one does not replace a newer one

  constructor(job) {
    super();
    this.#job = job;
  }

  connectedCallback() {
    const title = [TITLES[this.#job.kind], about(this.#job.request)].filter(Boolean).join(" · ");
    this.role = "group";
    this.ariaLabel = title;
    this.#image.alt = `${title}: preview`;
    this.#bar.ariaLabel = `${title}: progress`;
    const body = element("div", { className: "body" }, element("h2", {}, title), this.#words, this.#bar, this.#told, this.#actions);
    this.replaceChildren(this.#image, body);
    this.#show(this.#job);
    if (this.#output()) this.#preview();
    if (!ENDED.has(this.#job.state)) this.#follow();
  }

  disconnectedCallback() {
    this.#gone.abort();
    URL.revokeObjectURL(this.#image.src);
  }

  async #follow() {
    try {
      for await (const { event, data } of follow(api.fetch, this.#job.links.events, this.#gone.signal)) {
        if (event === "progress") this.#show({ ...this.#job, state: "processing", progress: data });
        else if (event === "preview") this.#preview();
        else if (event === "words") this.#tell(data.words);
        else if (event === "state" && !ENDED.has(data.state)) this.#show({ ...this.#job, state: data.state });
      }
      this.#show(await api.get(this.#job.links.self));
      if (this.#output()) this.#preview();
      this.dispatchEvent(new CustomEvent("job-ended", { bubbles: true, detail: this.#job }));
    } catch (error) {
      if (this.isConnected) this.#tell(error.message);
    }
  }

  #show(job) {
    const same = job.state === this.#job.state && this.#actions.childElementCount > 0;
    this.#job = job;
    this.dataset.state = job.state;
    this.#words.textContent = words(job);
    this.#bar.hidden = ENDED.has(job.state);
    if (job.progress?.total) this.#bar.value = job.progress.step / job.progress.total;
    if (job.problem) this.#tell(job.problem.detail ?? job.problem.title);
    if (!same) this.#actions.replaceChildren(...this.#ways());
  }

  #tell(text) {
    this.#told.textContent = text;
    this.#told.hidden = !text;
  }

  #output() {
    return this.#job.outputs?.find((output) => output.media_type?.startsWith("image/"));
  }

  #ways() {
    const { state, kind } = this.#job;
    if (!ENDED.has(state)) {
      return [
        button("Stop and keep", () => this.#wish("finish", "Ending; what is there is kept.")),
        button("Stop", () => this.#wish("cancel", "Stopping."), { className: "quiet" }),
      ];
    }
    const away = button("Remove", () => this.#forget(), { className: "quiet" });
    if (state !== "succeeded" || kind !== "optimization" || !this.#output()) return [away];
    return [button("Show", () => this.#choose()), away];
  }

  async #wish(way, said) {
    const buttons = [...this.#actions.children];
    for (const one of buttons) one.disabled = true;
    this.#tell(said);
    try {
      await api.post(this.#job.links[way]);
    } catch (error) {
      this.#tell(error.message);
      for (const one of buttons) one.disabled = false;
    }
  }

  async #forget() {
    try {
      await api.remove(this.#job.links.self);
      this.remove();
    } catch (error) {
      this.#tell(error.message);
    }
  }

  #choose() {
    const detail = { job: this.#job, output: this.#output() };
    this.dispatchEvent(new CustomEvent("job-chosen", { bubbles: true, detail }));
  }

  async #preview() {
    const number = (this.#asked += 1);
    const url = await api.picture(this.#output()?.url ?? this.#job.links.preview).catch(() => "");
    if (number !== this.#asked || !this.isConnected) return URL.revokeObjectURL(url);
    if (!url) return; // the next one comes, or the picture itself
    URL.revokeObjectURL(this.#image.src);
    this.#image.src = url;
    this.#image.hidden = false;
  }
}

function words({ state, progress, stop }) {
  if (ENDED.has(state) || !progress?.total) return STATES[state];
  const done = `Step ${progress.step} of ${progress.total}`;
  if (stop) return `${done} · ending`;
  const known = progress.eta_s > 0 && progress.step >= SETTLED;
  return known ? `${done} · ${duration(progress.eta_s)} left` : done;
}

// What a work is about: its styles without their shares, or the name of its model.
function about({ style, name }) {
  const all = [style ?? name ?? []].flat().map((word) => String(word).replace(/:[\d.]+$/, ""));
  return all.map((word) => (word.startsWith("asset:") ? "your painting" : word)).join(" + ");
}

customElements.define("impasto-card", Card);

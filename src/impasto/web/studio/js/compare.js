// <impasto-compare>: the photo under the painting behind a slider, or two results side by side.

import { api } from "./api.js";
import { decoded } from "./bitmap.js";
import { button, element } from "./elements.js";
import { state } from "./state.js";
import { complain } from "./status.js";

const MODES = { result: "Result", "before-after": "Before / after", "side-by-side": "Side by side" };
const GAP = 8; // between two pictures, in CSS pixels
const EDGE = 8; // above and below the buttons
const STEPS = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };

class Compare extends HTMLElement {
  #viewer;
  #split = 0.5; // of the picture's width
  #handle = element("div", { className: "split", tabIndex: 0, role: "slider", hidden: true, "aria-label": "Before and after" });
  #modes = element("div", { className: "segments", role: "group", "aria-label": "How to look" });
  #other = element("select", { "aria-label": "Compare with" });
  #loaded = null; // id of the result that hangs beside the selected one

  connectedCallback() {
    this.#viewer = document.querySelector("impasto-viewer");
    this.#viewer.modes["before-after"] = (context, viewer) => this.#drawSplit(context, viewer);
    this.#viewer.modes["side-by-side"] = (context, viewer) => drawPair(viewer);
    this.#viewer.layouts["side-by-side"] = halves;
    for (const [mode, words] of Object.entries(MODES)) {
      this.#modes.append(button(words, () => state.set({ view: { mode } }), { "data-mode": mode }));
    }
    this.#other.addEventListener("change", () => state.set({ view: { other: this.#other.value } }));
    this.#handle.addEventListener("pointerdown", (event) => this.#handle.setPointerCapture(event.pointerId));
    this.#handle.addEventListener("pointermove", (event) => this.#drag(event));
    this.#handle.addEventListener("keydown", (event) => this.#key(event));
    this.replaceChildren(this.#modes, this.#other);
    this.#viewer.append(this.#handle);
    new ResizeObserver(() => this.#makeRoom()).observe(this);
    state.subscribe((now, before) => this.#changed(now, before));
    this.#changed(state.get(), {});
  }

  #changed(now, before) {
    const { mode } = now.view;
    for (const one of this.#modes.children) one.ariaPressed = one.dataset.mode === mode;
    this.hidden = !now.content;
    if (now.results !== before.results || now.selected !== before.selected) this.#offer(now);
    this.#other.hidden = mode !== "side-by-side";
    this.#handle.hidden = mode !== "before-after" || !now.content;
    if (mode === "side-by-side") this.#load(this.#other.value);
    if (mode === "side-by-side" && now.view.other !== this.#other.value) state.set({ view: { other: this.#other.value } });
  }

  // The buttons take two lines where the window is narrow.
  #makeRoom() {
    this.#viewer.below = 2 * EDGE + this.offsetHeight;
    this.#viewer.redraw();
  }

  // All that the selected result can stand beside: the others, the newest first, and the photo.
  #offer({ results, selected }) {
    const chosen = this.#other.value;
    const others = results.map((one, at) => [one.id, `Painting ${at + 1}: ${about(one)}`]).filter(([id]) => id !== selected);
    const choices = [...others.reverse(), ["", "The photo"]];
    this.#other.replaceChildren(...choices.map(([value, words]) => element("option", { value }, words)));
    this.#other.value = choices.some(([id]) => id && id === chosen) ? chosen : choices[0][0];
  }

  async #load(id) {
    if (id === this.#loaded) return;
    this.#loaded = id;
    const result = state.get().results.find((one) => one.id === id);
    const picture = result ? await fetched(result) : null;
    if (id !== this.#loaded) return picture?.bitmap.close();
    this.#viewer.hang("other", picture);
  }

  #drawSplit(context, viewer) {
    const { now, before } = viewer.pictures;
    const place = viewer.place();
    const edge = place.left + this.#split * place.width;
    viewer.drawPicture(now ?? before);
    context.save();
    context.beginPath();
    context.rect(0, 0, edge, viewer.canvas.height);
    context.clip();
    context.clearRect(0, 0, edge, viewer.canvas.height); // nothing shines through a transparent photo
    viewer.drawPicture(before);
    context.restore();
    this.#hold(edge, place, viewer.canvas);
    const words = `${Math.round(100 * this.#split)} % photo`;
    Object.assign(this.#handle, { ariaValueMin: 0, ariaValueMax: 100, ariaValueNow: Math.round(100 * this.#split), ariaValueText: words });
  }

  // The handle is as high as what is seen of the picture.
  #hold(edge, place, { width, height }) {
    const top = Math.max(0, place.top);
    const sides = { left: clamp(edge, width), top, height: clamp(place.top + place.height, height) - top };
    for (const [side, pixels] of Object.entries(sides)) this.#handle.style[side] = `${pixels / devicePixelRatio}px`;
  }

  #drag(event) {
    if (event.buttons) this.#to(this.#viewer.pointAt(event.clientX, event.clientY).x);
  }

  #key(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.#to(this.#split + step);
  }

  #to(share) {
    this.#split = clamp(share, 1);
    this.#viewer.redraw();
  }
}

function clamp(value, most) {
  return Math.min(most, Math.max(0, value));
}

function drawPair(viewer) {
  const { now, before, other } = viewer.pictures;
  viewer.drawPictures([other ?? before, now ?? before]);
}

// Beside or above each other, as the two are larger.
function halves(viewer) {
  const gap = GAP * devicePixelRatio;
  const { width, height } = viewer.canvas;
  const [wide, high] = [(width - gap) / 2, (viewer.above - gap) / 2];
  const beside = [0, wide + gap].map((left) => ({ left, top: 0, width: wide, height, room: viewer.above }));
  const stacked = [0, high + gap].map((top) => ({ left: 0, top, width, height: top ? height - top : high, room: high }));
  return viewer.fit(stacked[0]) > viewer.fit(beside[0]) ? stacked : beside;
}

async function fetched(result) {
  try {
    return await decoded(await api.blob(result.url), result.width ? result : null);
  } catch (error) {
    complain(error);
    return null;
  }
}

/** A result in few words: its styles and its strength. */
export function about({ work, settings = {} }) {
  const styles = (work?.styles ?? []).map(({ title, name }) => title ?? name).join(" + ");
  return [styles || "painting", settings.strength != null && `strength ${settings.strength}`].filter(Boolean).join(", ");
}

customElements.define("impasto-compare", Compare);

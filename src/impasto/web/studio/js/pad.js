// <impasto-pad>: a plane whose corners are styles; where the handle is, they are mixed.

import { api } from "./api.js";
import { element } from "./elements.js";
import { state } from "./state.js";
import { weigh } from "./styles.js";

const CORNERS = {
  2: [[0, 0.5], [1, 0.5]],
  3: [[0.5, 0], [0, 1], [1, 1]],
  4: [[0, 0], [1, 0], [0, 1], [1, 1]],
};
const STEP = 0.05;

/** The shares of the corners at a place of the plane; they sum to 1. */
export function sharesAt(count, x, y) {
  if (count === 2) return [1 - x, x];
  if (count === 4) return [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
  const top = 1 - y;
  const right = Math.min(y, Math.max(0, x - 0.5 * top)); // outside of the triangle: its edge
  return [top, y - right, right];
}

/** The place of the plane where the corners' shares balance. */
export function placeOf(shares) {
  const corners = CORNERS[shares.length];
  const sum = shares.reduce((all, share) => all + share, 0) || 1;
  const along = (axis) => corners.reduce((all, corner, at) => all + corner[axis] * shares[at], 0) / sum;
  return { x: along(0), y: along(1) };
}

class Pad extends HTMLElement {
  #held = false;
  #place = null; // where the handle was left; shares alone do not tell it for four corners

  connectedCallback() {
    this.handle = element("span", { className: "handle" });
    this.plane = element("div", { className: "plane", tabIndex: 0, role: "group" });
    this.plane.setAttribute("aria-label", "Mix. Arrows move between the styles.");
    this.replaceChildren(this.plane);
    this.plane.addEventListener("pointerdown", (event) => this.#down(event));
    this.plane.addEventListener("pointermove", (event) => this.#held && this.#to(this.#under(event), false));
    for (const kind of ["pointerup", "pointercancel"]) this.plane.addEventListener(kind, () => this.#up());
    this.plane.addEventListener("keydown", (event) => this.#key(event));
    state.subscribe((now, before) => now.styles !== before.styles && this.#show(now.styles, before.styles));
    this.#build(state.get().styles);
  }

  #show(styles, before) {
    const names = (all) => all.map((one) => one.name).join();
    if (names(styles) !== names(before)) this.#build(styles);
    else this.#move(styles);
  }

  #build(styles) {
    const corners = CORNERS[styles.length] ?? [];
    const images = corners.map(([x, y], at) => {
      const image = element("img", { alt: styles[at].title, draggable: false });
      image.style.setProperty("--x", x);
      image.style.setProperty("--y", y);
      if (styles[at].preview) api.show(image, styles[at].preview);
      return image;
    });
    this.plane.dataset.corners = styles.length;
    this.plane.replaceChildren(...images, this.handle);
    if (images.length) this.#move(styles);
  }

  #move(styles) {
    const shares = styles.map((one) => one.weight);
    if (!CORNERS[shares.length]) return;
    const { x, y } = this.#held && this.#place ? this.#place : placeOf(shares);
    this.#place = { x, y };
    this.handle.style.setProperty("--x", x);
    this.handle.style.setProperty("--y", y);
    [...this.plane.querySelectorAll("img")].forEach((image, at) => image.style.setProperty("--share", shares[at]));
  }

  #under(event) {
    const { left, top, width, height } = this.plane.getBoundingClientRect();
    return { x: clamp((event.clientX - left) / width), y: clamp((event.clientY - top) / height) };
  }

  #down(event) {
    this.plane.setPointerCapture(event.pointerId);
    this.#held = true;
    this.#to(this.#under(event), false);
  }

  #up() {
    if (!this.#held) return;
    this.#to(this.#place, true);
    this.#held = false;
  }

  #to(place, history) {
    const { styles } = state.get();
    this.#place = place;
    const shares = sharesAt(styles.length, place.x, place.y);
    weigh(styles.map((one, at) => ({ ...one, weight: shares[at] })), { history });
  }

  #key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const { x, y } = this.#place;
    this.#to({ x: clamp(x + move[0]), y: clamp(y + move[1]) }, true);
  }
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}

customElements.define("impasto-pad", Pad);

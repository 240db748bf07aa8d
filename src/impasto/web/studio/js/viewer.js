// <impasto-viewer>: the picture on the wall. Zoom to 400 %, pan, by pointer, fingers and keys.

import { button, element } from "./elements.js";
import { Gestures } from "./gestures.js";
import { iconButton } from "./icons.js";
import { state } from "./state.js";

const LARGEST = 4; // 400 %
const STEP = 1.25;
const MARGIN = 20; // around a picture that fits, in CSS pixels

/**
 * What other modules may use:
 * `pictures`: {now, before}, each {bitmap, width, height}; width and height are of the picture itself,
 *   of which the bitmap may be a small version. Give one by `hang(name, picture)`.
 * `modes`: how a `view.mode` is drawn, `(context, viewer) => {}`; "result" is here.
 * `layouts`: into which areas of the canvas a mode divides it, `(viewer) => [area]`; else it is one.
 * `below`: CSS pixels of the canvas under buttons, where no picture stands that fits above them.
 * `overlays`: functions `(context, place)` that draw above the picture.
 * `tool`: takes the pointer instead of panning: {down, move, up, cursor}, each with `(point, event)`,
 *   the point in [0, 1] of the picture; null where nobody does.
 */
export class Viewer extends HTMLElement {
  pictures = { now: null, before: null };
  modes = { result: (context, viewer) => viewer.drawPicture(viewer.pictures.now ?? viewer.pictures.before) };
  layouts = {};
  below = 52;
  overlays = new Set();
  #tool = null;
  #asked = false;

  connectedCallback() {
    this.tabIndex = 0;
    this.role = "group";
    this.ariaLabel = "Picture. Plus and minus zoom, arrows move, zero fits.";
    this.canvas = element("canvas", { role: "img", "aria-label": "No picture yet" });
    this.context = this.canvas.getContext("2d");
    this.percent = button("", () => this.zoomTo(1), { className: "percent", title: "100 %" });
    const zoom = [
      iconButton("minus", "Zoom out", () => this.zoomBy(1 / STEP)),
      this.percent,
      iconButton("plus", "Zoom in", () => this.zoomBy(STEP)),
      iconButton("fit", "Fit", () => this.zoomTo(null)),
    ];
    this.replaceChildren(this.canvas, element("div", { className: "zoom", role: "group", "aria-label": "Zoom" }, zoom));
    new Gestures(this);
    new ResizeObserver(() => this.#resize()).observe(this);
    state.subscribe((now, before) => now.view !== before.view && this.redraw());
  }

  /** Show a picture under a name, or take it away with null. */
  hang(name, picture) {
    const old = this.pictures[name];
    this.pictures[name] = picture;
    const used = Object.values(this.pictures).map((one) => one?.bitmap);
    if (old && !used.includes(old.bitmap)) old.bitmap.close();
    this.canvas.ariaLabel = this.pictures.now ? "The painting" : "The photo";
    this.toggleAttribute("data-hung", Object.values(this.pictures).some(Boolean));
    this.redraw();
  }

  get tool() {
    return this.#tool;
  }

  set tool(tool) {
    this.#tool = tool;
    this.canvas.style.cursor = tool?.cursor ?? "";
  }

  /** Width and height of the picture itself, or null without one. */
  get size() {
    return this.pictures.now ?? this.pictures.before;
  }

  /** Height of the canvas above the buttons: room for a picture that fits. */
  get above() {
    return this.canvas.height - this.below * devicePixelRatio;
  }

  /** The parts of the canvas with a picture each: {left, top, width, height, room}; `room` is above buttons. */
  get areas() {
    const { width, height } = this.canvas;
    const whole = () => [{ left: 0, top: 0, width, height, room: this.above }];
    return (this.layouts[state.get().view.mode] ?? whole)(this);
  }

  /** Where the picture is on the canvas: {left, top, width, height, scale}, in its pixels. */
  place(area = this.areas[0]) {
    const { width, height } = this.size ?? { width: 1, height: 1 };
    const { x, y } = state.get().view;
    const scale = this.scale;
    const fits = [width * scale <= area.width, height * scale <= area.room];
    return {
      left: area.left + area.width / 2 - (fits[0] ? 0.5 : x) * width * scale,
      top: area.top + (fits[1] ? (area.room - height * scale) / 2 : area.height / 2 - y * height * scale),
      width: width * scale,
      height: height * scale,
      scale,
    };
  }

  /** Pixels of the screen for one of the picture. */
  get scale() {
    return state.get().view.zoom ?? this.fit();
  }

  /** The scale at which the picture just fits into an area. */
  fit({ width, room } = this.areas[0]) {
    if (!this.size) return 1;
    const margin = 2 * MARGIN * devicePixelRatio * (this.clientWidth < 600 ? 0.4 : 1);
    const fit = Math.min((width - margin) / this.size.width, (room - margin) / this.size.height);
    return Math.max(0.001, Math.min(fit, LARGEST));
  }

  /** The point of the picture, in [0, 1], under a place of the window. */
  pointAt(clientX, clientY) {
    const { x, y, area } = this.#under(clientX, clientY);
    const place = this.place(area);
    return { x: (x - place.left) / place.width, y: (y - place.top) / place.height };
  }

  // A place of the window on the canvas, and the area that it is in.
  #under(clientX, clientY) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [(clientX - left) * devicePixelRatio, (clientY - top) * devicePixelRatio];
    return { x, y, area: this.areas.findLast((area) => x >= area.left && y >= area.top) ?? this.areas[0] };
  }

  zoomTo(zoom) {
    state.set({ view: zoom === null ? { zoom, x: 0.5, y: 0.5 } : { zoom } });
  }

  /** Zoom by a factor; what is under `clientX`, `clientY` stays there. */
  zoomBy(factor, clientX, clientY) {
    const smallest = Math.min(this.fit(), 1);
    const zoom = Math.min(LARGEST, Math.max(smallest, this.scale * factor));
    if (zoom === smallest && factor < 1) return this.zoomTo(null);
    if (clientX === undefined || !this.size) return this.zoomTo(zoom);
    const at = this.pointAt(clientX, clientY);
    const { x, y, area } = this.#under(clientX, clientY);
    const [right, down] = [area.left + area.width / 2 - x, area.top + area.height / 2 - y];
    const { width, height } = this.size;
    state.set({ view: { zoom, x: clamp(at.x + right / (width * zoom)), y: clamp(at.y + down / (height * zoom)) } });
  }

  /** Move the picture by CSS pixels. */
  pan(dx, dy) {
    const { width, height } = this.place();
    const { x, y } = state.get().view;
    const [right, down] = [(dx * devicePixelRatio) / width, (dy * devicePixelRatio) / height];
    state.set({ view: { x: clamp(x - right), y: clamp(y - down) } });
  }

  /** From what fits to 100 % at a place of the window, and back. */
  zoomToggled(clientX, clientY) {
    if (state.get().view.zoom === null) this.zoomBy(1 / this.scale, clientX, clientY);
    else this.zoomTo(null);
  }

  #resize() {
    const ratio = devicePixelRatio;
    this.canvas.width = Math.max(1, Math.round(this.clientWidth * ratio));
    this.canvas.height = Math.max(1, Math.round(this.clientHeight * ratio));
    this.#draw(); // at once: a canvas that got another size is empty
  }

  /** Draw again with the next frame. */
  redraw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#asked = false;
    const { context, canvas } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.percent.textContent = `${Math.round(100 * this.scale)} %`;
    if (!this.size) return;
    (this.modes[state.get().view.mode] ?? this.modes.result)(context, this);
    for (const area of this.areas) this.#within(area, (place) => this.overlays.forEach((overlay) => overlay(context, place)));
  }

  // Nothing is drawn outside of an area.
  #within(area, draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(area.left, area.top, area.width, area.height);
    this.context.clip();
    draw(this.place(area));
    this.context.restore();
  }

  /** Draw pictures into the areas of a mode, one each; for modes. */
  drawPictures(pictures) {
    this.areas.forEach((area, at) => this.#within(area, (place) => this.drawPicture(pictures[at], place)));
  }

  /** Draw one of the pictures at a place; for modes. */
  drawPicture(picture, place = this.place()) {
    if (!picture) return;
    const scale = place.width / picture.bitmap.width;
    this.context.imageSmoothingEnabled = scale < 2 || picture.bitmap.width < picture.width;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(picture.bitmap, place.left, place.top, place.width, place.height);
  }
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}

customElements.define("impasto-viewer", Viewer);

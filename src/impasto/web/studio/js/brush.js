// The brush that paints a mask on the picture, by pointer, pen, finger or keys.

const TINT = "#e0563f";
const STEP = 0.02; // of the picture, by an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * While it is taken up, it paints on `mask`; `onstroke()` is called after each stroke.
 * `radius` is of the picture's width, `soft` in [0, 1].
 */
export class Brush {
  radius = 0.06;
  soft = 0.3;
  erase = false;
  #viewer;
  #mask;
  #onstroke;
  #at = null; // where it is, in [0, 1]
  #last = null; // where the stroke has come to
  #tinted;

  constructor(viewer, mask, onstroke) {
    this.#viewer = viewer;
    this.#onstroke = onstroke;
    this.mask = mask;
  }

  get mask() {
    return this.#mask;
  }

  set mask(mask) {
    this.#mask = mask;
    this.#tinted = new OffscreenCanvas(mask.canvas.width, mask.canvas.height);
    this.#viewer.redraw();
  }

  take() {
    this.#viewer.tool = {
      cursor: "crosshair",
      down: (point) => this.#paint(point, point),
      move: (point) => this.#move(point),
      up: () => this.#end(),
    };
    this.#viewer.overlays.add(this.#overlay);
    this.#viewer.addEventListener("keydown", this.#key, { capture: true });
    this.#viewer.redraw();
  }

  leave() {
    this.#viewer.tool = null;
    this.#viewer.overlays.delete(this.#overlay);
    this.#viewer.removeEventListener("keydown", this.#key, { capture: true });
    this.#viewer.redraw();
  }

  #move(point) {
    if (this.#last) this.#paint(this.#last, point);
    this.#at = point;
    this.#viewer.redraw();
  }

  #paint(from, to) {
    this.#mask.stroke(from, to, this);
    this.#at = this.#last = to;
    this.#viewer.redraw();
  }

  #end() {
    if (!this.#last) return;
    this.#last = null;
    this.#onstroke();
  }

  // Arrows move the brush, with Shift they paint; Space paints where it is.
  #key = (event) => {
    const arrow = ARROWS[event.key];
    if (event.target !== this.#viewer || !(arrow || event.key === " ")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const from = this.#at ?? { x: 0.5, y: 0.5 };
    const [dx, dy] = arrow ?? [0, 0];
    const to = { x: clamp(from.x + dx * STEP), y: clamp(from.y + dy * STEP) };
    if (arrow && !event.shiftKey) return this.#move(to);
    this.#paint(from, to);
    this.#end();
  };

  #overlay = (context, place) => {
    const { canvas } = this.#mask;
    const tinted = this.#tinted.getContext("2d");
    tinted.globalCompositeOperation = "copy";
    tinted.drawImage(canvas, 0, 0);
    tinted.globalCompositeOperation = "source-in";
    tinted.fillStyle = TINT;
    tinted.fillRect(0, 0, canvas.width, canvas.height);
    context.save();
    context.globalAlpha = 0.5;
    context.drawImage(this.#tinted, place.left, place.top, place.width, place.height);
    context.restore();
    if (this.#at) this.#ring(context, place);
  };

  #ring(context, place) {
    context.save();
    context.beginPath();
    context.arc(place.left + this.#at.x * place.width, place.top + this.#at.y * place.height, this.radius * place.width, 0, 2 * Math.PI);
    for (const [color, width] of [["#000", 3], ["#fff", 1.5]]) {
      context.strokeStyle = color;
      context.lineWidth = width * devicePixelRatio;
      context.stroke();
    }
    context.restore();
  }
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}

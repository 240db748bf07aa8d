// How pointers, fingers, the wheel and keys move what a viewer shows.

const STEP = 1.25; // of a zoom by a key or button
const FAR = 60; // CSS pixels of a move by a key

export class Gestures {
  #viewer;
  #fingers = new Map(); // last event by pointer

  constructor(viewer) {
    this.#viewer = viewer;
    const { canvas } = viewer;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => this.#up(event));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("dblclick", (event) => viewer.tool || viewer.zoomToggled(event.clientX, event.clientY));
    viewer.addEventListener("keydown", (event) => this.#key(event));
  }

  #down(event) {
    this.#viewer.canvas.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, event);
    if (this.#fingers.size === 1) this.#tell("down", event);
  }

  #move(event) {
    const last = this.#fingers.get(event.pointerId);
    const others = [...this.#fingers.values()].filter((one) => one.pointerId !== event.pointerId);
    if (this.#viewer.tool && !others.length) this.#tell("move", event);
    else if (last && !others.length) this.#viewer.pan(event.clientX - last.clientX, event.clientY - last.clientY);
    else if (last) this.#pinch(event, last, others[0]);
    if (last) this.#fingers.set(event.pointerId, event);
  }

  #pinch(event, last, other) {
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    this.#viewer.pan((event.clientX - last.clientX) / 2, (event.clientY - last.clientY) / 2);
    const middle = [(event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2];
    this.#viewer.zoomBy(apart(event) / apart(last), ...middle);
  }

  #up(event) {
    if (this.#fingers.size === 1) this.#tell("up", event);
    this.#fingers.delete(event.pointerId);
  }

  /** A tool hears where on the picture it is. */
  #tell(kind, event) {
    this.#viewer.tool?.[kind]?.(this.#viewer.pointAt(event.clientX, event.clientY), event);
  }

  #wheel(event) {
    event.preventDefault();
    if (event.shiftKey) this.#viewer.pan(-event.deltaY, 0);
    else this.#viewer.zoomBy(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 500)), event.clientX, event.clientY);
  }

  #key(event) {
    if (event.target !== this.#viewer || event.ctrlKey || event.metaKey || event.altKey) return;
    const viewer = this.#viewer;
    const work = {
      "+": () => viewer.zoomBy(STEP),
      "=": () => viewer.zoomBy(STEP),
      "-": () => viewer.zoomBy(1 / STEP),
      0: () => viewer.zoomTo(null),
      1: () => viewer.zoomTo(1),
      ArrowLeft: () => viewer.pan(FAR, 0),
      ArrowRight: () => viewer.pan(-FAR, 0),
      ArrowUp: () => viewer.pan(0, FAR),
      ArrowDown: () => viewer.pan(0, -FAR),
    }[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  }
}

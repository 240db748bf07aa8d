// A mask that is painted by hand: strokes of a brush on a plane, and its way to a PNG and back.

const LONG_SIDE = 1024; // of the plane: finer than any feather, and quick to send

/** White is the region. Points and radii are in [0, 1] of the picture's width and height. */
export class Mask {
  constructor(width, height) {
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    this.canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.context.lineCap = this.context.lineJoin = "round";
  }

  /** Read a mask from a picture: what is bright there is the region. */
  static async from(blob, width, height) {
    const mask = new Mask(width, height);
    const bitmap = await createImageBitmap(blob);
    mask.context.drawImage(bitmap, 0, 0, mask.canvas.width, mask.canvas.height);
    bitmap.close();
    const pixels = mask.context.getImageData(0, 0, mask.canvas.width, mask.canvas.height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const [r, g, b, alpha] = pixels.data.subarray(at, at + 4);
      const light = (0.299 * r + 0.587 * g + 0.114 * b) * (alpha / 255);
      pixels.data.set([255, 255, 255, light], at);
    }
    mask.context.putImageData(pixels, 0, 0);
    return mask;
  }

  /** One movement of the brush; `radius` of the width, `soft` in [0, 1] is how far its border fades. */
  stroke(from, to, { radius, soft, erase }) {
    const { context, canvas } = this;
    const around = radius * canvas.width;
    const blurred = soft * around * 0.5;
    context.save();
    context.globalCompositeOperation = erase ? "destination-out" : "source-over";
    context.filter = blurred > 0.5 ? `blur(${blurred}px)` : "none";
    context.strokeStyle = "#fff";
    context.lineWidth = Math.max(1, 2 * (around - blurred));
    context.beginPath();
    context.moveTo(from.x * canvas.width, from.y * canvas.height);
    context.lineTo(to.x * canvas.width + 0.01, to.y * canvas.height); // a point is drawn too
    context.stroke();
    context.restore();
  }

  invert() {
    const { context, canvas } = this;
    context.save();
    context.globalCompositeOperation = "xor";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.restore();
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  get empty() {
    const { data } = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    return !data.some((value, at) => at % 4 === 3 && value > 127);
  }

  /** The mask as a grey PNG without transparency: white is the region. */
  async blob() {
    const flat = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const context = flat.getContext("2d", { alpha: false });
    context.fillRect(0, 0, flat.width, flat.height);
    context.drawImage(this.canvas, 0, 0);
    return flat.convertToBlob({ type: "image/png" });
  }
}

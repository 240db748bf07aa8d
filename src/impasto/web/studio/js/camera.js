// <impasto-camera>: the webcam, painted live; the picture that one likes becomes the photo.

import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { Live } from "./live.js";
import { ready, requestOf } from "./request.js";
import { state } from "./state.js";
import { complain, say } from "./status.js";

const SIZE = 384; // long side of what is painted live
const FRAME = { asset: "frame" }; // the content is the picture that comes with the message
const REFUSED = {
  NotAllowedError: "The browser does not let this page use the camera.",
  NotFoundError: "There is no camera.",
  NotReadableError: "Another program uses the camera.",
};

class Camera extends HTMLElement {
  #viewer;
  #live = null;
  #stream = null;
  #before = null; // the photo that comes back when no picture is taken
  #video = element("video", { muted: true, playsInline: true });
  #toggle = button([icon("webcam"), element("span", {}, "Webcam")], () => (this.#stream ? this.stop() : this.start()), { ariaPressed: "false", ariaLabel: "Webcam" });
  #bar = element(
    "div",
    { className: "camera row", hidden: true, role: "group", "aria-label": "Webcam" },
    button("Take this picture", () => this.#take(), { className: "main" }),
    button("Stop", () => this.stop()),
  );

  connectedCallback() {
    this.#viewer = document.querySelector("impasto-viewer");
    this.replaceChildren(this.#toggle);
    document.getElementById("wall").append(this.#bar);
    state.subscribe((now, before) => {
      if (this.#stream && now.content && now.content !== before.content) this.#end(); // another photo came
    });
  }

  async start() {
    try {
      const wanted = { width: { ideal: 1280 }, height: { ideal: 720 } };
      if (!navigator.mediaDevices) throw new DOMException("", "NotAllowedError"); // neither https nor this machine
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
      this.#video.srcObject = this.#stream;
      await this.#video.play();
    } catch (error) {
      this.#end();
      return complain({ message: REFUSED[error.name] ?? error.message });
    }
    this.#before = state.get().content;
    state.set({ content: null, selected: null });
    this.#shown(true);
    this.#live = new Live({
      onPicture: (blob) => this.#painted(blob),
      onProblem: (problem) => this.#refused(problem),
      onLine: (open) => say(open ? "Connected again." : "The connection is lost. Trying again …", { stays: !open }),
    });
    this.#next();
  }

  /** Switch the camera off; the photo from before is there again. */
  stop() {
    const before = this.#before;
    this.#end();
    if (before) state.set({ content: before });
  }

  #end() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#live?.close();
    this.#stream = this.#live = this.#video.srcObject = this.#before = null;
    this.#shown(false);
  }

  #shown(on) {
    this.#bar.hidden = !on;
    this.#toggle.ariaPressed = String(on);
    document.getElementById("stage").toggleAttribute("data-camera", on);
  }

  // One frame at a time: the next is taken when the last has been painted, however long that takes.
  async #next() {
    const stream = this.#stream;
    const frame = this.#grab(SIZE);
    const now = { ...state.get(), content: FRAME, regions: [] };
    const { width, height } = frame;
    this.#viewer.hang("before", { bitmap: await createImageBitmap(frame), width, height });
    if (ready(now)) {
      const blob = await frame.convertToBlob({ type: "image/jpeg", quality: 0.85 });
      if (this.#stream === stream) this.#live.send({ ...requestOf(now), size: SIZE }, blob);
    } else {
      this.#viewer.hang("now", null);
      requestAnimationFrame(() => this.#stream === stream && this.#next());
    }
  }

  async #painted(blob) {
    const bitmap = await createImageBitmap(blob);
    if (!this.#stream) return bitmap.close();
    this.#viewer.hang("now", { bitmap, width: bitmap.width, height: bitmap.height });
    this.#next();
  }

  #refused(problem) {
    complain({ message: problem.detail ?? problem.title });
    setTimeout(() => this.#stream && this.#next(), 1000);
  }

  #grab(longSide = Infinity) {
    const { videoWidth, videoHeight } = this.#video;
    const scale = Math.min(1, longSide / Math.max(videoWidth, videoHeight));
    const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale));
    canvas.getContext("2d").drawImage(this.#video, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async #take() {
    const blob = await this.#grab().convertToBlob({ type: "image/jpeg", quality: 0.95 });
    const file = new File([blob], "webcam.jpg", { type: "image/jpeg" });
    state.set({ regions: [] }); // they were of the photo before
    await document.querySelector("impasto-picture").take(file);
  }
}

customElements.define("impasto-camera", Camera);

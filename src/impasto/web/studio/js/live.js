// The line on which every small change goes to the server and a small painting comes back.

import { token } from "./api.js";

const PAUSES = [300, 600, 1200, 2500, 5000]; // ms before each attempt to connect again

export class Live {
  #socket = null;
  #seq = 0;
  #heard = 0; // of the last answer
  #waiting = null; // [message, frame] that no open line has taken yet
  #last = null; // what was sent last: asked again on a new line, if it was not answered
  #head = null; // the words that announce the next picture
  #attempt = 0;
  #wanted = false;

  /**
   * `onPicture(blob, {seq, ms, width, height})` gets each answer that is newer than the one before,
   * `onProblem(problem, seq)` a refusal, `onLine(open)` is told when the line is lost or back.
   */
  constructor({ onPicture, onProblem = () => {}, onLine = () => {} }) {
    Object.assign(this, { onPicture, onProblem, onLine });
  }

  /** Ask for a painting; only the latest counts. `frame` (a JPEG blob) goes with content "frame". */
  send(request, frame = null) {
    const seq = ++this.#seq;
    this.#last = this.#waiting = [{ ...request, seq }, frame];
    this.#wanted = true;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#flush();
    else if (!this.#socket && this.#attempt === 0) this.#connect();
    return seq;
  }

  /** Hang up. */
  close() {
    this.#wanted = false;
    this.#socket?.close();
  }

  #flush() {
    if (!this.#waiting) return;
    const [message, frame] = this.#waiting;
    this.#waiting = null;
    this.#socket.send(JSON.stringify(message));
    if (frame) this.#socket.send(frame);
  }

  #connect() {
    const address = new URL("/v1/live", location.href.replace(/^http/, "ws"));
    const names = ["impasto.live.v1", ...(token() ? [`impasto.token.${token()}`] : [])];
    const socket = new WebSocket(address, names);
    socket.binaryType = "blob";
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = () => this.#lost();
    this.#socket = socket;
  }

  #opened() {
    if (this.#attempt) this.onLine(true);
    this.#attempt = 0;
    this.#flush();
  }

  #hear(data) {
    if (typeof data !== "string") {
      const head = this.#head;
      this.#head = null;
      if (head && head.seq > this.#heard) {
        this.#heard = head.seq;
        this.onPicture(data, head);
      }
      return;
    }
    const head = JSON.parse(data);
    if (head.problem) {
      this.#heard = Math.max(this.#heard, head.seq ?? 0);
      this.onProblem(head.problem, head.seq);
    } else this.#head = head;
  }

  #lost() {
    this.#socket = this.#head = null;
    if (!this.#wanted) return;
    if (this.#last && this.#last[0].seq > this.#heard) this.#waiting = this.#last;
    if (this.#attempt === 0) this.onLine(false);
    const pause = PAUSES[Math.min(this.#attempt++, PAUSES.length - 1)];
    setTimeout(() => this.#wanted && this.#connect(), pause * (0.8 + 0.4 * Math.random()));
  }
}

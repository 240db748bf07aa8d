// Keeps the painting up with the state: small and at once on every change, whole on release.

import { api } from "./api.js";
import { decoded, thumbnail } from "./bitmap.js";
import { Live } from "./live.js";
import { ready, requestOf, resultSize } from "./request.js";
import { WORK, state, workOf } from "./state.js";
import { calmDown, complain, duration, say } from "./status.js";

const PREVIEW = 384; // long side, at most
const LEAST = 128; // of a small window
const PAUSE = 150; // ms without another release before the whole picture is begun
const KEPT = 40; // results

export class Painting {
  #viewer;
  #wish = 0; // number of the last change; what belongs to an older one is not shown
  #wishes = new Map(); // number by that of the live line
  #whole = 0; // number of the change that is shown at full size
  #newest = 0; // number of the last preview, by the live line
  #shown = null; // the result that hangs there
  #turn = new AbortController();
  #timer = 0;

  constructor(viewer) {
    this.#viewer = viewer;
    this.live = new Live({
      onPicture: (blob, head) => this.#preview(blob, head),
      onProblem: (problem, seq) => this.#wishes.get(seq) === this.#wish && complain({ message: problem.detail ?? problem.title }),
      onLine: (open) => say(open ? "Connected again." : "The connection is lost. Trying again …", { stays: !open }),
    });
    state.subscribe((now, before, { history }) => this.#changed(now, before, history));
  }

  #changed(now, before, history) {
    const other = WORK.some((key) => now[key] !== before[key]);
    if (other) {
      this.#wish += 1;
      this.#stop();
    }
    if (now.selected !== null && now.selected !== before.selected) return void this.#show(now);
    if (other && now.selected !== null) return state.set({ selected: null }, { history });
    if (!ready(now) || !(other || history || before.selected !== null)) return;
    const known = history && this.#known(now);
    if (known) return state.set({ selected: known.id });
    if (history) this.#begin();
    this.#ask(now);
  }

  #ask(now) {
    const seq = this.live.send({ ...requestOf(now), size: this.#previewSize(now) });
    this.#wishes.set(seq, this.#wish);
    for (const old of this.#wishes.keys()) if (old < seq - 200) this.#wishes.delete(old);
  }

  // As large as it is seen, and no larger than the painting itself.
  #previewSize(now) {
    const [place, whole] = [this.#viewer.place(), resultSize(now)];
    const seen = Math.max(LEAST, this.#viewer.size ? Math.round(Math.max(place.width, place.height)) : PREVIEW);
    return Math.min(PREVIEW, seen, Math.max(whole.width, whole.height));
  }

  async #preview(blob, { seq, ms }) {
    const wish = this.#wishes.get(seq);
    if (wish === undefined || wish <= this.#whole) return; // what is shown is better, or newer
    this.#newest = seq;
    const bitmap = await createImageBitmap(blob);
    const late = seq < this.#newest || wish <= this.#whole; // something better came while it was decoded
    if (late || !ready(state.get()) || state.get().selected !== null) return bitmap.close();
    calmDown();
    this.#shown = null;
    this.#viewer.dataset.ms = ms;
    this.#viewer.hang("now", { bitmap, ...resultSize(state.get()) });
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#turn.abort();
    this.#turn = new AbortController();
  }

  #begin() {
    this.#stop();
    this.#timer = setTimeout(() => this.#paint(state.get(), this.#wish, this.#turn.signal), PAUSE);
  }

  #known(now) {
    const key = keyOf(now);
    return now.results.find((one) => one.key === key);
  }

  async #paint(now, wish, signal) {
    const { width, height } = resultSize(now);
    say(`Painting ${width} × ${height} …`, { stays: true });
    try {
      const onProgress = ({ step, total, eta_s }) => total && say(told(step / total, eta_s), { stays: true });
      const job = await api.run("stylizations", requestOf(now), { onProgress, signal });
      const [output] = job.outputs;
      const blob = await api.blob(output.url, { signal });
      if (wish !== this.#wish) return;
      await this.#finished(now, job, output, blob, wish);
      calmDown();
      say(`Painted ${output.width ?? width} × ${output.height ?? height}.`);
    } catch (error) {
      if (wish === this.#wish && error.name !== "AbortError") say("");
      complain(error);
    }
  }

  /** Hang a finished picture, and keep it among the results. */
  async #finished(now, job, output, blob, wish) {
    const picture = await decoded(blob, { width: output.width, height: output.height });
    if (wish !== this.#wish) return picture.bitmap.close();
    const result = {
      id: output.asset,
      job: job.id,
      asset: output.asset,
      url: output.url,
      key: keyOf(now),
      work: workOf(now),
      settings: requestOf(now), // what it is told by
      thumbnail: await thumbnail(picture.bitmap),
      width: picture.width,
      height: picture.height,
    };
    this.#hang(result, picture, wish);
    const others = state.get().results.filter((one) => one.id !== result.id);
    state.set({ results: [...others, result].slice(-KEPT), selected: result.id });
  }

  /** Show the result that was selected, if it does not hang there already. */
  async #show({ results, selected }) {
    const result = results.find((one) => one.id === selected);
    if (!result || this.#shown === selected) return;
    this.#stop();
    const wish = this.#wish;
    try {
      const size = result.width ? { width: result.width, height: result.height } : null;
      const picture = await decoded(await api.blob(result.url), size);
      if (state.get().selected !== selected) return picture.bitmap.close();
      this.#hang(result, picture, wish);
    } catch (error) {
      complain(error);
    }
  }

  #hang(result, picture, wish) {
    this.#whole = wish;
    this.#shown = result.id;
    this.#viewer.hang("now", picture);
  }
}

function keyOf(now) {
  return JSON.stringify(requestOf(now));
}

function told(share, eta) {
  const percent = `Painting: ${Math.round(100 * share)} %`;
  return eta > 1 ? `${percent}, ${duration(eta)} left` : percent;
}

// Words to the user: what happens, what has happened, and problems, which stay until they are read.

const calm = () => document.getElementById("status");
const noted = () => document.getElementById("note");
const alarm = () => document.getElementById("problem");
const READ = 15_000; // milliseconds for a note
let passing = 0;
let fading = 0;

/** Say what happens, in a corner of the picture; it goes away after a while, or stays. */
export function say(words, { stays = false } = {}) {
  calm().textContent = words;
  clearTimeout(passing);
  if (!stays && words) passing = setTimeout(() => say(""), 6000);
}

/** Say what somebody has to know, below what happens meanwhile. */
export function note(words) {
  noted().textContent = words;
  clearTimeout(fading);
  fading = setTimeout(() => (noted().textContent = ""), READ);
}

/** Tell a problem; anything but an abort, which somebody wished. */
export function complain(error) {
  if (error?.name === "AbortError") return;
  alarm().querySelector("p").textContent = error.message ?? String(error);
  alarm().hidden = false;
}

/** What was wrong is so no more. */
export function calmDown() {
  alarm().hidden = true;
}

/** Words for a time: "8 s", "3 min". */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

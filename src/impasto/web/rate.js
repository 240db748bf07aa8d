// Two paintings of one photo: which is better? One painting: how many stars?

const get = (id) => document.getElementById(id);
const main = get("main");
const QUESTIONS = { compare: "Which painting is better?", stars: "How good is this painting?" };
const PICTURES = { compare: ["left", "right"], stars: ["painting"] };

const state = {
  mode: "compare",
  rater: "",
  question: null, // what is on the wall
  told: null, // what came with it
  since: 0, // when it could be seen
  busy: true,
  done: [], // {mode, id, told} of this visit, to be undone
  shown: [], // addresses of pictures in memory
};

// What is kept between visits; private windows may keep nothing.
function kept(store, key, value) {
  try {
    if (value === undefined) return store.getItem(key);
    store.setItem(key, value);
  } catch { /* then not */ }
  return null;
}

function token() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    kept(sessionStorage, "token", given);
    history.replaceState(null, "", location.pathname);
  }
  return given ?? kept(sessionStorage, "token");
}

const headers = { "X-Impasto": "page" };
const secret = token();
if (secret) headers.Authorization = `Bearer ${secret}`;

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...headers, ...options.headers } });
  } catch {
    throw new Error("The page cannot reach Impasto any more. Is it still running?");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error ?? "Something went wrong.");
}

async function send(path, body) {
  const json = { "Content-Type": "application/json" };
  return (await ask(path, { method: "POST", headers: json, body: JSON.stringify(body) })).json();
}

// One thing at a time: keys that come while a picture is on its way mean nothing.
async function alone(work) {
  if (state.busy) return;
  state.busy = true;
  main.setAttribute("aria-busy", "true");
  get("problem").hidden = true;
  try {
    await work();
  } catch (error) {
    get("problem").textContent = error.message;
    get("problem").hidden = false;
  }
  delete main.dataset.chosen;
  main.setAttribute("aria-busy", "false");
  state.busy = false;
}

// Showing

async function hang(id, picture) {
  const image = get(id);
  const figure = image.closest("figure");
  figure.hidden = !picture;
  if (!picture) return;
  const blob = await (await ask(`pictures/${picture}`)).blob();
  image.src = URL.createObjectURL(blob);
  state.shown.push(image.src);
  await image.decode();
}

async function show(told) {
  const { mode, question } = told;
  const old = state.shown.splice(0); // shown until the new ones hang
  Object.assign(state, { mode, question, told });
  zoom(false);
  get("comment").value = "";
  for (const one of ["compare", "stars"]) {
    get(one).hidden = !question || one !== mode;
    get(`mode-${one}`).setAttribute("aria-pressed", String(one === mode));
  }
  for (const id of ["asked", "given", "zoom"]) get(id).hidden = !question;
  get("end").hidden = Boolean(question);
  get("asked").textContent = QUESTIONS[mode];
  for (const id of ["tie", "skip"]) get(id).hidden = mode !== "compare" || !question;
  get("undo").disabled = state.done.length === 0;
  get("progress").max = Math.max(1, told.all);
  get("progress").value = told.done;
  get("progress-words").textContent = `${told.done} of ${told.all}`;
  if (question) {
    get("content").alt = `The photo: ${question.content.name}`;
    get("style").alt = `The style: ${question.style.name}`;
    // All at once: what comes first would be looked at longer.
    await Promise.all([
      hang("content", question.content.picture),
      hang("style", question.style.picture),
      ...PICTURES[mode].map((id) => hang(id, question[id])),
    ]);
  }
  old.forEach(URL.revokeObjectURL);
  state.since = performance.now();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function next(mode = state.mode) {
  const query = new URLSearchParams({ rater: state.rater, mode });
  await show(await (await ask(`api/next?${query}`)).json());
}

// Answering

const compare = (choice) => alone(async () => {
  if (state.mode !== "compare" || !state.question) return;
  const { left, right } = state.question;
  main.dataset.chosen = choice;
  const milliseconds = Math.min(86400000, Math.round(performance.now() - state.since));
  const { id } = await send("api/comparison",
    { rater: state.rater, left, right, choice, milliseconds });
  state.done.push({ kind: "comparison", id, told: state.told });
  await next();
});

const rate = (stars) => alone(async () => {
  if (state.mode !== "stars" || !state.question) return;
  const comment = get("comment").value.trim();
  const { id } = await send("api/rating",
    { rater: state.rater, painting: state.question.painting, stars, comment });
  state.done.push({ kind: "rating", id, told: state.told });
  await next();
});

const undo = () => alone(async () => {
  const last = state.done.at(-1);
  if (!last) return;
  const query = new URLSearchParams({ rater: state.rater });
  await ask(`api/${last.kind}/${last.id}?${query}`, { method: "DELETE" });
  state.done.pop();
  await show(last.told);
});

function zoom(on = !main.classList.contains("zoomed")) {
  main.classList.toggle("zoomed", on);
  get("zoom").setAttribute("aria-pressed", String(on));
  look(50, 50);
}

// Both paintings at the same place.
function look(x, y) {
  const within = (value) => Math.min(100, Math.max(0, value));
  Object.assign(state, { x: within(x), y: within(y) });
  main.style.setProperty("--x", `${state.x}%`);
  main.style.setProperty("--y", `${state.y}%`);
}

// What people said

function row(cells, kind) {
  const made = document.createElement("tr");
  cells.forEach((text, place) => {
    const cell = document.createElement(kind ?? (place ? "td" : "th"));
    cell.scope = kind ? "col" : "row";
    cell.textContent = text;
    made.append(cell);
  });
  return made;
}

function table(words, heads, rows) {
  const made = document.createElement("table");
  made.createCaption().textContent = words;
  made.createTHead().append(row(heads, "th"));
  made.createTBody().append(...rows.map((cells) => row(cells)));
  return made;
}

const percent = (score) => `${Math.round(100 / (1 + Math.exp(-score)))} %`;
const between = (low, high, format) => `${format(low)} to ${format(high)}`;

const showSummary = () => alone(async () => {
  const told = await (await ask("api/summary")).json();
  const parts = [];
  if (told.scores.length) {
    parts.push(table(
      `How likely a model is preferred to an average one, by ${told.comparisons} answers`,
      ["Model", "Preferred", "95 % interval", "Won", "Tied", "Lost"],
      told.scores.map((one) => [one.model, percent(one.score), between(one.low, one.high, percent),
        one.wins, one.ties, one.losses]),
    ));
  }
  if (told.stars.length) {
    const stars = (value) => value.toFixed(1);
    parts.push(table("Stars", ["Model", "Mean", "95 % interval", "Given"],
      told.stars.map((one) => [one.model, stars(one.mean), between(one.low, one.high, stars),
        one.count])));
  }
  get("summary").replaceChildren(...parts);
});

// Hearing

const KEYS = {
  ArrowLeft: () => compare("left"),
  ArrowRight: () => compare("right"),
  ArrowDown: () => compare("tie"),
  " ": () => compare("skip"),
  u: undo,
  z: () => zoom(),
  c: () => state.mode === "stars" && get("comment").focus(),
};
const STEPS = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };

addEventListener("keydown", (event) => {
  const typing = event.target.matches("input");
  if (typing && event.key === "Escape") main.focus();
  if (typing && event.key === "Enter" && event.target === get("comment")) main.focus();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || get("hello").open) return;
  if (event.target.matches("button") && event.key === " ") return; // presses that button
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (main.classList.contains("zoomed") && event.shiftKey && STEPS[key]) {
    look(state.x + STEPS[key][0], state.y + STEPS[key][1]);
  } else if (state.mode === "stars" && "12345".includes(key)) {
    rate(Number(key));
  } else if (KEYS[key] && !event.repeat) {
    KEYS[key]();
  } else {
    return;
  }
  event.preventDefault();
});

for (const button of document.querySelectorAll("button[data-choice]")) {
  button.onclick = () => compare(button.dataset.choice);
}
for (const frame of document.querySelectorAll(".frame")) {
  frame.onclick = () => {
    if (frame.dataset.choice && !main.classList.contains("zoomed")) compare(frame.dataset.choice);
  };
  frame.onpointermove = (event) => {
    const box = frame.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    if (main.classList.contains("zoomed")) look(100 * x, 100 * y);
  };
}
for (const button of document.querySelectorAll("[data-stars]")) {
  button.onclick = () => rate(Number(button.dataset.stars));
}
get("undo").onclick = undo;
get("zoom").onclick = () => zoom();
get("show-summary").onclick = showSummary;
get("mode-compare").onclick = () => alone(() => next("compare"));
get("mode-stars").onclick = () => alone(() => next("stars"));
get("name").onclick = hello;

// Beginning

function hello() {
  get("rater").value = anonymous() ? "" : state.rater;
  get("hello").showModal();
}

const anonymous = () => state.rater.startsWith("guest-");

function guest() {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return `guest-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function begin(rater) {
  Object.assign(state, { rater, done: [], busy: false });
  kept(localStorage, "rater", rater);
  get("name").textContent = anonymous() ? "anonymous" : rater;
  get("name").setAttribute("aria-label", `You are ${get("name").textContent}. Change`);
  return alone(next);
}

get("hello").onclose = () => {
  begin(get("rater").value.trim() || (anonymous() ? state.rater : guest()));
};

const known = kept(localStorage, "rater");
if (known) begin(known);
else hello();

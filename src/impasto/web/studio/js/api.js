// All that the page asks of the server by HTTP.

import { ENDED, follow } from "./events.js";

const TOKEN = "impasto-token";

/** Something that the server refused, or a server that does not answer; `message` is for people. */
export class Problem extends Error {
  constructor({ title = "", detail = "", status = 0, type = "", instance = "" }) {
    super(detail || title || "Something went wrong.");
    Object.assign(this, { title, detail, status, type, instance });
  }
}

const SILENT = { detail: "The server does not answer. Is impasto still running?" };

/** The token of the link that was opened (`#token=...`); it lives as long as the tab. */
export function token() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN);
}

function authorized(headers = {}) {
  return token() ? { Authorization: `Bearer ${token()}`, ...headers } : headers;
}

/** `fetch` with the token; raises Problem for all that is no success, AbortError as fetch does. */
async function fetch(path, options = {}) {
  const whole = { ...options, headers: authorized(options.headers) };
  const response = await globalThis.fetch(path, whole).catch((error) => {
    throw error.name === "AbortError" ? error : new Problem(SILENT);
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response) {
  const status = response.status;
  if (status === 401) {
    return new Problem({ status, detail: "This server needs a token: open the link that impasto printed at its start." });
  }
  const told = await response.json().catch(() => ({}));
  const wait = response.headers.get("Retry-After");
  const later = status === 429 ? ` Try again in ${wait || "a few"} seconds.` : "";
  return new Problem({ ...told, detail: (told.detail ?? told.title ?? `The server answered ${status}.`) + later, status });
}

async function get(path, options) {
  return (await fetch(path, options)).json();
}

/** Send JSON, or a FormData as it is; returns the answer's JSON, or null where it has none. */
async function post(path, body = {}, { headers = {}, method = "POST", ...options } = {}) {
  const form = body instanceof FormData;
  const kind = form ? {} : { "Content-Type": "application/json" };
  const sent = form ? body : JSON.stringify(body);
  const response = await fetch(path, { method, body: sent, headers: { ...kind, ...headers }, ...options });
  return response.status === 204 ? null : response.json();
}

const remove = (path) => fetch(path, { method: "DELETE" });

/** Send a file as an asset and return it; `onProgress(share)` hears how much is on its way. */
function upload(file, { onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
    request.open("POST", "/v1/assets");
    for (const [name, value] of Object.entries(authorized())) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Problem(SILENT));
    request.onabort = () => reject(new DOMException("The upload was ended.", "AbortError"));
    request.onload = async () => {
      const headers = { "Retry-After": request.getResponseHeader("Retry-After") ?? "" };
      const response = new Response(request.responseText, { status: request.status, headers });
      if (response.ok) resolve(JSON.parse(request.responseText));
      else reject(await problemOf(response));
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Whether the server has these bytes, and they are ours. */
async function has(id) {
  try {
    await fetch(`/v1/assets/${id}`, { method: "HEAD", cache: "no-store" }); // the browser may have what the server has not
    return true;
  } catch (error) {
    if (error.status === 404) return false;
    throw error;
  }
}

async function blob(url, options) {
  return (await fetch(url, options)).blob();
}

/** Return an address within the page for a picture of the server; revoke it when it is not needed. */
async function picture(url, options) {
  return URL.createObjectURL(await blob(url, options));
}

const shown = new Map(); // addresses within the page, each a promise, by those of the server

/** Show a picture of the server in an <img>; far down a list it is fetched when it comes near. */
function show(image, url) {
  image.loading = "lazy";
  image.decoding = "async";
  if (!token() || !url.startsWith("/")) {
    image.src = url;
    return;
  }
  const near = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    near.disconnect();
    if (!shown.has(url)) shown.set(url, picture(url));
    image.src = await shown.get(url).catch(() => shown.delete(url) && ""); // without a picture there still is a name
  });
  near.observe(image);
}

/**
 * Start a job ("stylizations", "sheets", ...), follow it to its end and return it; raises Problem
 * where it failed. `onProgress` hears its `Progress`. Aborting the signal cancels the job.
 */
async function run(kind, request, { wait = 2, onProgress = () => {}, signal = new AbortController().signal } = {}) {
  const headers = { Prefer: `wait=${wait}`, Accept: "application/json" };
  let job = await post(`/v1/${kind}`, request, { headers, signal });
  try {
    for await (const { event, data } of ENDED.has(job.state) ? [] : follow(fetch, job.links.events, signal)) {
      if (event === "progress") onProgress(data);
    }
    if (!ENDED.has(job.state)) job = await get(job.links.self, { signal });
  } catch (error) {
    if (signal?.aborted) post(job.links.cancel).catch(() => {}); // it may have ended by itself
    throw error;
  }
  if (job.state !== "succeeded") throw new Problem(job.problem ?? { detail: "The work was stopped." });
  return job;
}

export const api = { fetch, get, post, remove, upload, has, blob, picture, show, run };

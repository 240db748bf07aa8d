// The API as its own description tells it, and a form for each route to try it.

import { element, prose, typeOf, resolved, rowsOf, exampleOf } from "./schema.js";

const token = document.querySelector("#token");
const given = new URLSearchParams(location.hash.slice(1)).get("token");
token.value = given ?? sessionStorage.getItem("impasto-token") ?? ""; // the studio's
if (given) history.replaceState(null, "", location.pathname);

const description = await (await fetch("/openapi.json")).json();
document.querySelector("#about").append(
  ...prose(description.info.description.replace(/(?<!\n)\n(?!\n)/g, " ")));
const routes = document.querySelector("#routes");
routes.replaceChildren(...sections());
routes.setAttribute("aria-busy", "false");

function sections() {
  const groups = new Map(description.tags.map((tag) => [tag.name, { tag, found: [] }]));
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const name = route.tags?.[0] ?? "other";
      if (!groups.has(name)) groups.set(name, { tag: { name, description: "" }, found: [] });
      groups.get(name).found.push(card(method, path, route));
    }
  }
  return [...groups.values()].filter((one) => one.found.length).map(({ tag, found }) =>
    element("section", {}, [
      element("h2", {}, [tag.name, element("small", {}, [tag.description ?? ""])]),
      ...found,
    ]));
}

function card(method, path, route) {
  const summary = element("summary", {}, [
    element("span", { class: "method" }, [method.toUpperCase()]),
    element("code", {}, [path]),
    element("span", {}, [route.summary ?? ""]),
  ]);
  const details = element("details", { id: route.operationId }, [summary]);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(contents(method, path, route));
  });
  return details;
}

function contents(method, path, route) {
  const parts = [element("p", {}, prose(route.description))];
  const parameters = (route.parameters ?? []).map((one) => resolved(description, one));
  if (parameters.length) parts.push(element("h3", {}, ["Parameters"]), table(parameters.map((one) =>
    [`${one.name} (${one.in})`, typeOf(description, one.schema), one.description ?? ""])));
  for (const [type, body] of Object.entries(route.requestBody?.content ?? {})) {
    const rows = rowsOf(description, body.schema);
    parts.push(element("h3", {}, [`Body: ${type}`]), rows.length ? table(rows) : "");
  }
  parts.push(element("h3", {}, ["Answers"]), table(Object.entries(route.responses).map(
    ([status, answer]) => [status, Object.keys(answer.content ?? {}).join(", "), answer.description])));
  parts.push(element("h3", {}, ["Try it"]), trial(method, path, route, parameters));
  return element("div", { class: "body" }, parts);
}

function table(rows) {
  const cells = ([name, kind, words]) => element("tr", {}, [
    element("td", {}, [element("code", {}, [name])]),
    element("td", { class: "kind" }, [kind]),
    element("td", {}, prose(words)),
  ]);
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" }, [
    element("table", {}, [element("tbody", {}, rows.map(cells))])]);
}

function trial(method, path, route, parameters) {
  const inputs = new Map();
  const fields = element("div", { class: "fields" });
  const add = (name, input) => {
    input.setAttribute("aria-label", name);
    inputs.set(name, input);
    fields.append(element("span", {}, [name]), input);
  };
  for (const one of parameters) add(one.name, element("input", { type: "text" }));
  const types = Object.keys(route.requestBody?.content ?? {});
  const json = types.includes("application/json");
  const file = types.some((type) => type !== "application/json");
  if (file) add("file", element("input", { type: "file" }));
  if (json) add("body", element("textarea", { spellcheck: "false" }));
  if (json) inputs.get("body").value = JSON.stringify(exampleOf(description, route), null, 2);
  const answer = element("output", { "aria-live": "polite" });
  const button = element("button", { type: "button" }, ["Send"]);
  button.addEventListener("click", async () => {
    button.disabled = true;
    await ask(method, path, parameters, inputs, types, answer);
    button.disabled = false;
  });
  const hint = json && file
    ? [element("p", { class: "kind" }, ["With a file it is sent as a form: the JSON's members are its fields."])]
    : [];
  return element("div", {}, [fields, ...hint, button, answer]);
}

async function ask(method, path, parameters, inputs, types, answer) {
  const headers = {}, query = new URLSearchParams();
  let place = path;
  for (const { name, in: where } of parameters) {
    const value = inputs.get(name).value;
    if (where === "path") place = place.replace(`{${name}}`, encodeURIComponent(value));
    else if (value && where === "query") query.append(name, value);
    else if (value && where === "header") headers[name] = value;
  }
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  try {
    const body = bodyOf(inputs, types, headers);
    const url = place + (query.size ? `?${query}` : "");
    await show(await fetch(url, { method: method.toUpperCase(), headers, body }), answer);
  } catch (error) {
    answer.replaceChildren(element("pre", {}, [String(error)]));
  }
}

function bodyOf(inputs, types, headers) {
  const file = inputs.get("file")?.files[0], text = inputs.get("body")?.value;
  if (!file && text === undefined) return undefined;
  if (!file) {
    headers["Content-Type"] = "application/json";
    return text;
  }
  if (text === undefined && !types.includes("multipart/form-data")) return file;
  const form = new FormData(), values = JSON.parse(text || "{}");
  const name = "content" in values ? "content" : "contents" in values ? "contents" : "file";
  for (const [key, value] of Object.entries(values)) {
    if (key === name) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      form.append(key, typeof one === "object" ? JSON.stringify(one) : one);
    }
  }
  form.append(name, file);
  return form;
}

async function show(response, answer) {
  const type = response.headers.get("Content-Type") ?? "";
  const head = element("pre", {}, [`${response.status} ${response.statusText} ${type}`]);
  if (type.startsWith("image/")) {
    const url = URL.createObjectURL(await response.blob());
    const image = element("img", { alt: "The picture of the answer", src: url });
    image.addEventListener("load", () => URL.revokeObjectURL(url));
    answer.replaceChildren(head, image);
    return;
  }
  const text = await response.text();
  const told = type.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
  answer.replaceChildren(head, element("pre", { tabindex: "0" }, [told.slice(0, 100000)]));
}

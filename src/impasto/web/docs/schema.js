// What JSON schemas say, as words and rows of a table.

export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Words in which what stands between back-ticks is code.
export function prose(text = "") {
  return text.split("`").map((part, at) => (at % 2 ? element("code", {}, [part]) : part));
}

export function resolved(description, schema) {
  if (!schema?.$ref) return schema ?? {};
  const names = schema.$ref.replace("#/", "").split("/");
  return resolved(description, names.reduce((at, name) => at?.[name], description));
}

export function typeOf(description, schema, depth = 0) {
  const one = resolved(description, schema);
  const several = one.anyOf ?? one.oneOf;
  if (several) return [...new Set(several.map((each) => typeOf(description, each, depth)))].join(" or ");
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(", ");
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.format === "binary") return "file";
  if (one.type === "array") return `list of ${depth > 2 ? "…" : typeOf(description, one.items, depth + 1)}`;
  return [one.type ?? "any", range(one)].filter(Boolean).join(" ");
}

function range({ minimum, maximum, "x-unit": unit }) {
  const low = minimum ?? "", high = maximum ?? "";
  const words = low !== "" && high !== "" ? `${low} to ${high}` : low !== "" ? `at least ${low}`
    : high !== "" ? `at most ${high}` : "";
  return [words, unit].filter(Boolean).join(" ");
}

export function rowsOf(description, schema) {
  const one = resolved(description, schema);
  if (one.oneOf) return rowsOf(description, one.oneOf[0]);
  const needed = new Set(one.required ?? []);
  const first = ([name]) => (needed.has(name) ? 0 : 1);
  const members = Object.entries(one.properties ?? {}).sort((a, b) => first(a) - first(b));
  return members.map(([name, each]) => {
    const words = each.description ?? resolved(description, each).description ?? "";
    const usual = each.default === undefined || each.default === null
      || (Array.isArray(each.default) && !each.default.length)
      ? "" : ` Default: ${JSON.stringify(each.default)}.`;
    return [name + (needed.has(name) ? " *" : ""), typeOf(description, each), words + usual];
  });
}

export function exampleOf(description, route) {
  const body = route.requestBody?.content["application/json"] ?? {};
  return body.example ?? resolved(description, body.schema).examples?.[0] ?? {};
}

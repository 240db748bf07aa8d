// Makes elements by hand, so that no text is ever read as HTML.

// element("button", { type: "button", onclick: work, "aria-label": "Erase" }, "Erase")
export function element(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else if (value != null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

export function button(words, work, given = {}) {
  return element("button", { type: "button", onclick: work, ...given }, words);
}

let named = 0;

// A control with its visible name, as one block.
export function labelled(words, control, ...after) {
  control.id ||= `field-${(named += 1)}`;
  return element("div", { className: "field" }, element("label", { htmlFor: control.id }, words), control, ...after);
}

// A number that is dragged; what it is stands beside it.
export function slider(words, { value, unit = "", ...given }, onchange = () => {}) {
  const shown = element("output", {}, `${value}${unit}`);
  const range = element("input", { type: "range", ...given, value });
  range.addEventListener("input", () => {
    shown.textContent = `${range.value}${unit}`;
    onchange(Number(range.value));
  });
  return labelled(words, range, shown);
}

// One of several: words by value.
export function choice(words, value, given) {
  const all = Object.entries(words).map(([key, text]) => element("option", { value: key, selected: key === value }, text));
  return element("select", given, all);
}

// Gives bytes to the user as a file.
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

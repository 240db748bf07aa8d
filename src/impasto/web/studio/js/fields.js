// Controls of one setting each: they show the state, and change it.

import { element, labelled } from "./elements.js";
import { state } from "./state.js";

/** What a control is made of: its name in the settings, its words, its JSON schema. */
export function field(name, words, schema) {
  const plain = schema.anyOf?.find((one) => one.type !== "null") ?? schema;
  const kind = plain.enum ? choiceOf : { boolean: checkOf, number: rangeOf, integer: rangeOf }[plain.type];
  return kind?.(name, words, { ...plain, description: schema.description, unit: schema["x-unit"] }) ?? null;
}

function give(name, value, history) {
  state.set({ settings: { [name]: value } }, { history });
}

/** Show a setting again whenever it changes. */
function follow(name, show) {
  show(state.get().settings[name]);
  state.subscribe((now, before) => {
    if (now.settings[name] !== before.settings[name]) show(now.settings[name]);
  });
}

/** A number that is dragged: each step is previewed, the release painted whole. */
export function rangeOf(name, words, { minimum, maximum, step, default: usual, unit = "", shown, description }) {
  const fine = step ?? (maximum - minimum > 10 ? 1 : 0.01);
  const range = element("input", { type: "range", min: minimum, max: maximum, step: fine, title: description });
  const output = element("output");
  const told = shown ?? ((value) => (unit ? `${value} ${unit.split(" ")[0]}` : String(value)));
  range.oninput = () => give(name, range.valueAsNumber, false);
  range.onchange = () => give(name, range.valueAsNumber, true);
  range.ondblclick = () => usual !== undefined && give(name, usual, true);
  follow(name, (value) => {
    const number = value ?? usual ?? minimum;
    if (range.valueAsNumber !== number) range.value = number;
    output.textContent = told(number);
    range.setAttribute("aria-valuetext", output.textContent);
    range.style.setProperty("--done", (range.valueAsNumber - minimum) / (maximum - minimum));
  });
  return labelled(words, range, output);
}

/** One of a few, as `[value, words]`: all are seen, as buttons of which one is on. */
export function segmentsOf(name, words, choices, description) {
  const radios = choices.map(([value, text]) => {
    const radio = element("input", { type: "radio", name: `setting-${name}`, value });
    radio.onchange = () => give(name, value, true);
    return element("label", {}, radio, element("span", {}, text));
  });
  const group = element("fieldset", { className: "segments", title: description }, element("legend", {}, words), element("div", {}, radios));
  follow(name, (value) => {
    for (const radio of group.querySelectorAll("input")) radio.checked = radio.value === String(value);
  });
  return group;
}

/** One of many. `choices` maps values to words. */
export function choiceOf(name, words, { enum: values = [], choices, description, default: usual }) {
  const all = choices ?? new Map(values.map((value) => [value, value]));
  const keys = [...all.keys()];
  const select = element("select", { title: description }, keys.map((key, at) => element("option", { value: at }, all.get(key))));
  select.onchange = () => give(name, keys[select.value], true);
  follow(name, (value) => {
    const chosen = value === undefined ? usual : value;
    if (!keys.includes(chosen)) select.append(element("option", { value: keys.push(chosen) - 1 }, String(chosen)));
    select.value = String(keys.indexOf(chosen));
  });
  return labelled(words, select);
}

export function checkOf(name, words, { description, default: usual }) {
  const box = element("input", { type: "checkbox" });
  box.onchange = () => give(name, box.checked, true);
  follow(name, (value) => (box.checked = value ?? usual));
  return element("label", { className: "check", title: description }, box, words);
}

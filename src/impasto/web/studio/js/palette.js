// The colors to paint in: swatches that are added, changed and taken away.

import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { state } from "./state.js";
import { allStyles } from "./styles.js";

const MOST = 12;
const FIRST = ["#1d3557", "#e0b96a", "#f4f0e8"];

/** A group of swatches that shows and changes `settings.palette`. */
export function paletteField() {
  const swatches = element("div", { className: "swatches" });
  const group = element("fieldset", { className: "palette" }, element("legend", {}, "Palette"), swatches);
  const from = button("From the style", takeFromStyle, { className: "quiet" });
  group.append(from);
  const show = ({ settings }) => {
    if (settings.colors === "palette" && !settings.palette.length) return give(FIRST, true);
    const same = [...swatches.querySelectorAll("input")].map((one) => one.value).join() === settings.palette.join();
    if (!same || !swatches.children.length) swatches.replaceChildren(...settings.palette.map(swatch), adder(settings.palette));
  };
  show(state.get());
  state.subscribe((now, before) => now.settings !== before.settings && show(now));
  return group;
}

function give(palette, history) {
  state.set({ settings: { palette } }, { history });
}

const chosen = () => state.get().settings.palette;

function swatch(color, at, all) {
  const input = element("input", { type: "color", value: color, "aria-label": `Color ${at + 1}` });
  const changed = (history) => give(chosen().with(at, input.value), history);
  input.oninput = () => changed(false);
  input.onchange = () => changed(true);
  const out = button(icon("close"), () => give(chosen().toSpliced(at, 1), true), { "aria-label": `Take away color ${at + 1}` });
  return element("span", { className: "swatch" }, input, all.length > 1 ? out : null);
}

function adder(all) {
  if (all.length >= MOST) return "";
  return button(icon("plus"), () => give([...chosen(), "#888888"], true), { className: "swatch-add", "aria-label": "Add a color" });
}

async function takeFromStyle() {
  const names = state.get().styles.map((one) => one.name);
  const found = (await allStyles()).filter((one) => names.includes(one.name));
  const colors = found.flatMap((one) => one.palette ?? []).map(hex).filter(Boolean);
  if (colors.length) give([...new Set(colors)].slice(0, MOST), true);
}

/** A color as inputs of colors have it. */
function hex(color) {
  return /^#[0-9a-f]{6}$/i.exec(color)?.[0].toLowerCase();
}

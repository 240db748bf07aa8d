// Drawings of the sprite in index.html, and buttons that show nothing else.

import { button } from "./elements.js";

/** A drawing of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** A button with a drawing and its name in words, shown or only spoken. */
export function iconButton(name, label, onclick, props = {}) {
  return button(icon(name), onclick, { className: "icon-button", "aria-label": label, title: label, ...props });
}

// Dark or light: as the system has it, until somebody chooses.

import { iconButton } from "./icons.js";

const KEY = "impasto-theme";

export function addTheme(place) {
  apply(localStorage.getItem(KEY));
  place.append(iconButton("theme", "Dark or light", turn));
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function turn() {
  const dark = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const theme = dark === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, theme);
  apply(theme);
}

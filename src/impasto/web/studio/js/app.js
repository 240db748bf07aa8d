// Puts the page together.

import { addHistory } from "./history.js";
import { keepWork } from "./keep.js";
import { Painting } from "./painting.js";
import { button } from "./elements.js";
import { icon } from "./icons.js";
import { addTheme } from "./theme.js";
import { calmDown } from "./status.js";
import "./viewer.js";
import "./tabs.js";
import "./picture.js";
import "./mix.js";
import "./gallery.js";
import "./controls.js";
import "./results.js";
import "./save.js";
import "./words.js";
import "./tools.js";

const file = document.getElementById("file");
addHistory(file);
addTheme(document.querySelector("header .last"));

document.getElementById("problem").append(button(icon("close"), calmDown, { className: "icon-button", "aria-label": "Close" }));

/** Other modules reach the live line through it, as the camera does. */
export const painting = new Painting(document.querySelector("impasto-viewer"));

keepWork();

document.documentElement.dataset.ready = "";

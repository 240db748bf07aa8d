// The way back and forth: two buttons and the keys that everybody knows.

import { iconButton } from "./icons.js";
import { state } from "./state.js";

export function addHistory(place) {
  const undo = iconButton("undo", "Undo", () => state.undo());
  const redo = iconButton("redo", "Redo", () => state.redo());
  const show = () => {
    undo.disabled = !state.canUndo;
    redo.disabled = !state.canRedo;
  };
  place.append(undo, redo);
  state.subscribe(show);
  show();
  addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input:not([type=range], [type=checkbox], [type=radio]), textarea");
    if (typing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) state.redo();
    else state.undo();
  });
}

// The work survives a reload: phones close pages that are out of sight.

import { api } from "./api.js";
import { state, workOf } from "./state.js";
import { styleNamed } from "./styles.js";

const KEY = "impasto-work";

/** Bring back what was there before the reload, as far as the server still has it; then keep it. */
export async function keepWork() {
  const kept = await found(JSON.parse(sessionStorage.getItem(KEY) ?? "null")).catch(() => null); // the gallery complains
  if (kept && !state.get().content) state.set(kept, { history: true });
  state.subscribe((now, before, { history }) => history && keep(now));
}

async function found(kept) {
  if (!kept || !(await api.has(kept.content.asset))) return null;
  const styles = await Promise.all(kept.styles.map((one) => styleNamed(one.name)));
  const masks = await Promise.all(kept.regions.map((one) => api.has(one.mask)));
  return {
    ...kept,
    styles: kept.styles.filter((one, at) => styles[at]),
    regions: kept.regions.filter((one, at) => masks[at]),
  };
}

function keep(now) {
  if (now.content) sessionStorage.setItem(KEY, JSON.stringify(workOf(now)));
  else sessionStorage.removeItem(KEY);
}

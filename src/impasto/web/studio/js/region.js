// A region of the picture as it stands in the state.

export const FEATHER = 1; // % of the long side

/** A region with an id of its own; its style is a list of words, or null where the photo stays. */
export function regionWith({ mask, style = null, weight = 1, feather = FEATHER }) {
  const id = crypto.randomUUID?.() ?? String(Math.random()); // randomUUID is only there on https and this machine
  return { id, mask, style: style && [style].flat(), weight, feather };
}

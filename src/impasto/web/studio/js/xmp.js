// What a painting of ours says about itself: the XMP packet that is found by scanning its bytes.

const BEGIN = "<?xpacket begin=";
const END = "<?xpacket end=";
const IMPASTO = "https://impasto.dev/ns/1.0/";
const CHUNK = 8 << 20;

/** Return the settings that a file discloses, or null where it does not say that Impasto made it. */
export async function disclosed(file) {
  let tail = "";
  for (let start = 0; start < file.size; start += CHUNK) {
    const bytes = await file.slice(start, start + CHUNK).arrayBuffer();
    const text = tail + new TextDecoder("latin1").decode(bytes); // a byte each, so that nothing is lost
    const begin = text.indexOf(BEGIN);
    const end = begin < 0 ? -1 : text.indexOf(END, begin);
    if (end >= 0) return parsed(text.slice(begin, end));
    tail = begin < 0 ? text.slice(-BEGIN.length) : text.slice(begin);
    if (tail.length > 2 * CHUNK) return null;
  }
  return null;
}

function parsed(packet) {
  if (packet.includes("<!DOCTYPE") || packet.includes("<!ENTITY")) return null;
  const xml = packet.slice(packet.indexOf("?>") + 2); // the settings are ASCII
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  const [found] = tree.getElementsByTagNameNS(IMPASTO, "settings");
  try {
    return found ? JSON.parse(found.textContent) : null;
  } catch {
    return null;
  }
}

// Follows a job: server-sent events over fetch, which unlike EventSource can carry a token.

export const ENDED = new Set(["succeeded", "failed", "canceled"]);
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000; // milliseconds

// Yields {id, event, data} until the job has ended or the signal says so; goes on after a lost
// connection where it was.
export async function* follow(fetch, path, signal) {
  let last = "";
  let wait = FIRST_WAIT;
  while (!signal?.aborted) {
    try {
      const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
      const answer = await fetch(path, { headers, signal });
      for await (const one of parsed(answer.body)) {
        last = one.id || last;
        wait = FIRST_WAIT;
        yield one;
        if (one.event === "state" && ENDED.has(one.data.state)) return;
      }
    } catch (error) {
      if (error.status >= 400 && error.status < 500) throw error; // the job is not there
    }
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

// Reads a stream of server-sent events; comments, which keep the line open, are passed over.
export async function* parsed(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text = (text + value).replaceAll("\r\n", "\n");
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const one = fields(text.slice(0, end));
        text = text.slice(end + 2);
        if (one.data !== null) yield one;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function fields(block) {
  const found = { id: "", event: "message", data: [] };
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (name === "data") found.data.push(value ?? "");
    else if (name === "id" || name === "event") found[name] = value ?? "";
  }
  return { ...found, data: found.data.length ? JSON.parse(found.data.join("\n")) : null };
}

/** Reads Server-Sent Events. Source: the HTML standard, section "Server-sent events". */

/**
 * Shape of what it yields: {id, data, retry}; null for a comment, which says that the line is open.
 * Not EventSource: that cannot tell a server that is away from one that has signed us out.
 */
export async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      if (!blocks.length) yield null;
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function eventOf(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^([^:]*):? ?(.*)$/s);
    if (name === "data" && "data" in fields) fields.data += `\n${value}`;
    else if (name) fields[name] = value;
  }
  return "data" in fields || "retry" in fields ? fields : null;
}

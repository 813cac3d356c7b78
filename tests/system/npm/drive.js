// Does what it is told, line by line of JSON: {"order": ..., "name": <client>, ...}; and tells
// what each client hears the same way: {"name": <client>, "event": ..., ...}. Ends with its input.
import { createInterface } from "node:readline";
import { open } from "./clients.js";

const clients = new Map();

async function obey({ order, name, as, channel, action, data, ...options }) {
  const tell = (told) => process.stdout.write(JSON.stringify({ name, ...told }) + "\n");
  try {
    if (order === "open") {
      clients.set(name, open({ name, ...options }, tell));
    } else {
      const details = { subscribe: [as, channel], perform: [as, action, data], whisper: [as, data] };
      await clients.get(name)[order](...(details[order] ?? [as]));
    }
  } catch (error) {
    tell({ event: "failed", order, reason: String(error) });
  }
}

const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => obey(JSON.parse(line)));
orders.on("close", () => process.exit());

// The two clients of npm behind one face: `kinds[kind](options, tell)` opens a connection, and
// what it hears is told as {event, ...}. The clients are as they come; they run in half a page.
import { createRequire } from "node:module";
import { createCable } from "@anycable/core";
import WebSocket from "ws";

const ActionCable = createRequire(import.meta.url)("@rails/actioncable");

// The client of Rails opens again at once when somebody looks at the page.
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.removeEventListener = page.removeEventListener.bind(page);
globalThis.document = { visibilityState: "visible" };

// A browser would know the cookies. Here `?client=` says whose headers these are.
const headersOf = new Map();

class Socket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { headers: headersOf.get(new URL(url).searchParams.get("client")) });
  }
}
ActionCable.adapters.WebSocket = Socket;

function rails({ url }, tell) {
  const consumer = ActionCable.createConsumer(url);
  const subscriptions = new Map();
  return {
    subscribe(as, params) {
      const heard = {
        connected: (how) => tell({ event: "connected", as, ...how }),
        disconnected: (how) => tell({ event: "disconnected", as, ...how }),
        rejected: () => tell({ event: "rejected", as }),
        received: (message) => tell({ event: "received", as, message }),
      };
      subscriptions.set(as, consumer.subscriptions.create(params, heard));
    },
    perform: (as, action, data) => subscriptions.get(as).perform(action, data),
    drop: () => consumer.connection.webSocket.terminate(),
    look: () => page.dispatchEvent(new Event("visibilitychange")),
    close: () => consumer.disconnect(),
  };
}

// `restless`: it breaks off at every so-many-th message, and often as soon as it is back.
function anycable({ url, protocol, restless }, tell) {
  const cable = createCable(url, {
    protocol,
    websocketImplementation: Socket,
    logLevel: "error",
    lazy: false,
    protocolOptions: { pongs: true },
    reconnectStrategy: () => 100 * Math.random(),
  });
  const drop = () => cable.transport.ws.terminate();
  const dropAtTimes = (chance) => restless && Math.random() < chance && drop();
  const ends = ["disconnect", "close"];
  for (const end of ends) cable.on(end, (error) => tell({ event: end, reason: error?.reason }));
  cable.on("connect", (how) => tell({ event: "open", ...how }));
  cable.on("connect", ({ restored }) => dropAtTimes(restored ? 0.4 : 0));
  const channels = new Map();
  function subscribe(as, { channel: name, ...params }) {
    const channel = cable.subscribeTo(name, params);
    channel.on("connect", (how) => tell({ event: "connected", as, ...how }));
    channel.on("disconnect", ({ reason }) => tell({ event: "disconnected", as, reason }));
    channel.on("presence", (message) => tell({ event: "presence", as, message }));
    channel.on("message", (message, meta) => {
      tell({ event: "received", as, message, ...meta });
      dropAtTimes(1 / restless);
    });
    channel.on("close", (error) => {
      if (error) tell({ event: "rejected", as, reason: error.reason });
      // A flaw of 1.1.7: what breaks under a pending subscribe closes the channel, without an
      // error. A page subscribes anew, and the client still knows its positions.
      else setImmediate(subscribe, as, { channel: name, ...params });
    });
    channels.set(as, channel);
  }
  return {
    subscribe,
    perform: (as, action, data) => channels.get(as).perform(action, data),
    whisper: (as, data) => channels.get(as).whisper(data),
    join: (as) => channels.get(as).presence.join("somebody", {}),
    drop,
    look: () => cable.monitor.reconnectNow(),
    rest: () => (restless = 0),
    close: () => cable.disconnect(),
  };
}

const make = { rails, anycable };

export function open({ name, kind, url, headers, ...options }, tell) {
  headersOf.set(name, headers);
  return make[kind]({ ...options, url: `${url}?client=${name}` }, tell);
}

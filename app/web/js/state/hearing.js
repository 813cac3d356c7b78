/** Which news changes what. Kinds that nobody hears are ignored: newer servers say more. */

const hearers = new Map();

/** Called with the event, as it was sent. */
export function hear(type, hearer) {
  hearers.set(type, [...(hearers.get(type) ?? []), hearer]);
}

export function apply(event) {
  for (const hearer of hearers.get(event.type) ?? []) hearer(event);
}

/** Elements out of plain values: text is only ever a text node. */

/**
 * An element: `h("p.hint", { id }, "words")`. Its attributes may be left out, and for a function in
 * their place it is pressed; `on…` are listeners; null, undefined and false leave an attribute out.
 */
export function h(selector, ...content) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (tag === "button") element.type = tag; // Otherwise it would send the form that it is in.
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributesOf(content))) set(element, name, value);
  element.append(...content.flat().filter(isShown));
  return element;
}

/** Takes them from in front of the children. */
function attributesOf(content) {
  if (typeof content[0] === "function") return { onclick: content.shift() };
  return content[0]?.constructor === Object ? content.shift() : {};
}

function set(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (name.startsWith("on")) throw new TypeError(`${name} must be a function`);
  else if (name === "value") element.value = value ?? "";
  else if (name === "label")
    element.ariaLabel = value; // Its name, where none can be seen.
  else if (name === "class") element.className += value ? ` ${value}` : "";
  else if (isShown(value)) element.setAttribute(name, value === true ? "" : value);
}

function isShown(value) {
  return value !== null && value !== undefined && value !== false;
}

/** Put an element's children in place of what it had. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(isShown));
  return element;
}

/** Put words there, unless they are there already: a live region would say them again. */
export function say(element, words) {
  if (element.textContent !== words) fill(element, words);
}

const kept = new WeakMap();

/**
 * Show rows, and keep the elements of those that did not change, so that focus and place stay.
 * Shape of a row: {key, memo: [what it is drawn from], make: () => element}
 */
export function keep(parent, rows) {
  const before = kept.get(parent) ?? new Map();
  const now = new Map();
  for (const row of rows) {
    const old = before.get(row.key);
    const same = old && isSame(old.memo, row.memo);
    now.set(row.key, { memo: row.memo, element: same ? old.element : row.make() });
  }
  kept.set(parent, now);
  arrange(
    parent,
    [...now.values()].map((one) => one.element),
  );
}

function isSame(one, other) {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

function arrange(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, at) => {
    if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  });
}

/** Shape of listeners: {type: listener} */
export function listen(target, listeners, options) {
  for (const [type, listener] of Object.entries(listeners))
    target.addEventListener(type, listener, options);
}

/** Tell screen readers, politely. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

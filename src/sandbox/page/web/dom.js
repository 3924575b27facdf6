// Small tools over the document.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element with properties (`data-` and `aria-` ones as attributes) and children; nothing is ever read as markup. */
export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !key.includes("-")) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Ids are numbers of 64 bits, as text. */
export const isNewer = (id, than) => !than || id.length > than.length || (id.length === than.length && id > than);

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
const formats = {
  t: format({ hour: "2-digit", minute: "2-digit" }),
  T: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  d: format({ day: "2-digit", month: "2-digit", year: "numeric" }),
  D: format({ day: "numeric", month: "long", year: "numeric" }),
  f: format({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }),
  F: format({ weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }),
  clock: format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }),
  short: format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
};

/** An instant in the viewer's zone, in one of Discord's styles or one of ours. */
export function when(instant, style, now) {
  const at = new Date(instant);
  if (style === "R") return relative((at - new Date(now)) / 1000);
  return (formats[style] ?? formats.f).format(at).replace(/^(\w+),/, "$1");
}

const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(seconds) {
  if (Math.abs(seconds) < 1) return "now";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return words.format(Math.round(seconds / length), unit);
}

/** Opens a small menu beside what was pressed; `entries` are labels with what they do. */
export function openMenu(beside, entries) {
  const menu = one("#menu");
  menu.replaceChildren(...entries.map(([label, act]) =>
    el("button", { type: "button", role: "menuitem", onclick: () => { menu.hidePopover(); act(); } }, label)));
  menu.showPopover();
  const place = beside.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${place.bottom + size.height + 8 > innerHeight ? Math.max(8, place.top - size.height - 4) : place.bottom + 4}px`;
  menu.onkeydown = (event) => {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items.at(to % items.length).focus();
  };
  one("button", menu)?.focus();
}

// The page: what is looked at and by whom, drawn anew whenever something happened.

import { all, el, isNewer, one, openMenu, when } from "./dom.js";
import { Composer, typedCommands } from "./composer.js";
import { openForm } from "./form.js";
import { count, lookAt, messageNode } from "./message.js";
import { drawPlaces } from "./places.js";
import { ask, attach, listen, send } from "./server.js";
import { drawSteps } from "./steps.js";

/** Milliseconds for which changes gather before the page looks again. */
const GATHER = 40;

const state = {
  who: null, channel: null, view: null, commands: [], commandsOf: null,
  /** What each person has read, by channel. */
  read: JSON.parse(sessionStorage.read ?? "{}"),
  /** Which run of the sandbox that is of. */
  run: sessionStorage.run,
  dismissed: new Set(),
  /** From where on messages of this channel were new when it was opened. */
  newFrom: null,
  drawn: new Map(),
};

const page = {
  act, go, become, becomeWherePinged, pass, complete, attach, personMenu, closeSheets,
  look: lookAt,
  tell: (text) => composer.tell(text),
  type: (line) => composer.fill(line),
  dismiss: (id) => { state.dismissed.add(id); draw(); },
  readUpTo: (channel, who = state.who) => state.read[who]?.[channel],
  me: () => state.who,
  world: () => world,
  commands: () => typedCommands(state.commands),
  messageCommands: () => menuCommands(3),
  people: () => state.view.people.map(({ name }) => name),
  roles: () => here()?.roles ?? [],
  channels: () => (here()?.channels ?? []).filter(({ is_thread }) => !is_thread).map(({ name }) => `#${name}`),
  placeName,
  choices,
};

const menuCommands = (kind) => state.commands.filter(({ type }) => type === kind).map(({ name }) => name);

const here = () => state.view?.servers.find(({ channels }) => channels.some(({ id }) => id === state.view.here));
const place = () => [...(here()?.channels ?? []), state.view?.direct].find((channel) => channel?.id === state.view?.here);

function placeName() {
  const channel = place();
  if (!channel) return "";
  return channel.name ? `#${channel.name}` : "cosell";
}

/** What stands for the ids in texts. */
const world = {
  get now() { return state.view.now; },
  person(id) {
    const name = state.view.names.users[id];
    const isMe = id === state.view.me.id;
    return el("button", { type: "button", className: isMe ? "mention me" : "mention", onclick: (event) => name && personMenu(event.target, name) }, `@${name ?? "unknown"}`);
  },
  role: (id) => el("span", { className: "mention" }, `@${state.view.names.roles[id] ?? "unknown"}`),
  channel: (id) => el("button", { type: "button", className: "mention", onclick: () => go(id) }, `#${state.view.names.channels[id] || "unknown"}`),
  place: (channel, message, label) => el("button", { type: "button", className: "mention", onclick: () => go(channel, message) },
    label ?? `#${state.view.names.channels[channel] || "unknown"}${message ? " › message" : ""}`),
  command: (name) => el("button", { type: "button", className: "mention", onclick: () => composer.fill(`/${name}`) }, `/${name}`),
};

/** What can be chosen in a menu of a message. */
function choices(part) {
  if (part.type === 3) return part.options.map(({ label, value, description, default: isChosen }) => ({ label, value, description, isChosen }));
  const of = (map, sign) => Object.entries(map).map(([id, name]) => ({ id, label: sign + name, value: name }));
  const { channels, roles } = here() ?? { channels: [], roles: [] };
  const people = state.view.people.map(({ id, name }) => ({ id, label: `@${name}`, value: name }));
  const ofRoles = of(state.view.names.roles, "@").filter(({ value }) => roles.includes(value));
  if (part.type === 5) return people;
  if (part.type === 6) return ofRoles;
  if (part.type === 7) return [...people, ...ofRoles];
  return channels.filter(({ is_thread }) => !is_thread).map(({ id, name }) => ({ id, label: `#${name}`, value: name }));
}

const composer = new Composer(page);

// Looking.

let [isLooking, isStale, gathering] = [false, false, null];

function changed() {
  gathering ??= setTimeout(() => { gathering = null; look().catch(trouble); }, GATHER);
}

async function look() {
  if (isLooking) { isStale = true; return; }
  isLooking = true;
  try {
    do {
      isStale = false;
      const view = await ask("/view", { as: state.who, channel: state.channel });
      // Somebody may have moved on while this was on its way.
      if (state.who && state.who !== view.me.name) { isStale = true; continue; }
      if (state.channel && state.view && state.channel !== view.here && state.channel !== state.view.here) { isStale = true; continue; }
      if (state.run !== view.run) beginAnew(view.run);
      state.view = view;
      state.who = view.me.name;
      state.channel = view.here;
      await lookUpCommands();
      draw();
    } while (isStale);
    if (document.body.classList.contains("lost")) composer.tell();
    document.body.classList.remove("lost");
  } finally {
    isLooking = false;
  }
}

/** The sandbox was started again: its world is another, and nothing of it was read. */
function beginAnew(run) {
  if (state.run) one("#said").textContent = "The sandbox was started again. Its clock and messages are those of a new world.";
  Object.assign(state, { run, read: {}, newFrom: null, commandsOf: null });
  sessionStorage.run = run;
  state.dismissed.clear();
}

async function lookUpCommands() {
  const of = `${state.who} ${state.view.here}`;
  if (state.commandsOf === of && state.commands.length > 0) return;
  state.commands = await ask("/commands", { as: state.who, channel: state.view.here });
  state.commandsOf = of;
}

function trouble(error) {
  composer.tell(`The page can't go on: ${error.message}`);
}

function lost() {
  document.body.classList.add("lost");
  composer.tell("The sandbox can't be reached. Start it again, and this page goes on by itself.");
}

// Drawing.

function draw() {
  const { view } = state;
  history.replaceState(null, "", `#${new URLSearchParams({ as: state.who, channel: state.channel })}`);
  markRead();
  drawPlaces(view, page);
  const channel = place();
  one("#channel-name").textContent = channel ? (channel.name ? `${channel.is_thread ? "" : "#"}${channel.name}` : "@cosell") : "";
  one("#channel-note").textContent = `as ${view.me.name}`;
  document.title = `${placeName()} · cosell sandbox`;
  const now = one("#now");
  now.textContent = when(view.now, "clock");
  now.dateTime = view.now;
  if (!composer.command) composer.text.placeholder = `Message ${placeName()}, or type / for a command`;
  drawMessages();
}

function markRead() {
  const last = place()?.last;
  const ofMe = (state.read[state.who] ??= {});
  if (last && document.visibilityState === "visible" && isNewer(last, ofMe[state.view.here])) ofMe[state.view.here] = last;
  sessionStorage.read = JSON.stringify(state.read);
}

function drawMessages() {
  const list = one("#messages");
  const scroll = one("#messages-scroll");
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  const messages = state.view.messages.filter(({ id }) => !state.dismissed.has(id));
  const empty = one("#empty");
  empty.hidden = messages.length > 0;
  empty.textContent = `Nothing has been said in ${placeName()} yet. First steps, above, shows what to try.`;
  const nodes = messages.map((message) => {
    const key = `${state.who} ${JSON.stringify(message)} ${/<t:\d+:R>/.test(JSON.stringify(message)) ? state.view.now : ""}`;
    const known = state.drawn.get(message.id);
    return known?.key === key ? known : { key, node: messageNode(message, page), id: message.id };
  });
  const focused = list.contains(document.activeElement) ? { part: document.activeElement.dataset.part, id: document.activeElement.closest("li")?.dataset.id } : null;
  state.drawn = new Map(nodes.map((entry) => [entry.id, entry]));
  placeInOrder(list, withMark(nodes));
  if (focused?.part && !list.contains(document.activeElement)) {
    one(`li[data-id="${focused.id}"] [data-part="${CSS.escape(focused.part)}"]`, list)?.focus();
  }
  if (wasAtEnd) toEnd();
}

/** The nodes, with a line before the first that was new when the channel was opened. */
function withMark(entries) {
  const first = state.newFrom ? entries.find(({ id }) => isNewer(id, state.newFrom)) : null;
  const mark = first && el("li", { className: "new-mark", id: "new" }, el("span", {}, "New"));
  return entries.flatMap((entry) => (entry === first ? [mark, entry.node] : [entry.node]));
}

/** Puts nodes into a list without touching those that stand right. */
function placeInOrder(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, n) => { if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null); });
}

function toEnd() {
  const scroll = one("#messages-scroll");
  scroll.scrollTop = scroll.scrollHeight;
  for (const picture of all("img", scroll)) if (!picture.complete) picture.addEventListener("load", () => { scroll.scrollTop = scroll.scrollHeight; }, { once: true });
}

/** Brings a message into sight and marks it for a moment. */
function show(id) {
  const node = one(`#m${id}`);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 1500);
}

// Moving.

async function go(channel, message) {
  if (!channel) return;
  closeSheets();
  one("#meanwhile").hidden = true;
  const isElsewhere = channel !== state.channel;
  state.channel = channel;
  if (isElsewhere) {
    state.newFrom = page.readUpTo(channel) ?? null;
    state.view = { ...state.view, here: channel, messages: [] };
    composer.clear();
  }
  await look();
  if (message) show(message);
  else if (isElsewhere) toEnd();
}

async function become(name, channel) {
  const before = placeOf(channel) ?? state.channel;
  state.who = name;
  state.channel = before;
  state.newFrom = page.readUpTo(before, name) ?? null;
  state.view = { ...state.view, me: { ...state.view.me, name }, here: before, messages: [] };
  composer.clear();
  closeSheets();
  one("#meanwhile").hidden = true;
  await look();
  toEnd();
  one("#said").textContent = `You are ${name} in ${placeName()}`;
}

/** Becomes somebody where they were pinged last. */
async function becomeWherePinged(name) {
  const pings = state.view.people.find((person) => person.name === name)?.pings ?? [];
  const [channel, message] = pings.reduce((last, ping) => (isNewer(ping[1], last?.[1]) ? ping : last), null) ?? [];
  await become(name);
  if (channel) await go(channel, message);
  else composer.tell(`Nobody has pinged ${name} yet. Move the clock to the next digest.`);
}

const placeOf = (name) => name && here()?.channels.find((channel) => channel.name === name)?.id;

/** Whether the steps stand beside the messages, as the style has it, and not over them. */
const hasRoomForSteps = () => !matchMedia("(max-width: 1179px)").matches;

function closeSheets() {
  document.body.classList.remove("places-open", "steps-open");
  one("#open-places").setAttribute("aria-expanded", "false");
  one("#open-steps").setAttribute("aria-expanded", String(hasRoomForSteps() && !document.body.classList.contains("no-steps")));
}

function personMenu(beside, name) {
  const entries = menuCommands(2).map((command) => [`${command} (app)`, () => act({ do: "person_menu", command, person: name })]);
  openMenu(beside, [...entries, ...(page.people().includes(name) && name !== state.who ? [[`Be ${name}`, () => become(name)]] : [])]);
}

// Doing.

/** Does something as who is looked at; gives what is wrong, or nothing. `on` is the message whose part was used. */
async function act(deed, on) {
  const who = { as: state.who, channel: state.channel };
  const node = on && one(`#m${on.id}`);
  node?.classList.add("busy");
  try {
    return answered(await send("/deed", { ...who, ...deed }), who, on);
  } catch (error) {
    return said(error.message, on);
  } finally {
    node?.classList.remove("busy");
  }
}

async function answered(reply, who, on) {
  if (reply.kind === "form") {
    openForm(reply, async (texts) => {
      const sent = await send("/deed", { ...who, do: "submit", form: reply.form, texts });
      return answered(sent, who);
    });
    return null;
  }
  if (reply.kind === "refused" || reply.kind === "client") return said(reply.why, on);
  if (on) said(null, on);
  await look();
  if (reply.kind === "message" && reply.message !== on?.id) toEnd();
  return null;
}

/** Says what is wrong under the message whose part was used. */
function said(why, on) {
  const node = on && one(`#m${on.id} .body`);
  if (node) {
    one(".failed", node)?.remove();
    if (why) node.append(el("p", { className: "failed", role: "alert" }, why));
  }
  return why;
}

function complete(path, options) {
  return send("/complete", { as: state.who, channel: state.channel, path, options });
}

async function pass(to, of) {
  if (document.body.classList.contains("passing")) return;
  const buttons = all("#clock-moves button, #steps li button");
  buttons.forEach((button) => { button.disabled = true; });
  document.body.classList.add("passing");
  try {
    const passed = await send("/pass", { as: state.who, channel: state.channel, to, of });
    await look();
    meanwhile(passed);
  } catch (error) {
    trouble(error);
  } finally {
    document.body.classList.remove("passing");
    buttons.forEach((button) => { button.disabled = false; });
  }
}

/** Tells what the bot did while time passed. */
function meanwhile({ happened, why, now }) {
  const section = one("#meanwhile");
  const told = happened.length === 0 ? "the bot said nothing" : count(happened.length, "message");
  one("#meanwhile-title").textContent = why ?? `Until ${when(now, "short")}: ${told}`;
  one("ol", section).replaceChildren(...happened.map((thing) => el("li", {}, el("button", {
    type: "button", onclick: () => open(thing),
  },
  el("time", { dateTime: thing.at }, when(thing.at, "short")),
  el("span", { className: "where" }, thing.place.startsWith("@") ? `to ${thing.place.slice(1)} directly` : thing.place),
  el("span", { className: "what" }, `${thing.edited ? "edited: " : ""}${thing.line}`),
  thing.pinged.length > 0 && el("span", { className: "pinged" }, `pings ${thing.pinged.join(", ")}`)))));
  section.hidden = false;
  section.focus();
}

/** Opens the place of a message, as somebody who can read it. */
async function open({ channel, place, message }) {
  if (place.startsWith("@") && place.slice(1) !== state.who) await become(place.slice(1));
  await go(channel, message);
}

// The rest of the page.

const themes = { auto: ["◐", "Looks as your system does"], dark: ["☾", "Dark"], light: ["☀", "Light"] };

function setTheme(theme) {
  localStorage.theme = theme;
  document.documentElement.dataset.theme = theme;
  one("#theme").replaceChildren(el("span", { "aria-hidden": "true" }, themes[theme][0]), el("span", { className: "unseen" }, `Theme: ${themes[theme][1]}`));
  one("#theme").title = `Theme: ${themes[theme][1]}`;
}

function foldClock() {
  document.body.classList.remove("clock-open");
  one("#open-clock").setAttribute("aria-expanded", "false");
}

function toggle(button, name) {
  const isOpen = document.body.classList.toggle(name);
  one(button).setAttribute("aria-expanded", String(isOpen));
  return isOpen;
}

one("#theme").onclick = () => {
  const names = Object.keys(themes);
  setTheme(names[(names.indexOf(localStorage.theme ?? "auto") + 1) % names.length]);
};
one("#open-places").onclick = () => { if (toggle("#open-places", "places-open")) one("#channels button, #servers button")?.focus(); };
one("#open-steps").onclick = () => {
  if (hasRoomForSteps()) one("#open-steps").setAttribute("aria-expanded", String(!document.body.classList.toggle("no-steps")));
  else toggle("#open-steps", "steps-open");
};
one("#steps .close").onclick = () => { document.body.classList.add("no-steps"); closeSheets(); one("#open-steps").focus(); };
one("#open-clock").onclick = () => toggle("#open-clock", "clock-open");
one("#meanwhile .close").onclick = () => { one("#meanwhile").hidden = true; composer.text.focus(); };
for (const button of all("#clock-moves button")) {
  button.onclick = () => {
    foldClock();
    pass(button.dataset.to);
  };
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !one("dialog[open]")) {
    closeSheets();
    foldClock();
  }
});
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("clock-open") && !event.target.closest("#clock")) {
    foldClock();
  }
  if (document.body.classList.contains("places-open") && !event.target.closest("#places, #open-places")) closeSheets();
});
document.addEventListener("visibilitychange", () => state.view && draw());

const start = new URLSearchParams(location.hash.slice(1));
state.who = start.get("as");
state.channel = start.get("channel");
setTheme(localStorage.theme ?? "auto");
drawSteps(page);
closeSheets();
listen(changed, lost);
look().catch(() => { state.who = state.channel = null; return look(); }).then(() => { composer.clear(); toEnd(); }, trouble);

// A message as people see it, and what can be pressed on it.

import { all, el, one, openMenu, when } from "./dom.js";
import { inlineMarkdown, markdown, placeIn } from "./markdown.js";

/** The element of a message. `page` does what is pressed. */
export function messageNode(message, page) {
  const world = page.world();
  const classes = ["message", message.pings_me && "pings", message.is_private && "private"].filter(Boolean);
  return el("li", { className: classes.join(" "), id: `m${message.id}`, "data-id": message.id, tabIndex: -1 },
    origin(message),
    avatar(message.author, message.is_bot),
    el("div", { className: "body" },
      head(message, page),
      message.is_thinking
        ? el("p", { className: "thinking" }, `${message.author} is thinking…`)
        : [
          el("div", { className: "text" }, markdown(message.content, world)),
          message.embeds.map((embed) => card(embed, message, page)),
          files(message, page),
          message.rows.map((row) => el("div", { className: "row" }, (row.components ?? []).map((part) => control(part, message, page)))),
        ],
      message.thread && el("button", { type: "button", className: "thread", onclick: () => page.go(message.thread.id) },
        `${message.thread.name} `, el("span", {}, `${count(message.thread.count, "message")} ›`)),
      message.is_private && el("p", { className: "only-you" }, "Only you can see this · ",
        el("button", { type: "button", className: "link", onclick: () => page.dismiss(message.id) }, "Dismiss message"))));
}

export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function origin({ answers }) {
  if (!answers) return null;
  return el("p", { className: "origin" }, answers.command ? null : "for ", el("strong", {}, answers.who), answers.command && " used ",
    answers.command && el("span", { className: "used" }, `${answers.command[0] === answers.command[0].toLowerCase() ? "/" : ""}${answers.command}`));
}

export function avatar(name, isBot) {
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0) * 7, 0) % 12;
  return el("span", { className: `avatar ${isBot ? "bot" : `hue${hue}`}`, "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
}

function head(message, page) {
  const at = new Date(message.at);
  return el("p", { className: "head" },
    message.is_bot
      ? [el("strong", {}, message.author), el("span", { className: "app" }, "APP")]
      : el("button", { type: "button", className: "link name", onclick: (event) => page.personMenu(event.target, message.author) }, message.author),
    el("time", { dateTime: at.toISOString(), title: when(at, "F") }, when(at, "short")),
    message.edited && el("span", { className: "edited", title: when(message.edited, "F") }, "(edited)"),
    page.messageCommands().length > 0 && !message.is_private && el("button", {
      type: "button", className: "more", "aria-label": `Apps on this message by ${message.author}`, "aria-haspopup": "menu",
      onclick: (event) => openMenu(event.target, page.messageCommands().map((name) =>
        [name, () => page.act({ do: "on", message: message.id, act: { menu: { command: name } } })])),
    }, "⋯"));
}

const address = (url, message) => {
  const name = /^attachment:\/\/(.+)$/.exec(url ?? "")?.[1];
  return message.files.find((file) => file.name === name);
};

function card(embed, message, page) {
  const world = page.world();
  const file = address(embed.image?.url, message);
  const bar = el("div", { className: "bar" });
  if (embed.color) bar.style.backgroundColor = `#${embed.color.toString(16).padStart(6, "0")}`;
  return el("article", { className: "embed" }, bar,
    el("div", { className: "inside" },
      embed.author?.name && el("p", { className: "by" }, embed.author.name),
      embed.title && el("p", { className: "title" }, embed.url
        ? el("a", { href: embed.url, target: "_blank", rel: "noreferrer" }, inlineMarkdown(embed.title, world))
        : inlineMarkdown(embed.title, world)),
      embed.description && el("div", { className: "text" }, markdown(embed.description, world)),
      (embed.fields ?? []).length > 0 && el("div", { className: "fields" }, embed.fields.map((field) =>
        el("div", { className: field.inline ? "field" : "field wide" },
          el("p", { className: "label" }, inlineMarkdown(field.name, world)),
          el("div", { className: "text" }, markdown(field.value, world))))),
      file && picture(file, page),
      (embed.footer?.text || embed.timestamp) && el("p", { className: "small" },
        [embed.footer?.text, embed.timestamp && when(embed.timestamp, "short")].filter(Boolean).join(" · "))));
}

function files(message, page) {
  const inEmbeds = new Set(message.embeds.map((embed) => address(embed.image?.url, message)));
  return message.files.filter((file) => !inEmbeds.has(file)).map((file) => (file.size
    ? picture(file, page)
    : el("a", { className: "file", href: file.url, download: file.name },
      el("span", { className: "file-name" }, file.name), el("span", {}, size(file.bytes)))));
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);

function picture(file, page) {
  const [width, height] = file.size ?? [];
  return el("button", { type: "button", className: "picture", "aria-label": `Look at ${file.name} in full size`, onclick: () => page.look(file) },
    el("img", { src: file.url, alt: file.description ?? file.name, width, height, loading: "lazy" }));
}

const looks = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };

function control(part, message, page) {
  if (part.type === 2) return button(part, message, page);
  if (part.type === 3 && (part.max_values ?? 1) > 1) return severalOf(part, message, page);
  return oneOf(part, message, page);
}

function button(part, message, page) {
  const label = [part.emoji?.name, part.label].filter(Boolean).join(" ");
  const place = placeIn(part.url);
  if (place) return el("button", { type: "button", className: "button secondary", onclick: () => page.go(place.channel, place.message) }, `${label} ↗`);
  if (part.url) return el("a", { className: "button secondary", href: part.url, target: "_blank", rel: "noreferrer" }, `${label} ↗`);
  return el("button", {
    type: "button", className: `button ${looks[part.style] ?? "secondary"}`, disabled: part.disabled, "data-part": part.custom_id,
    onclick: () => page.act({ do: "on", message: message.id, act: { press: { id: part.custom_id } } }, message),
  }, label);
}

const pick = (part, message, page, values) => page.act({ do: "on", message: message.id, act: { pick: { id: part.custom_id, values } } }, message);

/** A menu of strings, people, roles or channels from which one is taken. */
function oneOf(part, message, page) {
  const choices = page.choices(part);
  const taken = new Set((part.default_values ?? []).map((value) => value.id));
  const chosen = choices.find((choice) => choice.isChosen || taken.has(choice.id));
  const hint = part.placeholder || "Choose";
  const menu = el("select", {
    disabled: part.disabled, "aria-label": hint, "data-part": part.custom_id,
    onchange: (event) => event.target.value && pick(part, message, page, [event.target.value]),
  },
  el("option", { value: "", selected: !chosen, disabled: true }, hint),
  choices.map((choice) => el("option", { value: choice.value, selected: choice === chosen, title: choice.description }, choice.label)));
  if ((part.max_values ?? 1) > 1 && part.type !== 3) menu.title = "Choose one here; several can be chosen in Discord";
  return menu;
}

/** A menu from which several are taken: boxes, and a button that sends them. */
function severalOf(part, message, page) {
  const [min, max] = [part.min_values ?? 1, part.max_values ?? 1];
  const boxes = part.options.map((option) => el("label", {},
    el("input", { type: "checkbox", value: option.value, checked: option.default ?? false, disabled: part.disabled }), ` ${option.label}`));
  const send = (event) => {
    const values = all("input:checked", event.target.closest("details")).map((box) => box.value);
    pick(part, message, page, values);
  };
  return el("details", { className: "several", "data-part": part.custom_id },
    el("summary", {}, part.placeholder || "Choose"),
    el("div", {}, boxes, el("button", { type: "button", className: "button primary", onclick: send },
      `Choose ${min === max ? min : `${min} to ${max}`}`)));
}

/** Shows a file in full size. */
export function lookAt(file) {
  const dialog = one("#picture");
  Object.assign(one("img", dialog), { src: file.url, alt: file.description ?? file.name });
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.showModal();
}

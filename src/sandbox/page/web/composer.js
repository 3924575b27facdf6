// The field for messages and commands: what is offered while somebody types, and how it is sent.

import { all, el, one } from "./dom.js";

const kinds = { text: 3, whole: 4, yes: 5, person: 6, channel: 7, role: 8, mentionable: 9, number: 10, file: 11 };

/** Milliseconds without a key before completions are asked for. */
const PAUSE = 120;

/** Typed commands with the words of their names, from what is registered. */
export function typedCommands(registered) {
  const leaves = (node, path) => {
    const steps = (node.options ?? []).filter((option) => option.type === 1 || option.type === 2);
    if (steps.length > 0) return steps.flatMap((step) => leaves(step, [...path, step.name]));
    return [{ path, name: path.join(" "), description: node.description, options: node.options ?? [] }];
  };
  return registered.filter((command) => (command.type ?? 1) === 1).flatMap((command) => leaves(command, [command.name]));
}

/** A line such as `/deal new account:Globex Corp` as a command and its values, where it is one. */
export function readLine(line, commands) {
  const text = line.trim().replace(/^\//, "");
  const fits = commands.filter(({ name }) => text === name || text.startsWith(`${name} `));
  const command = fits.sort((a, b) => b.name.length - a.name.length)[0];
  if (!command) return null;
  const rest = text.slice(command.name.length);
  const starts = command.options
    .flatMap(({ name }) => [...rest.matchAll(new RegExp(`(?<=^|\\s)${name}:`, "g"))].map((found) => ({ name, at: found.index, from: found.index + name.length + 1 })))
    .filter(({ at }) => (rest.slice(0, at).split(/(?<=:)"/).length - 1) <= (rest.slice(0, at).split(/"(?=\s|$)/).length - 1))
    .sort((a, b) => a.at - b.at);
  const values = starts.map(({ name, from }, n) => {
    const value = rest.slice(from, starts[n + 1]?.at).trim();
    return [name, /^".*"$/.test(value) ? value.slice(1, -1) : value];
  });
  return { command, values };
}

export class Composer {
  /** `page` gives commands and choices, and sends. */
  constructor(page) {
    this.page = page;
    this.text = one("#composer-text");
    this.chips = one("#chips");
    this.hints = one("#hints");
    this.list = one("#hints-list");
    this.command = null;
    this.offered = [];
    this.active = -1;
    this.asked = 0;
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("focus", () => { if (this.command) this.offerOptions(); });
    this.text.addEventListener("paste", () => setTimeout(() => this.pasted()));
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.left()));
    one("#composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
  }

  /** Puts a whole line into the field, ready to be sent. */
  fill(line) {
    const read = readLine(line, this.page.commands());
    if (!read) {
      this.clear();
      this.text.value = line;
      this.text.focus();
      this.typed();
      return;
    }
    this.begin(read.command, read.values);
  }

  clear() {
    this.command = null;
    this.text.value = "";
    this.text.style.height = "";
    this.chips.replaceChildren();
    one("#command").hidden = true;
    one("#line").classList.remove("in-command");
    this.text.placeholder = `Message ${this.page.placeName()}, or type / for a command`;
    this.tell();
    this.offer([]);
  }

  /** Says what is wrong with what was typed. */
  tell(why) {
    const trouble = one("#trouble");
    trouble.textContent = why ?? "";
    trouble.hidden = !why;
  }

  // Choosing a command.

  typed() {
    this.tell();
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    if (this.command) {
      this.offerOptions();
      return;
    }
    const typed = this.text.value;
    if (!typed.startsWith("/")) {
      this.offer([]);
      return;
    }
    const wanted = typed.slice(1).toLowerCase();
    const named = this.page.commands().map((command) => [command, command.name.indexOf(wanted.trim())]).filter(([, at]) => at >= 0);
    named.sort(([, a], [, b]) => a - b);
    const read = readLine(typed, this.page.commands());
    if (named.length === 0 && read && read.values.length > 0) {
      this.offer([], `Press Enter to go on with /${read.command.name}`);
      return;
    }
    this.offer(named.map(([command]) => ({
      label: `/${command.name}`, note: command.description, take: () => this.begin(command),
    })), named.length > 0 ? "Commands" : `${this.page.me()} has no command of that name here`);
  }

  pasted() {
    if (!this.command && readLine(this.text.value, this.page.commands())) this.fill(this.text.value);
  }

  begin(command, values = []) {
    this.clear();
    this.command = command;
    const label = one("#command");
    label.textContent = `/${command.name}`;
    label.hidden = false;
    one("#line").classList.add("in-command");
    this.text.placeholder = command.options.length > 0 ? "+ option" : "";
    const given = new Set(values.map(([name]) => name));
    for (const option of command.options.filter((option) => option.required || given.has(option.name))) this.addChip(option);
    for (const [name, value] of values) this.setChip(name, value);
    const empty = this.inputs().find((input) => !input.value);
    (empty ?? this.text).focus();
  }

  // Options as chips.

  inputs() {
    return all("input", this.chips);
  }

  addChip(option) {
    const input = el("input", option.type === kinds.file
      ? { type: "file", "aria-label": option.name }
      : { type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": "hints-list", "aria-autocomplete": "list", "aria-label": `${option.name}: ${option.description}`, spellcheck: false });
    input.dataset.option = option.name;
    const fit = () => { if (option.type !== kinds.file) input.style.width = `${Math.min(Math.max(input.value.length + 1, 6), 40)}ch`; };
    input.addEventListener("focus", () => this.complete(option, input));
    input.addEventListener("input", () => { delete input.dataset.value; fit(); this.tell(); this.complete(option, input); });
    input.addEventListener("change", () => option.type === kinds.file && this.attached(input));
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.left()));
    input.fit = fit;
    fit();
    this.chips.append(el("label", { className: "chip" }, el("span", {}, option.name), input));
    return input;
  }

  setChip(name, value, label) {
    const input = this.inputs().find((input) => input.dataset.option === name);
    if (!input || input.type === "file") return;
    input.value = label ?? value;
    if (label !== undefined && label !== value) input.dataset.value = value;
    input.fit();
  }

  async attached(input) {
    const file = input.files[0];
    if (file) input.dataset.value = `@${(await this.page.attach(file)).name}`;
  }

  removeChip(input) {
    input.closest(".chip").remove();
    (this.inputs().at(-1) ?? this.text).focus();
  }

  /** What the options hold; with one that has the focus it comes last. */
  values(focused) {
    const value = (input) => [input.dataset.option, input.dataset.value ?? (input.type === "file" ? "" : input.value.trim())];
    const others = this.inputs().filter((input) => input !== focused).map(value).filter(([, text]) => text);
    return focused ? [...others, [focused.dataset.option, focused.value]] : others;
  }

  offerOptions() {
    const used = new Set(this.inputs().map((input) => input.dataset.option));
    const wanted = this.text.value.trim().toLowerCase().replace(/:$/, "");
    const free = this.command.options.filter(({ name }) => !used.has(name) && name.includes(wanted));
    const take = (option) => () => { this.text.value = ""; this.addChip(option).focus(); };
    this.offer(free.map((option) => ({ label: option.name, note: option.description, take: take(option) })),
      free.length > 0 ? "Options" : "", { active: wanted ? 0 : -1 });
  }

  // Completions.

  async complete(option, input) {
    const asked = ++this.asked;
    const title = `${option.name}: ${option.description}`;
    const known = this.known(option);
    if (known) {
      const wanted = input.value.trim().toLowerCase().replace(/^[@#]/, "");
      const isTaken = known.some(({ label }) => label.toLowerCase() === input.value.trim().toLowerCase());
      const fits = known.filter(({ label }) => isTaken || label.toLowerCase().includes(wanted));
      this.offer(fits.map((choice) => this.choice(option, choice)), title, { active: wanted && !isTaken ? 0 : -1 });
      return;
    }
    this.offer([], title);
    if (!option.autocomplete) return;
    await new Promise((done) => setTimeout(done, PAUSE));
    if (asked !== this.asked) return;
    const found = await this.page.complete(this.command.path, this.values(input)).catch((error) => ({ why: error.message }));
    if (asked !== this.asked || document.activeElement !== input) return;
    const choices = (found.choices ?? []).map(({ name, value }) => this.choice(option, { label: name, value: String(value) }));
    const none = choices.length === 0 ? " · nothing is offered" : "";
    this.offer(choices, found.why ? `${title} · ${found.why}` : title + none, { active: input.value.trim() && !input.dataset.value ? 0 : -1 });
  }

  choice(option, { label, value, note }) {
    return { label, note, take: () => { this.setChip(option.name, value, label); this.onward(); } };
  }

  /** What an option can be, where the client knows it. */
  known(option) {
    const plain = (texts) => texts.map((text) => ({ label: text, value: text }));
    if (option.choices?.length > 0) return option.choices.map(({ name, value }) => ({ label: name, value: String(value) }));
    switch (option.type) {
      case kinds.yes: return plain(["true", "false"]);
      case kinds.person: return plain(this.page.people());
      case kinds.channel: return plain(this.page.channels());
      case kinds.role: return plain(this.page.roles());
      case kinds.mentionable: return plain([...this.page.people(), ...this.page.roles()]);
      default: return null;
    }
  }

  /** On to the next option that is needed, else to the field for more of them. */
  onward() {
    const required = new Set(this.command.options.filter((option) => option.required).map(({ name }) => name));
    const next = this.inputs().find((input) => !input.value && required.has(input.dataset.option));
    (next ?? this.text).focus();
  }

  // The list of what is offered.

  offer(entries, title = "", { active = 0 } = {}) {
    this.offered = entries;
    this.active = entries.length > 0 ? active : -1;
    one("#hints-title").textContent = title;
    this.list.replaceChildren(...entries.map((entry, n) => el("li", {
      id: `hint${n}`, role: "option", onmousedown: (event) => { event.preventDefault(); entry.take(); },
    }, el("span", {}, entry.label), entry.note && el("span", { className: "note" }, entry.note))));
    this.hints.hidden = entries.length === 0 && !title;
    this.mark();
  }

  mark() {
    const focus = document.activeElement;
    all("li", this.list).forEach((line, n) => line.setAttribute("aria-selected", String(n === this.active)));
    one(`#hint${this.active}`, this.list)?.scrollIntoView({ block: "nearest" });
    if (focus?.getAttribute("role") === "combobox") {
      focus.setAttribute("aria-expanded", String(this.offered.length > 0));
      if (this.active >= 0) focus.setAttribute("aria-activedescendant", `hint${this.active}`);
      else focus.removeAttribute("aria-activedescendant");
    }
  }

  left() {
    if (!one("#composer").contains(document.activeElement)) this.offer([]);
  }

  // Keys.

  key(event) {
    const input = event.target;
    const isOpen = this.offered.length > 0;
    const done = () => event.preventDefault();
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isOpen) {
      done();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + this.offered.length) % this.offered.length;
      this.mark();
    } else if (event.key === "Tab" && !event.shiftKey && this.active >= 0) {
      done();
      this.offered[this.active].take();
    } else if (event.key === "Enter" && !event.shiftKey) {
      done();
      if (this.active >= 0) this.offered[this.active].take();
      else this.send();
    } else if (event.key === "Escape") {
      done();
      if (!this.hints.hidden && isOpen) this.offer([]);
      else if (this.command) { this.clear(); this.text.focus(); }
    } else if (event.key === "Backspace" && this.command && input.value === "" && input.type !== "file") {
      done();
      if (input === this.text) (this.inputs().at(-1) ?? this.leave()).focus();
      else if (this.isRequired(input)) this.clear(), this.text.focus();
      else this.removeChip(input);
    }
  }

  isRequired(input) {
    return this.command.options.some((option) => option.name === input.dataset.option && option.required);
  }

  leave() {
    this.clear();
    return this.text;
  }

  // Sending.

  async send() {
    if (this.isSending) return;
    const line = this.text.value.trim();
    if (!this.command && line.startsWith("/")) {
      const read = readLine(line, this.page.commands());
      if (!read) return this.tell(`${this.page.me()} has no command of that name here. Type / to see those that there are.`);
      this.begin(read.command, read.values);
    }
    if (!this.command && !line) return;
    const command = this.command;
    const missing = command?.options.find((option) => option.required && !this.values().some(([name]) => name === option.name));
    if (missing) {
      this.inputs().find((input) => input.dataset.option === missing.name)?.focus();
      return this.tell(`${missing.name} is still needed: ${missing.description}`);
    }
    const deed = command ? { do: "command", path: command.path, options: this.values() } : { do: "say", text: line };
    this.isSending = true;
    one("#send").disabled = true;
    this.offer([]);
    try {
      const why = await this.page.act(deed);
      if (why) this.tell(why);
      else { this.clear(); if (!one("dialog[open]")) this.text.focus(); }
    } finally {
      this.isSending = false;
      one("#send").disabled = false;
    }
  }
}

// Discord's Markdown as nodes. Whatever isn't understood stays as it is typed.

import { el, when } from "./dom.js";

/** The nodes of a text; `world` tells names and the time, and what a mention does when it is pressed. */
export function markdown(text, world) {
  return blocks(String(text ?? "").split("\n"), world);
}

/** The nodes of one line, without headings, quotes and lists. */
export const inlineMarkdown = (text, world) => inline(String(text ?? ""), world);

function blocks(lines, world) {
  const nodes = [];
  let at = 0;
  const take = (fits) => {
    const from = at;
    while (at < lines.length && fits(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    const fence = /^```(\w*)$/.exec(line.trim());
    if (fence) {
      at += 1;
      const code = take((next) => next.trim() !== "```");
      at += 1;
      nodes.push(el("pre", {}, el("code", {}, code.join("\n"))));
    } else if (heading) {
      at += 1;
      nodes.push(el("p", { className: `heading h${heading[1].length}` }, inline(heading[2], world)));
    } else if (line.startsWith("-# ")) {
      at += 1;
      nodes.push(el("p", { className: "small" }, inline(line.slice(3), world)));
    } else if (line.startsWith("> ")) {
      const quoted = take((next) => next.startsWith("> ") || next === ">");
      nodes.push(el("blockquote", {}, blocks(quoted.map((next) => next.slice(2)), world)));
    } else if (/^\s*[-*] /.test(line)) {
      const items = take((next) => /^\s*[-*] /.test(next));
      nodes.push(el("ul", {}, items.map((item) => {
        const [, space, rest] = /^(\s*)[-*] (.*)$/.exec(item);
        return el("li", { className: space.length > 1 ? "deeper" : "" }, inline(rest, world));
      })));
    } else if (/^\d+\. /.test(line)) {
      const start = Number.parseInt(line, 10);
      const items = take((next) => /^\d+\. /.test(next));
      nodes.push(el("ol", { start }, items.map((item) => el("li", {}, inline(item.replace(/^\d+\. /, ""), world)))));
    } else if (line.trim() === "") {
      at += 1;
      if (nodes.length > 0 && at < lines.length) nodes.push(el("div", { className: "gap" }));
    } else {
      at += 1;
      nodes.push(el("p", {}, inline(line, world)));
    }
  }
  return nodes;
}

/** What may begin at a place of a line, by its first letters. Each gives its length and node. */
const marks = [
  [/^\\([!-/:-@[-`{-~])/, (found) => found[1]],
  [/^``(.+?)``/, (found) => el("code", {}, found[1])],
  [/^`([^`]+)`/, (found) => el("code", {}, found[1])],
  [/^\*\*(.+?)\*\*(?!\*)/, (found, world) => el("strong", {}, inline(found[1], world))],
  [/^__(.+?)__(?!_)/, (found, world) => el("u", {}, inline(found[1], world))],
  [/^~~(.+?)~~/, (found, world) => el("s", {}, inline(found[1], world))],
  [/^\*([^\s*](?:[^*]*[^\s*])?)\*(?!\*)/, (found, world) => el("em", {}, inline(found[1], world))],
  [/^_([^\s_](?:[^_]*[^\s_])?)_(?![\w])/, (found, world) => el("em", {}, inline(found[1], world))],
  [/^\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, (found, world) => link(found[2], world, inline(found[1], world))],
  [/^<(https?:\/\/[^\s>]+)>/, (found, world) => link(found[1], world)],
  [/^https?:\/\/[^\s<>)]*[^\s<>).,;:!?]/, (found, world) => link(found[0], world)],
  [/^<@!?(\d+)>/, (found, world) => world.person(found[1])],
  [/^<@&(\d+)>/, (found, world) => world.role(found[1])],
  [/^<#(\d+)>/, (found, world) => world.channel(found[1])],
  [/^<\/([^:>]+):\d+>/, (found, world) => world.command(found[1])],
  [/^<t:(-?\d+)(?::([tTdDfFR]))?>/, (found, world) => time(Number(found[1]), found[2] ?? "f", world)],
  [/^@(everyone|here)\b/, (found) => el("span", { className: "mention" }, found[0])],
];

function inline(text, world) {
  const nodes = [];
  let plain = "";
  let left = text;
  while (left) {
    const begun = plain.slice(-1);
    const hit = marks.map(([pattern, node]) => [pattern.exec(left), node]).find(([found]) => found);
    const inWord = hit && hit[0][0].startsWith("_") && /\w/.test(begun);
    if (hit && !inWord) {
      if (plain) nodes.push(plain);
      plain = "";
      nodes.push(hit[1](hit[0], world));
      left = left.slice(hit[0][0].length);
    } else {
      const letter = String.fromCodePoint(left.codePointAt(0));
      plain += letter;
      left = left.slice(letter.length);
    }
  }
  if (plain) nodes.push(plain);
  return nodes.flat();
}

/** The channel and message to which an address of this Discord leads. */
export function placeIn(address) {
  const found = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/.exec(address ?? "");
  return found && { channel: found[1], message: found[2] };
}

/** A link; one to a place of this Discord leads there in the page itself. */
function link(href, world, label) {
  const place = placeIn(href);
  return place ? world.place(place.channel, place.message, label) : el("a", { href, target: "_blank", rel: "noreferrer" }, label ?? href);
}

function time(seconds, style, world) {
  const at = new Date(seconds * 1000);
  return el("time", { dateTime: at.toISOString(), title: when(at, "F") }, when(at, style, world.now));
}

// Where one can be and who one can be, with what is unread.

import { all, el, isNewer, one, when } from "./dom.js";
import { avatar } from "./message.js";

const initials = (name) => name.split(/\s+/).map((word) => word[0]).join("").slice(0, 3);

const badge = (number, what) => number > 0 && el("span", { className: "badge" }, String(number), el("span", { className: "unseen" }, ` ${what}`));

/** Draws servers, channels, events and people from a view. */
export function drawPlaces(view, page) {
  const server = view.servers.find((server) => server.channels.some((channel) => channel.id === view.here));
  drawServers(view, server, page);
  one("#server-name").textContent = server?.name ?? "Direct messages";
  const channels = server ? inOrder(server.channels) : [view.direct].filter(Boolean);
  keep(one("#channels"), channels.map((channel) => channelLine(channel, view, page)));
  const events = server ? view.events : [];
  one("#events").hidden = events.length === 0;
  one("#events ul").replaceChildren(...events.map((event) => el("li", { title: event.description ?? "" },
    el("span", {}, event.name), event.next && el("time", { dateTime: event.next }, when(event.next, "short")))));
  keep(one("#people ul"), view.people.map((person) => personLine(person, view, page)));
  const elsewhere = all("#places .badge").reduce((sum, badge) => sum + Number.parseInt(badge.textContent, 10), 0);
  const mark = one("#pings-elsewhere");
  mark.hidden = elsewhere === 0;
  mark.textContent = String(elsewhere);
}

/** Replaces lines, and leaves the focus on the one that had it. */
function keep(list, lines) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...lines);
  if (focused) one(`[data-key="${CSS.escape(focused)}"]`, list)?.focus();
}

/** Threads under the channels that they hang from. */
function inOrder(channels) {
  const threads = channels.filter((channel) => channel.is_thread);
  return channels.filter((channel) => !channel.is_thread)
    .flatMap((channel) => [channel, ...threads.filter((thread) => thread.parent === channel.id)]);
}

const unreadPings = (channel, page) => channel.pings.filter((id) => isNewer(id, page.readUpTo(channel.id))).length;

function drawServers(view, here, page) {
  const direct = view.direct ? unreadPings(view.direct, page) : 0;
  keep(one("#servers"), [
    el("button", {
      type: "button", className: "server", "data-key": "direct", "aria-current": here ? null : "true", title: "Direct messages",
      onclick: () => (view.direct ? page.go(view.direct.id) : page.tell(`The bot has not written to ${view.me.name} yet.`)),
    }, el("span", { "aria-hidden": "true" }, "✉"), el("span", { className: "unseen" }, "Direct messages"), badge(direct, "unread")),
    ...view.servers.map((server) => {
      const pings = server.channels.reduce((sum, channel) => sum + unreadPings(channel, page), 0);
      return el("button", {
        type: "button", className: "server", "data-key": server.id, "aria-current": server === here ? "true" : null, title: server.name,
        onclick: () => page.go(server.channels[0]?.id),
      }, el("span", { "aria-hidden": "true" }, initials(server.name)), el("span", { className: "unseen" }, server.name), badge(pings, "pings"));
    }),
  ]);
}

function channelLine(channel, view, page) {
  const isHere = channel.id === view.here;
  const isUnread = !isHere && channel.last && isNewer(channel.last, page.readUpTo(channel.id));
  const pings = isHere ? 0 : unreadPings(channel, page);
  const name = channel.name || "cosell";
  return el("li", { className: channel.is_thread ? "thread-line" : "" }, el("button", {
    type: "button", className: isUnread ? "channel unread" : "channel", "data-key": channel.id, "aria-current": isHere ? "page" : null,
    onclick: () => page.go(channel.id),
  }, el("span", { className: "sign", "aria-hidden": "true" }, channel.is_thread ? "↳" : channel.name ? "#" : "@"), el("span", { className: "label" }, name),
  isUnread && el("span", { className: "unseen" }, " unread"), badge(pings, pings === 1 ? "ping" : "pings")));
}

function personLine(person, view, page) {
  const isMe = person.name === view.me.name;
  const pings = isMe ? 0 : person.pings.filter(([channel, id]) => isNewer(id, page.readUpTo(channel, person.name))).length;
  return el("li", {}, el("button", {
    type: "button", className: "person", "data-key": person.name, "aria-current": isMe ? "true" : null, onclick: () => page.become(person.name),
  }, avatar(person.name, false), el("span", { className: "label" }, person.name,
    el("span", { className: "roles" }, person.roles.join(", ") || "no role")), badge(pings, pings === 1 ? "ping" : "pings")));
}

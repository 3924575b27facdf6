// Gives what is wrong with the page as it stands, in words.
const wrong = [];
const isSeen = (node) => {
  const box = node.getBoundingClientRect();
  const style = getComputedStyle(node);
  return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && Number(style.opacity) > 0;
};

// Nothing sticks out of the window.
const { scrollWidth, clientWidth } = document.documentElement;
if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);
for (const node of document.querySelectorAll("main *, #places *, #steps *, dialog[open] *")) {
  const box = node.getBoundingClientRect();
  const scrolls = node.closest("pre, .scroll, #servers") !== null;
  if (isSeen(node) && !scrolls && (box.right > innerWidth + 1 || box.left < -1) && !node.closest(".unseen, .channel")) {
    wrong.push(`${node.tagName} "${node.textContent.slice(0, 30)}" reaches from ${Math.round(box.left)} to ${Math.round(box.right)}`);
  }
}

// Whatever can be used has a name that can be read out.
for (const node of document.querySelectorAll("button, select, input, textarea, a, summary")) {
  if (!isSeen(node)) continue;
  const label = node.getAttribute("aria-label") || node.innerText?.trim() || node.textContent.trim() || node.closest("label")?.textContent.trim();
  if (!label) wrong.push(`${node.outerHTML.slice(0, 80)} has no name`);
}
for (const picture of document.querySelectorAll("#messages img")) if (!picture.alt) wrong.push(`${picture.src} has no words`);

// Text stands out from its ground (WCAG 2, level AA).
const colour = (text) => {
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return text.startsWith("color(srgb") ? [...parts.slice(0, 3).map((part) => part * 255), parts[3] ?? 1] : [...parts.slice(0, 3), parts[3] ?? 1];
};
const light = ([red, green, blue]) => {
  const linear = [red, green, blue].map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const own = colour(getComputedStyle(at).backgroundColor);
    if (own[3] > 0.99) return own;
  }
  return [255, 255, 255, 1];
};
const told = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !isSeen(node) || node.closest(":disabled, option, .unseen, script, [popover]")) continue;
  const style = getComputedStyle(node);
  const [front, back] = [light(colour(style.color)), light(ground(node))];
  const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  const size = Number.parseFloat(style.fontSize);
  const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  const key = `${style.color} on ${ground(node)}`;
  if (ratio < needed && !told.has(key)) {
    told.add(key);
    wrong.push(`"${walker.currentNode.textContent.trim().slice(0, 30)}" stands out by ${ratio.toFixed(2)} (${key})`);
  }
}
return wrong;

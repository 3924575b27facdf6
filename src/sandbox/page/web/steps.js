// What somebody who has never seen the bot can try first.

import { el, one } from "./dom.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Each step: who takes it, where, what is typed, and what to look at. */
const steps = [
  {
    title: "Set the bot up", who: "ada", where: "ops", line: `/cosell setup timezone:${zone} currency:USD`,
    then: "Its answer asks for channels and roles. Press Finish, then Schedule it: that is the first review.",
  },
  { title: "Add a partner", who: "lena", where: "general", line: "/partner add name:Initech manager:@lena", then: "Lena leads the program; she keeps the list of partners." },
  {
    title: "Record a joint deal", who: "rita", where: "general",
    line: "/deal new account:Globex partner:Initech source:sourced evidence:Maria at Initech introduced us amount:120k close:+45d next_step:Discovery call due:+3d",
    then: "One line, and the answer says what was understood. Try Undo, or /deal view.",
  },
  { title: "Let the deal stall", to: "digest", of: "rita", then: "Rita's next step falls due. The bot reminds her; a mark by her name says so." },
  { title: "Act on the ping", who: "rita", then: "Read what it says, press Show mine, and one of the buttons under the deal." },
  { title: "Open the review", to: "review", then: "Its agenda was posted to the team's channel. Press Start the review there and go through the deals." },
  { title: "Plan for a leaver", who: "lena", where: "general", line: "/handover plan from:@rita", then: "What would go at risk if Rita left, and who could take it." },
];

/** Draws the steps. */
export function drawSteps(page) {
  one("#steps ol").replaceChildren(...steps.map((step) => el("li", {},
    el("p", { className: "title" }, step.title),
    step.line && el("p", { className: "code" }, el("code", {}, step.line)),
    el("p", { className: "small" }, step.then),
    el("button", { type: "button", className: "button secondary", onclick: () => take(step, page) }, label(step)))));
}

function label(step) {
  if (step.to) return step.to === "digest" ? `On to ${step.of}'s next digest` : "On to the next review";
  return step.line ? `Type it as ${step.who}` : `Be ${step.who} where the ping is`;
}

async function take(step, page) {
  page.closeSheets();
  if (step.to) return page.pass(step.to, step.of);
  if (!step.line) return page.becomeWherePinged(step.who);
  await page.become(step.who, step.where);
  page.type(step.line);
}

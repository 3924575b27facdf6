// A form that the bot opened: its fields, and how it is sent.

import { all, el, one } from "./dom.js";

/** Opens a form. `submit` sends its texts, and gives what is wrong, or nothing once it was taken. */
export function openForm(form, submit) {
  const dialog = one("#form");
  const trouble = one(".trouble", dialog);
  const tell = (why) => { trouble.textContent = why ?? ""; trouble.hidden = !why; };
  one("#form-title").textContent = form.title;
  one(".fields", dialog).replaceChildren(...form.fields.map(fieldNode));
  tell();
  one(".cancel", dialog).onclick = () => dialog.close();
  one("form", dialog).onsubmit = async (event) => {
    event.preventDefault();
    const button = one(".primary", dialog);
    button.disabled = true;
    try {
      const texts = all("[data-field]", dialog).map((input) => [input.dataset.field, input.value]);
      const why = await submit(texts);
      tell(why);
      if (!why) dialog.close();
    } catch (error) {
      tell(error.message);
    } finally {
      button.disabled = false;
    }
  };
  if (!dialog.open) dialog.showModal();
  one("[data-field]", dialog)?.focus();
}

function fieldNode(field) {
  const left = el("span", { className: "left" });
  const shown = { "data-field": field.id, value: field.value, required: field.required, maxLength: field.max, placeholder: field.placeholder };
  const input = field.paragraph ? el("textarea", { ...shown, rows: 4 }) : el("input", { ...shown, type: "text" });
  if (field.min > 0) input.minLength = field.min;
  const tell = () => { left.textContent = field.max <= 500 ? `${input.value.length}/${field.max}` : ""; };
  input.addEventListener("input", tell);
  tell();
  return el("label", { className: "form-field" },
    el("span", {}, field.label, field.required && el("span", { className: "required", title: "required" }, " *"), left), input);
}

// Saves a page of an application whenever a field is left, and asks the server for the questions again when an answer
// has changed what is asked. Rules live on the server alone; without this script the button saves.
(() => {
  "use strict";

  const PAUSE = 800;
  const PATIENCE = 10000;

  const form = document.querySelector("form[data-saves]");
  if (!form || !window.fetch) return;
  const questions = form.querySelector("#questions");
  const status = form.querySelector("[data-status]");

  let isSaving = false;
  let isWanted = false;
  let isOver = false;
  let isChanged = false;
  let pressed = null;
  let last = 0;

  const say = (text, isWarning) => {
    status.textContent = text;
    status.classList.toggle("saved--warning", Boolean(isWarning));
  };

  const fields = () => Array.from(form.elements).filter(({ name, type }) => name && type !== "hidden" && type !== "submit");

  const typed = () => new Map(fields().map((field) => [field.id, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value]));

  const body = () => {
    const data = new URLSearchParams(new FormData(form));
    data.set("quiet", "yes");
    return data;
  };

  // What was typed while the answer was on its way stays; so does the place where somebody is typing.
  const replace = (html, sent) => {
    const now = typed();
    const { id, selectionStart, selectionEnd } = document.activeElement || {};
    questions.innerHTML = html;
    for (const field of fields()) {
      if (!now.has(field.id) || now.get(field.id) === sent.get(field.id)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = now.get(field.id);
      else field.value = now.get(field.id);
    }
    const before = id && document.getElementById(id);
    if (!before) return;
    before.focus({ preventScroll: true });
    if (typeof selectionStart === "number" && before.setSelectionRange) before.setSelectionRange(selectionStart, selectionEnd);
  };

  const take = async (answer, sent) => {
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      isOver = true;
      say(form.dataset.away, true);
      return;
    }
    const told = await answer.json();
    if (!answer.ok) {
      isOver = true;
      say(told.message, true);
      return;
    }
    form.elements.revision.value = told.revision;
    form.elements.shown.value = told.shown;
    if (told.questions) replace(told.questions, sent);
    say(told.message);
  };

  const save = async () => {
    if (isOver) return;
    if (isSaving) {
      isWanted = true;
      return;
    }
    isSaving = true;
    isWanted = false;
    isChanged = false;
    last = Date.now();
    const sent = typed();
    try {
      await take(await fetch(form.action, { method: "POST", body: body(), credentials: "same-origin", redirect: "manual", keepalive: true, signal: AbortSignal.timeout(PATIENCE) }), sent);
    } catch {
      say(form.dataset.offline, true);
    }
    isSaving = false;
    if (pressed) press();
    else if (isWanted) plan();
  };

  // The answer may have put the same button anew in the place of the one that was pressed, or taken it away.
  const press = () => {
    const { name, value } = pressed;
    const button = pressed.form === form ? pressed : Array.from(form.elements).find((each) => each.type === "submit" && each.name === name && each.value === value);
    pressed = null;
    if (button) form.requestSubmit(button);
  };

  const plan = () => window.setTimeout(save, Math.max(0, last + PAUSE - Date.now()));

  form.addEventListener("input", () => { isChanged = true; });
  form.addEventListener("change", plan);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isChanged) save();
  });
  // A button that is pressed while an answer is on its way waits for it: else the page would look out of date.
  form.addEventListener("submit", (event) => {
    if (isSaving) {
      event.preventDefault();
      pressed = event.submitter;
    } else {
      isOver = true;
    }
  });
})();

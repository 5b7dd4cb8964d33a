// Keys for the queue, and a list that renews itself. It never does so while something is typed, chosen, marked or open.
// Without this script everything is reached by links and buttons, and loading the page again shows what is new.
(() => {
  "use strict";

  const PAUSE = 60000;
  const AWAY = 10 * 60000;

  const form = document.getElementById("queue-form");
  const list = document.getElementById("queue-rows");
  const news = document.getElementById("queue-news");
  const dialog = document.getElementById("queue-keys");
  let touched = Date.now();

  const rows = () => [...list.querySelectorAll("tr[data-task]")];
  const current = () => document.activeElement && document.activeElement.closest("tr[data-task]");
  const link = (row) => row.querySelector("th a");

  const move = (step) => {
    const all = rows();
    const at = all.indexOf(current());
    const to = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (to) link(to).focus();
  };

  const claim = () => {
    const row = current();
    const post = document.getElementById("queue-claim");
    if (!row || !row.dataset.claim) return;
    post.action = row.dataset.claim;
    post.submit();
  };

  const choose = () => {
    const box = current() && current().querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  };

  const next = () => {
    const button = document.querySelector("button[data-next]");
    if (button) button.click();
  };

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    o: () => current() && link(current()).click(),
    x: choose,
    c: claim,
    n: next,
    "?": () => dialog && !dialog.open && dialog.showModal(),
  };

  const types = (element) =>
    element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]") || Boolean(element.closest("dialog"));

  document.addEventListener("keydown", (event) => {
    touched = Date.now();
    if (!("keys" in form.dataset) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = acts[event.key];
    if (!act || types(event.target)) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("pointerdown", () => {
    touched = Date.now();
  });

  const isBusy = () => {
    const filters = document.getElementById("queue-filters");
    const typed = document.activeElement && types(document.activeElement);
    const marked = window.getSelection() && !window.getSelection().isCollapsed;
    const chosen = form.querySelector("input[type=checkbox]:checked");
    return document.hidden || typed || marked || chosen || (filters && filters.contains(document.activeElement)) || (dialog && dialog.open);
  };

  const show = (page) => {
    const there = page.getElementById("queue-rows");
    if (!there) return false;
    const known = new Set(rows().map((row) => row.dataset.task));
    const at = current() && current().dataset.task;
    const place = list.querySelector(".table-scroll");
    const scrolled = place ? place.scrollLeft : 0;
    list.replaceChildren(...there.childNodes);
    const again = list.querySelector(".table-scroll");
    if (again) again.scrollLeft = scrolled;
    const row = at && rows().find((each) => each.dataset.task === at);
    if (row) link(row).focus({ preventScroll: true });
    const tabs = page.getElementById("queue-tabs");
    const shown = document.getElementById("queue-tabs");
    if (tabs && shown && !shown.contains(document.activeElement)) shown.replaceChildren(...tabs.childNodes);
    const fresh = rows().filter((each) => !known.has(each.dataset.task)).length;
    if (fresh) news.textContent = `${news.dataset.said} ${fresh}`;
    return true;
  };

  const renew = async () => {
    if (Date.now() - touched < AWAY && !isBusy()) {
      try {
        const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual", headers: { "X-By-Itself": "1" } });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          if (!isBusy() && !show(page)) return;
        }
      } catch {
        // the line is down: what is shown stays, and the next time may do
      }
    }
    setTimeout(renew, PAUSE);
  };

  setTimeout(renew, PAUSE);
})();

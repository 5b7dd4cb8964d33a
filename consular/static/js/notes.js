// Keeps what an officer is writing, on the server, at each pause in typing: nothing of it stays in the browser.
(() => {
  "use strict";

  const PAUSE = 1500;
  const AGAIN = 5000;

  const form = document.querySelector("form[data-keep]");
  if (!form || !window.fetch) return;
  const box = form.elements.text;
  const status = form.querySelector("[data-kept]");
  let kept = box.value;
  let timer = 0;
  let isSending = false;
  let stop = new AbortController();

  const keep = async () => {
    if (stop.signal.aborted || isSending || box.value === kept) return;
    isSending = true;
    const { signal } = stop;
    const text = box.value;
    const body = new URLSearchParams({ text, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, credentials: "same-origin", redirect: "manual", signal });
      if (answer.status === 204) {
        kept = text;
        status.textContent = text.trim() ? form.dataset.said : "";
      } else {
        status.textContent = form.dataset.failed;
      }
    } catch {
      if (!signal.aborted) {
        status.textContent = form.dataset.failed;
        timer = setTimeout(keep, AGAIN);
      }
    }
    isSending = false;
    if (box.value !== text && !stop.signal.aborted) timer = setTimeout(keep, PAUSE);
  };

  box.addEventListener("input", () => {
    if (stop.signal.aborted) stop = new AbortController();
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  box.addEventListener("blur", keep);

  // What is sent is no draft any more: nothing on its way may bring it back.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stop.abort();
  });
})();

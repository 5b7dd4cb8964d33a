// Sends files in chunks, goes on where a broken line stopped, and shows when a file has been checked.
// Without this script, or where a browser lacks something, the form is sent as any form is.
(() => {
  "use strict";

  const TRIES = 8;
  const FIRST_PAUSE = 500;
  const LONGEST_PAUSE = 15000;
  const LOOK_AGAIN = 3000;
  const MOST_LOOKS = 40; // a page that is left open must not keep its session alive for ever

  class Refusal extends Error {}
  class SignedOut extends Error {}

  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const online = () =>
    navigator.onLine ? Promise.resolve() : new Promise((done) => window.addEventListener("online", done, { once: true }));

  // One request; what the service refuses is not tried again, everything else is.
  const ask = async (address, options, waiting) => {
    for (let tried = 1; ; tried += 1) {
      try {
        const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...options });
        if (answer.type === "opaqueredirect") throw new SignedOut();
        if (answer.ok) {
          waiting.hidden = true;
          return await answer.json();
        }
        if (answer.status < 500 && answer.status !== 408) {
          const problem = await answer.json().catch(() => ({}));
          throw new Refusal(problem.detail || "");
        }
      } catch (error) {
        if (error instanceof Refusal || error instanceof SignedOut) throw error;
      }
      if (tried === TRIES) throw new Error("line");
      waiting.hidden = false;
      await pause(Math.min(FIRST_PAUSE * 2 ** tried, LONGEST_PAUSE));
      await online();
    }
  };

  const send = async (form, files, show, waiting) => {
    const token = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const told = new FormData();
    for (const file of files) {
      told.append("name", file.name);
      told.append("size", file.size);
      told.append("sha256", await digest(file));
    }
    const begun = await ask(form.dataset.upload, { method: "POST", headers: token, body: told }, waiting);
    const received = [...begun.received];
    for (const [position, file] of files.entries()) {
      while (begun.state === "arriving" && received[position] < file.size) {
        show(received);
        const offset = received[position];
        const part = file.slice(offset, offset + Number(form.dataset.chunk));
        const headers = {
          ...token, "Content-Type": "application/octet-stream", "X-Offset": String(offset), "X-SHA256": await digest(part),
        };
        const answer = await ask(begun.chunks[position], { method: "POST", headers, body: part }, waiting);
        if (answer.state === "refused") throw new Refusal(answer.detail);
        received[position] = answer.received;
        if (answer.state !== "arriving") return;
      }
    }
  };

  const enable = (form) => {
    const part = (name) => form.querySelector(`[data-${name}]`);
    const [area, waiting, broken, refused] = ["progress", "waiting", "broken", "refused"].map(part);
    const bar = form.querySelector("progress");
    const input = form.elements.file;
    form.addEventListener("submit", async (event) => {
      const files = Array.from(input.files);
      if (!files.length) return;
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      const whole = files.reduce((sum, file) => sum + file.size, 0);
      const show = (received) => {
        bar.value = (100 * received.reduce((sum, each) => sum + each, 0)) / whole;
      };
      area.hidden = false;
      broken.hidden = refused.hidden = true;
      button.disabled = true;
      try {
        await send(form, files, show, waiting);
        window.location.assign(form.action);
      } catch (error) {
        if (error instanceof SignedOut) {
          window.location.assign(form.action); // leads to the sign-in page, and back here
          return;
        }
        area.hidden = true;
        button.disabled = false;
        if (error instanceof Refusal && error.message) {
          refused.textContent = error.message;
          refused.hidden = false;
        } else {
          broken.hidden = false;
        }
      }
    });
  };

  const watch = async (lines) => {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      await pause(LOOK_AGAIN);
      if (document.hidden || document.querySelector("[data-progress]:not([hidden])")) continue;
      for (const line of lines) {
        const answer = await fetch(line.dataset.checking, { credentials: "same-origin" }).catch(() => null);
        if (answer && answer.ok && (await answer.json()).state !== "checking") {
          window.location.reload();
          return;
        }
      }
    }
  };

  if (window.crypto && crypto.subtle && window.fetch) document.querySelectorAll("form[data-upload]").forEach(enable);
  const checking = document.querySelectorAll("[data-checking]");
  if (checking.length && window.fetch) watch(checking);
})();

// Finds the number that the server asks for, while somebody fills in the form. Without this script one waits a minute.
(() => {
  "use strict";

  const BATCH = 500;
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
  const hash = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(hex);

  const solve = async (asked) => {
    for (let first = 0; first < asked.maxnumber; first += BATCH) {
      const numbers = Array.from({ length: BATCH }, (_, index) => first + index);
      const found = await Promise.all(numbers.map((number) => hash(asked.salt + number)));
      const index = found.indexOf(asked.challenge);
      if (index >= 0) return first + index;
    }
    throw new Error("no number");
  };

  document.querySelectorAll("input[data-proof]").forEach((field) => {
    if (!window.crypto?.subtle) return;
    const asked = JSON.parse(atob(field.value));
    const working = document.getElementById(field.dataset.proof);
    let begun = null;
    let done = false;
    const begin = () => {
      begun ??= solve(asked).then((number) => {
        field.value = btoa(JSON.stringify({ ...asked, number }));
      }).catch(() => {}).finally(() => { done = true; });
      return begun;
    };

    if ("now" in field.dataset) begin();
    field.form.addEventListener("input", begin);
    field.form.addEventListener("submit", (event) => {
      if (done) return;
      event.preventDefault();
      const button = event.submitter;
      working.textContent = working.dataset.text;
      begin().then(() => {
        working.textContent = "";
        field.form.requestSubmit(button);
      });
    });
  });
})();

// Counts down until when a time is kept, and says so aloud when one minute is left. Without this script the page says
// until when, on the clock of the mission.
(() => {
  "use strict";

  const line = document.querySelector("[data-countdown]");
  if (!line) return;
  const end = Date.now() + Number(line.dataset.countdown) * 1000;
  const shown = line.querySelector("[data-left]");
  const aloud = line.querySelector("[data-aloud]");
  let isSent = false;

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left <= 60 && !aloud.textContent) aloud.textContent = line.dataset.warning;
    if (left === 0 && !isSent) window.location.reload();
    else if (left > 0) window.setTimeout(tick, 1000);
  };

  // What was sent in the last moment is answered by the server; loading the page anew would break it off.
  document.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  line.hidden = false;
  tick();
})();

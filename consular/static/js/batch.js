// Looks again how far a batch is, until nothing is left; without this script the link "Look again" does the same.
(() => {
  "use strict";

  const PAUSE = 2000;

  const look = async () => {
    const here = document.getElementById("batch");
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual", headers: { "X-By-Itself": "1" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = page.getElementById("batch");
      if (!there) return;
      if (!here.contains(document.activeElement)) here.replaceChildren(...there.childNodes);
      if ("left" in there.dataset) setTimeout(look, PAUSE);
      else here.removeAttribute("data-left");
    } catch {
      setTimeout(look, 5 * PAUSE);
    }
  };

  setTimeout(look, PAUSE);
})();

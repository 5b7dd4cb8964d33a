// Turns and enlarges the page of a document at once, and by keys while it is in focus. Without this script the links do it.
(() => {
  "use strict";

  const frame = document.querySelector("[data-viewer]");
  const tools = document.querySelector("[data-viewer-tools]");
  if (!frame || !tools) return;
  const svg = frame.querySelector("svg");
  const image = svg.querySelector("image");
  const status = document.querySelector("[data-status]");
  const width = Number(frame.dataset.width);
  const height = Number(frame.dataset.height);
  const most = Number(frame.dataset.most);
  let turn = Number(frame.dataset.turn);
  let zoom = Number(frame.dataset.zoom);

  const places = ["", `translate(${height} 0) rotate(90)`, `translate(${width} ${height}) rotate(180)`, `translate(0 ${width}) rotate(270)`];

  const show = (words) => {
    const lies = turn % 2 === 1;
    svg.setAttribute("viewBox", lies ? `0 0 ${height} ${width}` : `0 0 ${width} ${height}`);
    svg.setAttribute("class", `viewer-page zoom-${zoom}`);
    image.setAttribute("transform", places[turn]);
    for (const link of tools.querySelectorAll("a[href]")) {
      const address = new URL(link.href);
      if (link.dataset.turn || link.dataset.zoom) continue;
      address.searchParams.set("turn", turn);
      address.searchParams.set("zoom", zoom);
      link.href = address.href;
    }
    status.textContent = words;
  };

  const act = (link) => {
    if (link.dataset.turn) {
      turn = (turn + Number(link.dataset.turn) + 4) % 4;
      show(`${frame.dataset.turned}: ${90 * turn}°`);
    } else {
      zoom = Math.min(most, Math.max(1, zoom + Number(link.dataset.zoom)));
      show(`${frame.dataset.zoomed}: ${zoom}/${most}`);
    }
  };

  tools.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-turn], a[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(link);
  });

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const link = Array.from(tools.querySelectorAll("a[data-key]")).find((each) => each.dataset.key === key);
    if (!link && key !== "+" && key !== "-") return;
    event.preventDefault();
    if (link && !link.dataset.turn && !link.dataset.zoom) link.click();
    else act(link || { dataset: { zoom: key === "+" ? "1" : "-1" } });
  });

  document.querySelector("[data-keys]").hidden = false;
})();

// Shows the drawing of a process and marks in it what the list of steps says. Without this script the list stands alone.
(() => {
  "use strict";

  const MARKED = new Set(["done", "open", "late", "watching", "cancelled"]);
  const STEP = 60;
  const EDGE = 20;
  const READABLE = 0.8;

  const section = document.querySelector("[data-diagram]");
  if (!section || !window.BpmnJS || !window.fetch) return;
  const box = section.querySelector(".diagram");

  const steps = Array.from(document.querySelectorAll("[data-node]"), (line) => line.dataset);

  const badge = (state) => {
    const sign = document.createElement("span");
    sign.className = `mark mark--${state}`;
    sign.setAttribute("aria-hidden", "true");
    return sign;
  };

  const mark = (viewer) => {
    const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) => viewer.get(name));
    for (const { node, state } of steps) {
      if (!MARKED.has(state) || !registry.get(node)) continue;
      canvas.addMarker(node, `is-${state}`);
      overlays.add(node, { position: { top: -12, left: -12 }, scale: { min: 0.7 }, html: badge(state) });
    }
  };

  const views = (viewer) => {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const open = steps.filter(({ node, state }) => (state === "open" || state === "late") && registry.get(node));
    const innermost = open.filter(({ node }) => registry.get(node).type !== "bpmn:SubProcess");
    const [place] = innermost.length ? innermost : open;
    const times = (factor) => canvas.zoom(Math.min(4, Math.max(0.1, canvas.zoom() * factor)));
    const whole = () => canvas.zoom("fit-viewport", "auto");
    return {
      larger: () => times(1.25),
      smaller: () => times(0.8),
      whole,
      here: place && (() => {
        const { x, y, width, height } = registry.get(place.node);
        const scale = Math.max(canvas.zoom(), READABLE);
        canvas.zoom(scale);
        const { clientWidth, clientHeight } = box;
        const { inner } = canvas.viewbox();
        canvas.viewbox({
          x: Math.max(x + width / 2 - clientWidth / scale / 2, inner.x - EDGE),
          y: Math.max(y + height / 2 - clientHeight / scale / 2, inner.y - EDGE),
          width: clientWidth / scale,
          height: clientHeight / scale,
        });
      }),
    };
  };

  const listen = (viewer, view) => {
    const move = (dx, dy) => viewer.get("canvas").scroll({ dx, dy });
    const keys = {
      ArrowLeft: () => move(STEP, 0), ArrowRight: () => move(-STEP, 0),
      ArrowUp: () => move(0, STEP), ArrowDown: () => move(0, -STEP),
      "+": view.larger, "-": view.smaller, 0: view.whole,
    };
    box.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    for (const button of section.querySelectorAll("[data-view]")) {
      button.hidden = !view[button.dataset.view];
      button.addEventListener("click", () => view[button.dataset.view]());
    }
  };

  // A turned phone or a larger window: the box has another width, and the case would be out of sight.
  const follow = (viewer, view) => {
    let width = box.clientWidth;
    new ResizeObserver(() => {
      if (!box.clientWidth || !box.clientHeight || box.clientWidth === width) return; // nothing is drawn into no room
      width = box.clientWidth;
      viewer.get("canvas").resized();
      begin(viewer, view);
    }).observe(box);
  };

  const begin = (viewer, view) => {
    view.whole();
    if (view.here && viewer.get("canvas").zoom() < READABLE) view.here();
  };

  const show = async () => {
    section.hidden = false;
    const answer = await fetch(section.dataset.diagram, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const viewer = new window.BpmnJS({
      container: box,
      zoomScroll: { enabled: false },
      bpmnRenderer: {
        defaultFillColor: "var(--diagram-paper)",
        defaultStrokeColor: "var(--diagram-ink)",
        defaultLabelColor: "var(--diagram-ink)",
      },
    });
    await viewer.importXML(await answer.text());
    const svg = box.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", box.dataset.label);
    svg.setAttribute("aria-describedby", "diagram-help");
    mark(viewer);
    const view = views(viewer);
    listen(viewer, view);
    begin(viewer, view);
    follow(viewer, view);
    section.dataset.shown = "";
  };

  show().catch(() => {
    for (const part of section.querySelectorAll(".diagram, .diagram-tools, .legend, #diagram-help")) part.hidden = true;
    section.querySelector("[data-failed]").hidden = false;
  });
})();

// Drags an appointment onto a free time of the same calendar with room for all of it: that opens the form in which it is moved, with the time
// chosen. Nothing is moved before the button of that form is pressed; without this script the link "Move" leads there.
(() => {
  "use strict";

  let dragged = null;

  const fits = (slot) =>
    dragged &&
    slot.dataset.calendar === dragged.dataset.calendar &&
    Number(slot.dataset.room) >= Number(dragged.dataset.slots);

  for (const row of document.querySelectorAll("tr[data-moves]")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.id);
    });
    row.addEventListener("dragend", () => {
      dragged = null;
    });
  }

  for (const slot of document.querySelectorAll("tr[data-slot]")) {
    slot.addEventListener("dragover", (event) => {
      if (!fits(slot)) return;
      event.preventDefault();
      slot.classList.add("is-target");
    });
    slot.addEventListener("dragleave", () => slot.classList.remove("is-target"));
    slot.addEventListener("drop", (event) => {
      if (!fits(slot)) return;
      event.preventDefault();
      window.location.assign(`${dragged.dataset.moves}&slot=${encodeURIComponent(slot.dataset.slot)}`);
    });
  }
})();

// Columns of an export: arrows move a column, and the numbers follow.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-order]");
  if (!list) return;
  const number = (row) => row.querySelector("input");
  const chosen = () => [...list.children].filter((row) => number(row).value);
  const count = () => chosen().forEach((row, place) => { number(row).value = place + 1; });

  list.querySelectorAll(".moves").forEach((arrows) => { arrows.hidden = false; });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li");
    if (!number(row).value) {
      chosen().at(-1)?.after(row); // a column that was left out comes last
      number(row).value = chosen().length + 1;
    } else if (button.dataset.move === "up") {
      row.previousElementSibling?.before(row);
    } else if (number(row.nextElementSibling ?? row).value) {
      row.nextElementSibling?.after(row);
    }
    count();
    button.focus();
  });
});

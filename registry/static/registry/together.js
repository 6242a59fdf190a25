// An occasion for many: all ticked at once, who is due counted while it is typed, Enter goes down.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-together]");
  if (!form) return;
  const rows = [...form.querySelectorAll("tr[data-person]")];
  const tickOf = (row) => row.querySelector("input[type=checkbox]");
  const all = form.querySelector("[data-tick-all]");
  const status = form.querySelector("[data-ticked]");
  const due = form.querySelector("[data-due]");
  const excused = [...form.querySelectorAll("[data-excused] input")];

  /** A whole number as it is typed; nothing where it is none, about which the server says more. */
  const numberIn = (box) => {
    const text = box.value.normalize("NFKC").trim();
    if (!text) return 0;
    return /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  };

  const count = () => {
    const ticked = rows.filter((row) => tickOf(row).checked).length;
    status.textContent = ticked ? status.dataset.ticked.replace("%n", ticked) : "";
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
    if (!due) return;
    const entitled = form.elements.entitled;
    const left = excused.reduce((sum, box) => sum - numberIn(box), numberIn(entitled));
    due.textContent = entitled.value.trim() && !Number.isNaN(left) ? left : "–";
  };

  all.addEventListener("change", () => {
    rows.forEach((row) => { tickOf(row).checked = all.checked; });
    count();
  });
  form.addEventListener("input", (event) => {
    if (event.target === all) return; // its own change comes next
    const row = event.target.closest("tr[data-person]");
    // Whoever writes into a row means that person.
    if (row && event.target !== tickOf(row) && event.target.value) tickOf(row).checked = true;
    count();
  });
  form.addEventListener("change", count);
  window.addEventListener("pageshow", count);

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-person]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (event.target.matches("select") && event.key !== "Enter")) return;
    event.preventDefault(); // Enter sends the form only together with Ctrl
    const column = event.target.closest("td").cellIndex;
    const there = rows[rows.indexOf(row) + step]?.cells[column]?.querySelector("input, select");
    there?.focus();
    there?.select?.();
  });
  count();
});

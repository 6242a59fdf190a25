// Lists: actions wait for rows, filters keep empty answers out of the address.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".filter-form, .search-form").forEach((form) => {
    form.addEventListener("submit", () => {
      // The first entry of a select is what the list shows unasked.
      const asksNothing = (each) => !each.value || (each.matches("select") && !each.selectedIndex);
      const empty = [...form.elements].filter((each) => each.name && asksNothing(each));
      empty.forEach((each) => { each.disabled = true; });
      setTimeout(() => empty.forEach((each) => { each.disabled = false; }), 1000);
    });
  });

  const list = document.getElementById("changelist-form");
  const buttons = document.querySelectorAll("[data-needs-rows]");
  if (!list || !buttons.length) return;
  const mark = () => {
    const none = !list.querySelector("input.action-select:checked");
    buttons.forEach((button) => { button.disabled = none; });
  };
  list.addEventListener("change", () => setTimeout(mark));
  list.addEventListener("click", () => setTimeout(mark));
  window.addEventListener("pageshow", mark);
  mark();
});

// Forms of a record: Ctrl+Enter saves, a double click saves once, unsaved typing is not lost.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-guarded]");
  if (!form) return;
  let changed = form.hasAttribute("data-changed");
  let sent = false;

  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => { changed = true; });
  // select2 tells jQuery only
  if (window.django?.jQuery) {
    window.django.jQuery(form).on("select2:select select2:unselect", () => { changed = true; });
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // sent before: page.js has stopped it
    sent = true;
    // The pressed button must travel with the form, so the buttons grow pale only afterwards.
    setTimeout(() => {
      form.querySelectorAll("button[type=submit]").forEach((button) => {
        button.disabled = true;
      });
    });
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    form.querySelectorAll(".submit-row button").forEach((button) => { button.disabled = false; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault(); // the browser asks in its own words
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("[data-save]")?.click();
    }
  });

  const errors = document.getElementById("error-summary");
  errors?.focus();
  // A new record: the hands stay on the keyboard, and begin where nothing stands yet. Afterwards,
  // because select2 makes its boxes when the page is ready.
  if (!errors && form.hasAttribute("data-new")) {
    setTimeout(() => {
      const empty = [...form.elements].find((each) => (
        each.matches("input:not([type=hidden]), select, textarea") && !each.value
      ));
      const box = empty?.nextElementSibling?.querySelector(".select2-selection");
      (box || empty)?.focus({ preventScroll: true });
    });
  }
});

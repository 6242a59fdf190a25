// What every page does: light or dark, the folded sidebar, menus that close, "/" for the search.
"use strict";

{
  const root = document.documentElement;

  /** Keep a choice of this user on the server; the page does not wait for it. */
  const keep = (name, value) => {
    const form = document.querySelector("[data-theme-form]");
    if (!form) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append(name, value);
    fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  };

  document.addEventListener("DOMContentLoaded", () => {
    const theme = document.querySelector("[data-theme-form]");
    const mark = () => theme?.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === root.dataset.theme));
    });
    mark();
    theme?.addEventListener("submit", (event) => {
      event.preventDefault(); // without leaving a half-filled form
      root.dataset.theme = event.submitter.value;
      mark();
      keep("theme", root.dataset.theme);
      document.dispatchEvent(new Event("registry:theme"));
    });

    const toggle = document.getElementById("sidebar-toggle");
    toggle?.addEventListener("click", () => {
      const folded = root.dataset.sidebar !== "folded";
      if (folded) root.dataset.sidebar = "folded";
      else delete root.dataset.sidebar;
      toggle.setAttribute("aria-expanded", String(!folded));
      keep("sidebar", folded ? "folded" : "open");
    });

    const menus = () => document.querySelectorAll("details.menu[open], details.drop[open]");
    document.addEventListener("click", (event) => {
      menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
      }
      const writes = event.target.closest?.("input, textarea, select, [contenteditable]");
      const search = document.querySelector("[data-search]");
      if (event.key === "/" && !writes && search && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    });

    // A form that may be sent only once: a double click sends it once.
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!form.matches("[data-once]") || event.defaultPrevented) return;
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    window.addEventListener("pageshow", () => {
      document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
    });
    // select2 names its boxes after their value, which may be empty: name them after the label.
    const name = () => document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
      const label = select.labels?.[0];
      if (!label) return;
      label.id ||= `${select.id}_label`;
      const boxes = ".select2-selection, .select2-selection__rendered, .select2-search__field";
      select.parentElement.querySelectorAll(boxes)
        .forEach((box) => box.setAttribute("aria-labelledby", label.id));
    });
    // jQuery calls back in order: after Django's own script has made the boxes.
    window.django?.jQuery?.(name);
    document.addEventListener("formset:added", () => setTimeout(name));
    document.addEventListener("focusin", (event) => {
      const field = event.target;
      if (field.matches?.(".select2-search__field") && !field.hasAttribute("aria-labelledby")) {
        field.setAttribute("aria-label", document.title);
      }
    });

    // The text to copy stands selected beside its button, for browsers that let no script copy.
    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.addEventListener("click", () => {
        const text = document.querySelector("[data-copied]");
        text.select();
        navigator.clipboard?.writeText(text.value);
      });
    });

    // What is folded on the screen stands on the paper.
    window.addEventListener("beforeprint", () => {
      document.querySelectorAll("details[data-printed]").forEach((each) => { each.open = true; });
    });
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.addEventListener("click", () => window.print());
    });
  });
}

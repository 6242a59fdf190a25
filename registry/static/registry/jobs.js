// How far the work on an upload is: asked anew every few seconds, without losing the focus.
"use strict";
(() => {
  const EVERY = 2_000;

  const ask = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (answer) {
      const text = answer.ok ? await answer.text() : "";
      const there = new DOMParser().parseFromString(text, "text/html");
      const now = there.querySelector("[data-how-far]");
      if (!now) {
        location.reload();
        return;
      }
      document.querySelector("[data-how-far]").replaceWith(now);
    }
    setTimeout(ask, EVERY);
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (document.querySelector("[data-how-far]")) setTimeout(ask, EVERY);
  });
})();

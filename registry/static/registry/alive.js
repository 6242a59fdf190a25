// Typing is work: tells the server so, at most once a minute, so that the session does not end
// under the clerk's hands. When it has ended all the same, says so above the page.
"use strict";
(() => {
  const EVERY = 60_000;
  const address = document.currentScript.dataset.url;
  let told = Date.now();

  const token = () => {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  };

  const say = (text) => {
    const id = "session-ended";
    if (document.getElementById(id)) return;
    const line = document.createElement("p");
    line.id = id;
    line.className = "errornote";
    line.setAttribute("role", "alert");
    line.textContent = text;
    const place = document.getElementById("content") || document.body;
    place.prepend(line);
  };

  const tell = async () => {
    if (Date.now() - told < EVERY) return;
    told = Date.now();
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": token() },
        credentials: "same-origin",
      });
      if (answer.status === 401) say(await answer.text());
    } catch {
      // The network is away for a moment; the next key tries again.
    }
  };

  for (const kind of ["input", "keydown", "pointerdown"]) {
    document.addEventListener(kind, tell, { passive: true });
  }
})();

// Single keys in the queue of suggestions; every one has a button, and they can be switched off.
"use strict";
(() => {
  const queue = document.querySelector("[data-queue]");
  const keys = document.querySelector("[data-keys]");
  const box = document.getElementById("keys-on");
  const stored = "verbund.queue.keys";
  let on = localStorage.getItem(stored) !== "off";
  if (keys) keys.hidden = false;
  if (box) {
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      localStorage.setItem(stored, on ? "on" : "off");
    });
  }
  const actions = {
    z: () => document.querySelector(".toasts form button")?.click(),
    "?": () => document.getElementById("keys")?.togglePopover(),
    x: (target) => {
      target.open = !target.open;
      target.querySelector("summary").focus();
    },
    w: (target) => {
      target.open = true;
      target.querySelector("textarea").focus();
    },
  };
  // While something is typed, only these two count: send it, or be done with the field.
  const typed = (event) => {
    if (event.key === "Escape") event.target.blur();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.id === "introduce")
      queue.querySelector("button[form=introduce]")?.click();
  };
  document.addEventListener("keydown", (event) => {
    const focus = event.target;
    const here = focus === document.body || focus.id === "main" || queue.contains(focus);
    if (!here || event.repeat) return;
    if (focus.closest("input, textarea, select, [contenteditable]")) {
      if (on) typed(event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (!on && key !== "?") return;
    const target = queue.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const isThere = target?.checkVisibility();
    const action = actions[key] ?? (isThere && (() => target.click()));
    if (!action || ("wx".includes(key) && !isThere)) return;
    event.preventDefault();
    action(target);
  });
})();

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
      target.open = true;
      target.querySelector("select").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const focus = event.target;
    const here = focus === document.body || focus.id === "main" || queue.contains(focus);
    const typing = focus.closest("input, textarea, select, [contenteditable]");
    if (!here || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.toLowerCase();
    if (!on && key !== "?") return;
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const action = actions[key] ?? (target && (() => target.click()));
    if (!action || (key === "x" && !target)) return;
    event.preventDefault();
    action(target);
  });
})();

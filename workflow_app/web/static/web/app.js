// Small help on top of pages that work without it: one submit at a time, focus where something happened, print.

"use strict";

// Focus moves to where something happened, once.
function focusWhereMarked() {
  const element = document.querySelector('[data-focus=""]');
  if (!element) return;
  element.dataset.focus = "done";
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus();
}

// A second click while the first is on its way would only be answered with the first one's result.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "true") {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.matches("[hx-post]")) form.dataset.sent = "true";
});

// A page restored by the back button may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

document.addEventListener("DOMContentLoaded", focusWhereMarked);

document.addEventListener("htmx:after:swap", focusWhereMarked);

// A row that came or went is something written: the draft is to know.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement.name !== "rows") return;
  document.getElementById("fields").dispatchEvent(new Event("input", { bubbles: true }));
});

// A draft that could not be kept: nobody must believe that it was.
function draftFailed(event) {
  if (event.target.id !== "draft") return;
  const { ctx } = event.detail;
  const kept = event.type === "htmx:after:request" && !ctx.response.raw.redirected;
  if (kept || ctx?.response?.status === 409) return;
  const state = document.getElementById("draft-state");
  state.textContent = state.dataset.failed;
}

for (const type of ["htmx:after:request", "htmx:response:error", "htmx:error"]) {
  document.addEventListener(type, draftFailed);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A suggestion from a register fills in the field it was searched from.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-pick]");
  if (!choice) return;
  const field = document.getElementById(choice.dataset.field);
  field.value = choice.dataset.pick;
  field.focus();
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
});

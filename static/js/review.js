// Of the review and reassess screens: single keys that move the focus and do nothing else; and what is typed in one
// form is still there after another was sent.
const KEY = "desk.shortcuts";
const help = document.getElementById("shortcuts");
const on = document.getElementById("shortcuts-on");

const isOn = () => localStorage.getItem(KEY) !== "off";
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const stops = () => [...document.querySelectorAll("[data-stop]")].filter((stop) => stop.checkVisibility());
let last = null;

const go = (element) => {
  element?.focus();
  element?.scrollIntoView({ block: "center" });
};

function step(by) {
  const all = stops();
  const at = all.indexOf(last);
  go(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

// A button that is not open to this person has its reason beside it.
function button(name) {
  const found = document.querySelector(`button[name=${name}]`);
  const reason = found?.disabled ? document.getElementById(found.getAttribute("aria-describedby")) : null;
  if (reason) reason.tabIndex = -1;
  go(reason ?? found);
}

function note() {
  const select = document.getElementById("remark-paragraph");
  if (!select) return;
  if (last?.dataset.paragraph) select.value = last.dataset.paragraph;
  go(document.getElementById("remark-text"));
}

function showHelp() {
  help.open = true;
  go(help.querySelector("summary"));
}

const keys = {
  j: () => step(1),
  n: () => step(1),
  k: () => step(-1),
  p: () => step(-1),
  v: () => go((last?.matches("[data-citation]") ? last : document).querySelector("[data-verify]")),
  c: note,
  a: () => button("approve"),
  r: () => button("request_changes"),
  "?": showHelp,
};

const KEPT = `desk.typed ${location.pathname}`;
document.addEventListener("submit", ({ target }) => {
  const typed = [...document.querySelectorAll("textarea[id]")].filter((box) => box.form !== target && box.value);
  sessionStorage.setItem(KEPT, JSON.stringify(typed.map((box) => [box.id, box.value])));
});
for (const [id, text] of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) {
  const box = document.getElementById(id);
  if (box && !box.value) box.value = text;
}
sessionStorage.removeItem(KEPT);

if (help) {
  help.hidden = false;
  on.checked = isOn();
  on.addEventListener("change", () => localStorage.setItem(KEY, on.checked ? "on" : "off"));
  document.addEventListener("focusin", ({ target }) => (last = target.closest("[data-stop]") ?? last));
  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || !isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    event.preventDefault();
    act();
  });
  // After verifying, or writing a note: back where one was.
  if (location.hash) go(document.getElementById(location.hash.slice(1)));
}

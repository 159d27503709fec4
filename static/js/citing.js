// Citing in the article's form: the order of the citations and their numbers as readers will see them, their marks in
// the text, and what a worker finds on the page of an address. Marks carry keys, which no order changes.
const here = document.getElementById("citing");
const list = document.getElementById("citations-data");
const status = here.querySelector("[role=status]");
const say = (text, values = {}) => (status.textContent = text.replace(/\{(\w+)\}/g, (_all, name) => values[name]));

const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);
const rows = () => [...list.querySelectorAll(":scope > .form-group:not(.empty-form, [hidden])")];
const counted = () => rows().filter((row) => !cell(row, "DELETE")?.checked);
const tell = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

// --- keys: of saved citations the server's; a new one has the next that was never given ---------------------------

const fixed = (row) => Number(cell(row, "url").dataset.key || cell(row, "mark").value);

function* free() {
  const taken = new Set(rows().map(fixed));
  for (let key = Number(here.dataset.lastKey) + 1; ; key++) if (!taken.has(key)) yield key;
}

function keys() {
  const next = free();
  return new Map(rows().map((row) => [row, fixed(row) || next.next().value]));
}

function keep(row) {
  const key = keys().get(row);
  if (!fixed(row)) cell(row, "mark").value = key;
  return key;
}

// What the text editor (prose.js) asks for.
window.citations = {
  all: () => counted().map((row, at) => `[${at + 1}] ${cell(row, "title").value || cell(row, "url").value}`),
  number(key) {
    const all = keys();
    return counted().findIndex((row) => all.get(row) === Number(key)) + 1;
  },
  key(number) {
    const all = counted();
    if (number <= all.length) return keep(all[number - 1]);
    const next = free(); // a citation that is still to be added
    for (let left = number - all.length + all.filter((row) => !fixed(row)).length; left > 1; left--) next.next();
    return next.next().value;
  },
};

// --- numbers and order -------------------------------------------------------------------------------------------

function draw() {
  const all = counted();
  for (const row of rows()) {
    if (!fixed(row) && cell(row, "url").value) keep(row);
    const title = row.querySelector("h3 strong");
    title.dataset.words ??= fixed(row) && cell(row, "url").dataset.key ? title.textContent.replace(/^\[\d+\] /, "") : here.dataset.new;
    const number = all.indexOf(row) + 1;
    title.textContent = number ? `[${number}] ${title.dataset.words}` : title.dataset.words;
    row.querySelector("[name=up]").disabled = row === rows()[0];
    row.querySelector("[name=down]").disabled = row === rows().at(-1);
  }
  for (const mark of document.querySelectorAll(".ProseMirror sup[data-cite]")) number(mark);
}

function number(mark) {
  const found = window.citations.number(mark.dataset.cite);
  mark.dataset.number = found || `${mark.dataset.cite}?`;
}

let moved = false;

function write() {
  moved = true;
  rows().forEach((row, at) => {
    const blank = !fixed(row) && !cell(row, "url").value; // with a place it would be saved
    cell(row, "position").value = blank ? 0 : at + 1;
  });
  window.applyLastClass?.(list); // the theme's: the last has no line below it
  draw();
}

function move(row, button) {
  const all = rows(), at = all.indexOf(row);
  if (button.name === "up") all[at - 1].before(row);
  else all[at + 1].after(row);
  write();
  tell(list); // for whoever keeps what is typed
  (button.disabled ? row.querySelector("button[name=up]:enabled, button[name=down]:enabled") : button)?.focus();
  say(here.dataset.moved, { number: counted().indexOf(row) + 1, count: counted().length });
}

// --- marks in the text -------------------------------------------------------------------------------------------

const TEXT = ".ProseMirror[role=textbox]";
let text = null; // the last that was typed in
document.addEventListener("focusin", ({ target }) => (text = target.closest(TEXT) ?? text));

function cite(row) {
  const seen = (box) => box?.isConnected && box.checkVisibility();
  const box = seen(text) ? text : [...document.querySelectorAll(TEXT)].find(seen);
  if (!box) return say(here.dataset.noText);
  box.editor.chain().focus().insertContent({ type: "citationMark", attrs: { key: String(keep(row)) } }).run();
  say(here.dataset.cited, { number: counted().indexOf(row) + 1 });
}

// --- what is known of an address ---------------------------------------------------------------------------------

const EVERY = 2000, TIMES = 15;

async function ask(row, post, signal) {
  const asked = new URLSearchParams({ url: cell(row, "url").value, archive_url: cell(row, "archive_url").value });
  const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  const answer = post
    ? await fetch(here.dataset.url, { method: "POST", body: asked, headers, signal })
    : await fetch(`${here.dataset.url}?${asked}`, { signal });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return answer.text();
}

async function look(row, post = true) {
  const shown = row.querySelector(".desk-known");
  row.asking?.abort();
  row.asking = new AbortController();
  row.lookedAt = cell(row, "url").value;
  if (!cell(row, "url").value.trim()) return shown.replaceChildren();
  const { signal } = row.asking;
  try {
    for (let time = 0; time <= TIMES; time++) {
      const html = await ask(row, post && !time, signal);
      if (signal.aborted) return;
      if (shown.dataset.html !== html) shown.innerHTML = shown.dataset.html = html; // else it would be read out again
      if (!shown.querySelector("[data-look=awaited]")) return;
      await new Promise((done) => setTimeout(done, EVERY));
      if (signal.aborted) return;
    }
    shown.querySelector("[data-look] .desk-quiet").textContent = here.dataset.noAnswer;
  } catch {
    if (!signal.aborted) shown.textContent = here.dataset.broken;
  }
  delete shown.dataset.html;
}

function fill(row, { fill, value }) {
  const field = cell(row, fill);
  field.value = value;
  tell(field);
  field.focus();
}

// --- the rows ----------------------------------------------------------------------------------------------------

function dress(row) {
  row.classList.remove("template"); // which the theme lets nobody drag
  const bar = here.querySelector("template").content.cloneNode(true).firstElementChild;
  cell(row, "url").after(bar);
  cell(row, "position").closest(".field-position").hidden = true; // what the buttons write
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.fill) fill(row, button.dataset);
    else if (button.name === "cite") cite(row);
    else if (button.name === "look") look(row);
    else move(row, button);
  });
}

// A new citation is given up: blank again, and so not saved. The theme would count the others anew, by where they stand,
// and lose what is typed in them.
function drop(row) {
  const blank = list.querySelector(":scope > .empty-form");
  for (const field of row.querySelectorAll("[name]")) {
    const [name] = field.name.match(/[^-]+$/);
    if (cell(blank, name)) Object.assign(field, { value: cell(blank, name).value, checked: cell(blank, name).checked });
  }
  row.hidden = true;
  tell(list);
}

list.addEventListener("click", (event) => {
  if (!event.target.closest(".delete-template")) return;
  event.stopImmediatePropagation();
  drop(event.target.closest(".form-group"));
}, true);
list.addEventListener("change", ({ target }) => {
  const row = target.closest(".form-group");
  if (/-url$/.test(target.name) && row.lookedAt !== target.value) look(row);
  if (/-archive_url$/.test(target.name)) look(row, false);
  if (moved) write();
  else draw();
});
list.addEventListener("paste", ({ target }) => {
  if (target.name?.endsWith("-url")) setTimeout(() => tell(target));
});
list.addEventListener("end", () => setTimeout(() => (write(), tell(list)))); // after the theme, which counts the saved alone
document.addEventListener("formset:added", ({ target }) => {
  const row = target.closest(".form-group"); // the theme tells it of what is inside
  if (row?.parentElement !== list) return;
  dress(row);
  draw();
});

here.querySelector("p").hidden = false;
const place = (row) => (Number(cell(row, "position").value) || (cell(row, "id").value ? 0 : Infinity));
const ordered = rows().sort((one, other) => place(one) - place(other) || 0); // shown again, they stand in the saved order
if (ordered.some((row, at) => row !== rows()[at])) list.prepend(...ordered);
ordered.forEach(dress);
draw();

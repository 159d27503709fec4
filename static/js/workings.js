// Of the article's form: after each pause in the typing asks the server for the workings of what stands in it, and shows
// the answer. No arithmetic and no sentence is made here. What was saved comes back where there is no answer.
const panel = document.getElementById("workings");
const form = document.getElementById("article_form");
const said = panel.querySelector("[role=status]");
const shown = said.nextElementSibling;
const saved = shown.innerHTML;

const PARTS = /^(citations-(?!__prefix__)|choice-|kind$|opened$|csrfmiddlewaretoken$)/;
const typed = () => [...new FormData(form)].filter(([name, value]) => PARTS.test(name) && typeof value === "string");

let last = panel.dataset.typed ? "" : new URLSearchParams(typed()).toString();
let request, timer;

async function ask() {
  const now = new URLSearchParams(typed());
  if (now.toString() === last) return;
  last = now.toString();
  request?.abort();
  const { signal } = (request = new AbortController());
  now.set("was", shown.firstElementChild.dataset.percent);
  let answer, sentence;
  try {
    const response = await fetch(panel.dataset.url, { method: "POST", body: now, redirect: "error", signal });
    if (!response.ok) throw new Error(response.statusText);
    answer = await response.text();
  } catch {
    if (signal.aborted) return;
    [answer, sentence, last] = [saved, panel.dataset.failed, ""];
  }
  if (signal.aborted) return;
  shown.innerHTML = answer;
  sentence ??= shown.firstElementChild.dataset.said;
  if (sentence) said.textContent = sentence;
}

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 400);
};
for (const event of ["input", "change", "click", "pointerup", "dragend"]) form.addEventListener(event, soon);
for (const event of ["formset:added", "formset:removed"]) document.addEventListener(event, soon);
window.django?.jQuery(form).on("change", soon); // the admin's choosers tell nobody else
soon();

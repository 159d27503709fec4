// Keeps what is typed into the article's form in this browser until it is saved: an expired session or a crash loses
// nothing. It sends nothing by itself; restoring posts the form, which the server shows again without saving it.
const bar = document.getElementById("drafts");
const form = bar.dataset.article && document.getElementById("article_form");
const own = `newsroom-draft:${bar.dataset.user}:`;
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(own));

for (const number of bar.dataset.saved.split(" ").filter(Boolean))
  keys().filter((key) => key.endsWith(`:${number}`)).forEach((key) => localStorage.removeItem(key));

document.querySelector(".desk-clashes")?.focus(); // `autofocus` comes and goes with the theme's own scripts

if (form) {
  const article = `${own}${bar.dataset.article}:`;
  const number = form.elements.draft;
  const begun = Boolean(number.value); // shown again by the server: none of it is saved
  const newNumber = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  if (!begun) number.value = newNumber();
  form.autocomplete = "off"; // old words put back by the browser, beside a newer `opened`, would look typed

  const fields = () =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/csrf|__prefix__/.test(name));
  const words = (list) => JSON.stringify(list.filter(([name]) => !["draft", "opened", "beside"].includes(name)));
  const atFirst = words(fields());
  let last = atFirst;

  const keep = () => {
    const list = fields(), now = words(list), key = article + number.value;
    if (now === last) return;
    last = now;
    try {
      if (now === atFirst && !begun) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: list }));
    } catch {
      // Full, or forbidden by the browser: typing goes on.
    }
  };
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  };
  for (const event of ["input", "change", "formset:added", "formset:removed"]) form.addEventListener(event, soon);
  window.django?.jQuery(form).on("change", soon); // the admin's choosers tell nobody else
  form.addEventListener("submit", keep);
  window.addEventListener("pagehide", keep);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) number.value = newNumber(); // back from a save: the old number is done with
  });

  const drafts = keys()
    .filter((key) => key.startsWith(article) && key !== article + number.value)
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }))
    .filter(({ key, fields }) => words(fields) !== atFirst || localStorage.removeItem(key));
  for (const { key, at, fields } of drafts.sort((a, b) => b.at - a.at)) {
    const offer = bar.querySelector("template").content.cloneNode(true).firstElementChild;
    const time = offer.querySelector("time");
    time.dateTime = new Date(at).toISOString();
    time.textContent = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    offer.querySelector("[name=restore]").addEventListener("click", () => {
      const post = bar.querySelector("form");
      for (const [name, value] of fields) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        post.append(input);
      }
      post.submit();
    });
    offer.querySelector("[name=discard]").addEventListener("click", () => {
      localStorage.removeItem(key);
      offer.remove();
      bar.hidden = !bar.querySelector("p");
    });
    bar.append(offer);
    bar.hidden = false;
  }
}

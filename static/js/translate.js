// Of the translator's screen: the numbers of citation marks in the text, and the paragraph of the source that is level
// with the one being written.
const shared = document.getElementById("shared-citations");
const all = [...shared.querySelectorAll("[data-key]")].map((item) => item.dataset);

// What the text editor (prose.js) asks for; citations are added in the article's own form.
window.citations = {
  all: () => all.map(({ title }, at) => `[${at + 1}] ${title}`),
  number: (key) => all.findIndex((each) => each.key === String(key)) + 1,
  key: (number) => Number(all[number - 1]?.key ?? Number(shared.dataset.lastKey) + number - all.length),
};
for (const mark of document.querySelectorAll(".ProseMirror sup[data-cite]"))
  mark.dataset.number = window.citations.number(mark.dataset.cite) || `${mark.dataset.cite}?`;

const source = document.getElementById("source-text");
const theirs = [...(source?.querySelectorAll("[data-paragraph]") ?? [])];
const headings = theirs.filter((block) => block.dataset.heading);
const isHeading = (block) => /^H[23]$/.test(block.tagName);

// As many paragraphs after the heading that as many headings come before.
function partner(mine, block) {
  const before = mine.slice(0, mine.indexOf(block) + 1);
  const last = before.findLastIndex(isHeading);
  const start = last < 0 ? 0 : theirs.indexOf(headings[before.filter(isHeading).length - 1]);
  if (start < 0) return null;
  const next = theirs.findIndex((each, at) => at > start && each.dataset.heading);
  return theirs[Math.min(start + before.length - 1 - Math.max(last, 0), (next < 0 ? theirs.length : next) - 1)];
}

let level = null;
function follow() {
  const node = document.getSelection().anchorNode;
  const box = (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".ProseMirror[role=textbox]");
  if (!box) return;
  const holds = (block) => block.contains(node);
  const mine = [...box.querySelectorAll("p, h2, h3")].filter(
    (block) => holds(block) || block.textContent.trim() || block.querySelector("sup"),
  );
  const block = mine.find(holds);
  const found = block && partner(mine, block);
  if (!found || found === level) return;
  level?.removeAttribute("aria-current");
  level = found;
  level.setAttribute("aria-current", "true");
  const top = (element) => element.getBoundingClientRect().top;
  const beside = top(block) - top(source); // beyond its end where the one is above the other
  const room = source.clientHeight - level.offsetHeight;
  source.scrollTop += top(level) - top(source) - (beside < 0 || beside > source.clientHeight ? 0 : Math.max(0, Math.min(beside, room)));
}
if (theirs.length) document.addEventListener("selectionchange", follow);

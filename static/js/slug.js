// What an address is made of where none is typed, shown in its empty field: as sources/slugs.py makes it on saving.
const MOST = 80;

export function slug(text) {
  const plain = text.replace(/[đĐ]/g, "d").normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase();
  const whole = plain.replace(/[^\w\s-]/g, "").replace(/[-\s]+/g, "-").replace(/^[-_]+|[-_]+$/g, "");
  if (whole.length <= MOST) return whole;
  const cut = whole.slice(0, MOST + 1).lastIndexOf("-");
  return cut > 0 ? whole.slice(0, cut) : whole.slice(0, MOST);
}

for (const field of document.querySelectorAll("[data-slug-from]")) {
  const names = field.dataset.slugFrom.split(" ").map((name) => field.form?.elements[name]).filter(Boolean);
  const show = () => (field.placeholder = slug(names.find((name) => name.value.trim())?.value ?? ""));
  for (const name of names) name.addEventListener("input", show);
  show();
}

// Of the article's form: the lead picture is seen where it is chosen and once it is. Without this its name says which.
const $ = window.django.jQuery;
const select = document.getElementById("id_lead");

function thumbnail(pk) {
  const image = new Image(96, 64);
  image.className = "desk-thumbnail";
  image.alt = "";
  image.src = document.getElementById("lead-pictures").dataset.url.replace("/0/", `/${pk}/`);
  return image;
}

function begin() {
  const chosen = document.createElement("p");
  select.closest(".related-widget-wrapper, div").after(chosen);
  const show = () => chosen.replaceChildren(...(select.value ? [thumbnail(select.value)] : []));
  $(select).on("change", show);
  show();
  const options = $(select).data("select2")?.options.options;
  if (options) {
    options.templateResult = ({ id, text }) => {
      const row = document.createElement("span");
      row.className = "desk-suggested";
      row.append(...(id ? [thumbnail(id)] : []), text);
      return row;
    };
  }
}

if (select) $(begin); // after the theme has made its lists of suggestions

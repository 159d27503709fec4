// What the text editor has beyond its own: citation marks, pictures of the desk, the language of foreign words, and a
// name for its text box.
import { Extension, InputRule, Mark, Node, gettext, updateAttrsDialog } from "django-prose-editor/editor";

// The key of the citation that has this number in the form (citing.js).
const keyOf = (number) => String(window.citations?.key(Number(number)) ?? number);

export const CitationMark = Node.create({
  name: "citationMark",
  group: "inline",
  inline: true,
  atom: true,

  addAttributes() {
    return { key: { parseHTML: (sup) => sup.dataset.cite, renderHTML: ({ key }) => ({ "data-cite": key }) } };
  },
  parseHTML: () => [{ tag: "sup[data-cite]" }],
  renderHTML: ({ HTMLAttributes }) => ["sup", HTMLAttributes],

  // A mark keeps the key of its citation; what is seen is the number that readers will see.
  addNodeView: () => ({ node }) => {
    const dom = document.createElement("sup");
    dom.dataset.cite = node.attrs.key;
    dom.dataset.number = window.citations?.number(node.attrs.key) || `${node.attrs.key}?`;
    return { dom };
  },

  // Typing [2] is enough.
  addInputRules() {
    return [
      new InputRule({
        find: /\[([1-9][0-9]{0,2})\]$/,
        handler: ({ state, range, match }) =>
          void state.tr.replaceWith(range.from, range.to, this.type.create({ key: keyOf(match[1]) })),
      }),
    ];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "citationMark",
      groups: "link",
      button: buttons.text("[1]", gettext("Mark a citation")),
      command: async (editor) => {
        const all = window.citations?.all() ?? [];
        const typed = { format: "number", min: 1, required: true };
        const number = { type: "string", title: gettext("Number of the citation"), ...(all.length ? { enum: all, default: all[0] } : typed) };
        const chosen = await updateAttrsDialog({ number }, { title: gettext("Mark a citation") })(editor, {});
        const key = chosen?.number && keyOf(chosen.number.match(/[0-9]+/)[0]);
        if (key) editor.chain().focus().insertContent({ type: this.name, attrs: { key } }).run();
      },
    });
  },
});

// A picture between paragraphs, by its number: what is said of it is the desk's, in each language.
export const TextPicture = Node.create({
  name: "textPicture",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return { photo: { parseHTML: (figure) => figure.dataset.photo, renderHTML: ({ photo }) => ({ "data-photo": photo }) } };
  },
  parseHTML: () => [{ tag: "figure[data-photo]" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],

  addNodeView: () => ({ node, editor }) => {
    const dom = document.createElement("figure");
    dom.dataset.photo = dom.textContent = node.attrs.photo;
    found(editor, { photo: node.attrs.photo }).then((choices) => {
      const said = choices.querySelector("button")?.childNodes;
      dom.replaceChildren(...(said ?? [`#${node.attrs.photo}: ${chooser().dataset.lost}`]));
    });
    return { dom };
  },

  addCommands() {
    return {
      choosePicture: () => ({ editor }) => {
        choosePicture(editor, this.name);
        return true;
      },
    };
  },
  addKeyboardShortcuts() {
    return { "Mod-Alt-p": () => this.editor.commands.choosePicture() };
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: this.name,
      groups: "link",
      button: buttons.material("image", gettext("Insert a picture")),
      command: (editor) => editor.commands.choosePicture(),
    });
  },
});

const chooser = () => document.getElementById("choose-picture");

async function found(editor, asked, signal) {
  const query = new URLSearchParams({ ...asked, language: languageOf(editor) });
  const choices = document.createElement("div");
  const answer = await fetch(`${chooser().dataset.url}?${query}`, { signal, redirect: "error" }).catch(() => null);
  if (answer?.ok) choices.innerHTML = await answer.text();
  return choices;
}

// Into the text behind the paragraph that is being written, or before it while it is empty.
function choosePicture(editor, name) {
  const dialog = chooser(), search = dialog.querySelector("input"), list = dialog.querySelector(".desk-found");
  let asking;
  const look = async () => {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    const choices = await found(editor, { q: search.value }, signal);
    if (!signal.aborted) list.replaceChildren(...choices.childNodes);
  };
  search.oninput = look;
  dialog.onclick = ({ target }) => {
    if (target.closest("[name=cancel]")) dialog.close();
    const photo = target.closest("[data-photo]")?.dataset.photo;
    if (!photo) return;
    dialog.close();
    const { $to } = editor.state.selection;
    const at = !$to.depth ? $to.pos : $to.parent.content.size ? $to.after(1) : $to.before(1);
    const stay = { updateSelection: false }; // what is typed next would take its place
    editor.chain().focus().insertContentAt(at, { type: name, attrs: { photo } }, stay).run();
  };
  dialog.onclose = () => editor.commands.focus();
  search.value = "";
  list.replaceChildren();
  dialog.showModal();
  look();
}

// The languages that words are most often quoted in; any other is typed.
const QUOTED = "vi en fr de es pt it nl ru uk zh ja ko th lo km id ar he fa hi la el".split(" ");
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/;

// Which of the site's languages a text is in: its field is called after it.
const languageOf = (editor) => editor.options.element.querySelector("textarea")?.name.split("_")[1];
const own = (editor, lang) => lang.split("-")[0] === languageOf(editor);

// Names and quotes in another language than the text's say so, for readers who are read to.
export const ForeignWords = Mark.create({
  name: "foreignWords",
  inclusive: false,

  addAttributes: () => ({ lang: { default: null } }),
  // What is pasted often says at every word that it is in the language it is in anyway.
  parseHTML() {
    return [{ tag: "span[lang]", getAttrs: ({ lang }) => LANGUAGE.test(lang) && !own(this.editor, lang) && { lang } }];
  },
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],

  addCommands() {
    return {
      chooseLanguage: () => ({ editor }) => {
        choose(editor, this.name);
        return true;
      },
    };
  },
  addKeyboardShortcuts() {
    return { "Mod-Alt-l": () => this.editor.commands.chooseLanguage() };
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: this.name,
      groups: "marks",
      button: buttons.material("translate", gettext("Language of these words")),
      command: (editor) => editor.commands.chooseLanguage(),
      active: (editor) => editor.isActive(this.name),
      enabled: (editor) => !editor.state.selection.empty || editor.isActive(this.name),
    });
  },
});

async function choose(editor, name) {
  const names = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
  const none = gettext("as the text"), other = gettext("another, by its code");
  const titles = new Map(QUOTED.filter((code) => !own(editor, code)).map((code) => [`${names.of(code)} (${code})`, code]));
  const now = editor.getAttributes(name).lang;
  const shown = now && ([...titles].find(([, code]) => code === now)?.[0] ?? other);
  const fields = {
    language: { type: "string", title: gettext("Language of these words"), enum: [none, ...titles.keys(), other], default: none },
    code: { type: "string", title: gettext("Its code, as in “sv” or “pt-BR”") },
  };
  const chosen = await updateAttrsDialog(fields, { title: gettext("Language of these words") })(editor, { language: shown ?? none, code: shown === other ? now : "" });
  if (!chosen) return;
  const lang = titles.get(chosen.language) ?? (chosen.language === other ? (chosen.code ?? "").trim() : "");
  const chain = editor.chain().focus().extendMarkRange(name);
  if (LANGUAGE.test(lang) && !own(editor, lang)) chain.setMark(name, { lang }).run();
  else if (chosen.language === none) chain.unsetMark(name).run();
}

// What the library says of itself in English alone, or by a catalogue that has no Vietnamese: looked up in ours.
export const LIBRARY = [
  gettext("paragraph"), gettext("Paragraph"), gettext("Heading 2"), gettext("Heading 3"), gettext("unordered list"),
  gettext("ordered list"), gettext("blockquote"), gettext("bold"), gettext("italic"), gettext("insert link"),
  gettext("remove link"), gettext("undo"), gettext("redo"), gettext("Edit Link"), gettext("URL"), gettext("Title"),
  gettext("Update"), gettext("Cancel"),
];

function translateMenu({ options: { element } }) {
  for (const button of element.querySelectorAll(".prose-menubar [title]")) {
    button.title = gettext(button.title);
    button.setAttribute("aria-label", button.title);
  }
  for (const option of element.querySelectorAll(".prose-menubar__option > *")) option.textContent = gettext(option.textContent);
}

// ProseMirror's box has no name of its own: it takes that of the field it stands for.
export const FieldLabel = Extension.create({
  name: "fieldLabel",
  onCreate({ editor }) {
    const field = editor.options.element.querySelector("textarea");
    const label = field?.id && document.querySelector(`label[for="${field.id}"]`);
    if (label) editor.view.dom.setAttribute("aria-label", label.textContent.trim().replace(/\s+/g, " "));
    editor.view.dom.setAttribute("aria-multiline", "true");
    editor.view.dom.setAttribute("role", "textbox");
    translateMenu(editor);
  },
  onTransaction: ({ editor }) => translateMenu(editor), // the menu shows what was chosen in its own words again
});

// What the text editor has beyond its own: citation marks, and a name for its text box.
import { Extension, InputRule, Node, gettext, updateAttrsDialog } from "django-prose-editor/editor";

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

// ProseMirror's box has no name of its own: it takes that of the field it stands for.
export const FieldLabel = Extension.create({
  name: "fieldLabel",
  onCreate({ editor }) {
    const field = editor.options.element.querySelector("textarea");
    const label = field?.id && document.querySelector(`label[for="${field.id}"]`);
    if (label) editor.view.dom.setAttribute("aria-label", label.textContent.trim().replace(/\s+/g, " "));
    editor.view.dom.setAttribute("aria-multiline", "true");
    editor.view.dom.setAttribute("role", "textbox");
  },
});

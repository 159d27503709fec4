// What the text editor has beyond its own: citation marks, and a name for its text box.
import { Extension, InputRule, Node, gettext, updateAttrsDialog } from "django-prose-editor/editor";

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

  // Typing [2] is enough.
  addInputRules() {
    return [
      new InputRule({
        find: /\[([1-9][0-9]{0,2})\]$/,
        handler: ({ state, range, match }) =>
          void state.tr.replaceWith(range.from, range.to, this.type.create({ key: match[1] })),
      }),
    ];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "citationMark",
      groups: "link",
      button: buttons.text("[1]", gettext("Mark a citation")),
      command: async (editor) => {
        const key = { type: "string", title: gettext("Number of the citation"), format: "number", min: 1, required: true };
        const attrs = await updateAttrsDialog({ key }, { title: gettext("Mark a citation") })(editor, {});
        if (attrs?.key) editor.chain().focus().insertContent({ type: this.name, attrs }).run();
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

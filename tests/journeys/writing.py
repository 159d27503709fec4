"""Writing in the text editor as a person does."""

from playwright.sync_api import Locator

AT_THE_START = "() => document.activeElement.editor.state.selection.to === 1"
AT_THE_END = """() => {
    const { state } = document.activeElement.editor;
    return state.selection.to === state.doc.content.size - 1;
}"""


SELECTED = """(text) => {
    const { doc, selection } = document.activeElement.editor.state;
    return doc.textBetween(selection.from, selection.to) === text;
}"""


def to_the_start(box: Locator) -> None:
    """The cursor before the first letter, and the editor knows it, which hears of the place a moment later."""
    _go(box, "Control+Home", AT_THE_START)


def to_the_end(box: Locator) -> None:
    """The cursor behind the last letter, in the same way."""
    _go(box, "Control+End", AT_THE_END)


def _go(box: Locator, key: str, there: str) -> None:
    for _try in range(20):  # a dialog that has just closed takes the focus back to where it was opened
        box.focus()
        box.page.wait_for_timeout(200)
        if box.evaluate("box => box === document.activeElement && Boolean(box.editor)"):
            break
    box.page.keyboard.press(key)
    box.page.wait_for_function(there)


def select(box: Locator, before: str, text: str) -> None:
    """Mark `text`, the words behind `before`, from the start of the editor, word by word."""
    to_the_start(box)
    for _word in before.split():
        box.page.keyboard.press("Control+ArrowRight")
    box.page.keyboard.press("ArrowRight")
    for _word in text.split():
        box.page.keyboard.press("Control+Shift+ArrowRight")
    box.page.wait_for_function(SELECTED, arg=text)

"""Writing in the text editor as a person does."""

from playwright.sync_api import Locator

AT_THE_END = """() => {
    const { state } = document.activeElement.editor;
    return state.selection.to === state.doc.content.size - 1;
}"""


def to_the_end(box: Locator) -> None:
    """The cursor behind the last letter, and the editor knows it, which hears of the place a moment later."""
    box.focus()
    box.page.wait_for_timeout(200)
    box.page.keyboard.press("Control+End")
    box.page.wait_for_function(AT_THE_END)

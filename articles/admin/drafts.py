"""What the browser keeps of a form until it is saved (static/js/draft.js): here it is told which of it was.

The words themselves never come here but with the form. The session remembers the numbers of the last saved.
"""

import re

from django.http import HttpRequest

REMEMBERED = 20


def number(request: HttpRequest) -> str:
    """Of the draft that was posted; a form that is opened has none yet."""
    draft = request.POST.get("draft", "")
    return draft if re.fullmatch("[0-9a-f]{8,40}", draft) else ""


def saved(request: HttpRequest) -> None:
    if draft := number(request):
        request.session["saved_drafts"] = [*request.session.get("saved_drafts", []), draft][-REMEMBERED:]

"""How anyone can check this desk: how its numbers come about, and that its ledger is whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import calibration, cleaning, ledger, method, outcomes, policies
from articles.confidence import POLICY
from articles.models import ReviewStatus

from .editions import in_each_language


@require_safe
def confidence(request: HttpRequest) -> HttpResponse:
    """The method, from the arithmetic itself."""
    context = {
        "method": method.method(policies.current()),
        "policies": policies.published(),
        "first": POLICY.version,
        "calibration": calibration.calibrated(outcomes.judged()),
        **in_each_language(request, "confidence"),
    }
    return render(request, "articles/method.html", context)


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The ledger's head, to be noted and compared later; and whether it holds a fingerprint noted earlier."""
    noted = cleaning.line(request.GET.get("fingerprint", "")).lower()
    return render(
        request,
        "articles/record.html",
        {
            "head": ledger.head(),
            "noted": noted[:64],
            "found": ReviewStatus.objects.filter(hash=noted).only("at").first() if noted else None,
            **in_each_language(request, "ledger"),
        },
    )

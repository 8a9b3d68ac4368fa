"""What the owner of an account may do when it is no more in their hands alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.securite import contester, peut_contester


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("signature")
def pas_moi(request: HttpRequest, signature: str) -> HttpResponse:
    """« Ce n'était pas moi », from a mail: a GET explains (mail scanners open links), the button acts."""
    if request.method == "POST":
        etape = "fait" if contester(signature) else "perime"
    else:
        etape = "demande" if peut_contester(signature) else "perime"
    return render(request, "account/pas_moi.html", {"etape": etape})

"""What holds for every page: where a browser may load from, and what is shown while rule files are wrong."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from delivery.desk.errors import error_page
from delivery.desk.rules.current import UnreadableRules

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
UNAVAILABLE = 503

Respond = Callable[[HttpRequest], HttpResponse]


def content_security_policy(respond: Respond) -> Respond:
    """Nothing is loaded from elsewhere, and nobody frames our pages."""

    def respond_with_policy(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return respond_with_policy


class UnreadableRulesMiddleware:
    """Says which rule file is wrong, in its loader's words, instead of a page of half the rules."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, UnreadableRules):
            return error_page(request, UNAVAILABLE, "规则文件有误，改好后刷新本页即可", str(error))
        return None

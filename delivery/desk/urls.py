"""Every address of the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from delivery.desk import errors, static_files
from delivery.desk.rules import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="rules")),
    path("rules/", require_safe(views.index), name="rules"),
    path("rules/rule/<str:code>/", require_safe(views.rule), name="rule"),
    path("rules/<str:code>/", require_safe(views.item), name="item"),
    path("static/<str:address>", require_safe(static_files.serve), name="static"),
    path("healthz", require_safe(lambda request: HttpResponse("ok\n", content_type="text/plain"))),
]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.failed

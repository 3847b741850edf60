"""The style sheet and the icon: read once, addressed by their content, so that a browser asks once for each version."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
A_YEAR = 365 * 24 * 60 * 60


class StaticFile(NamedTuple):
    """A file as it is sent, and the name that it has in addresses: ``desk.0a1b2c3d.css``."""

    content: bytes
    kind: str
    address: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Name in the folder → file."""
    return {path.name: _read(path) for path in sorted(FOLDER.iterdir())}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:8]
    return StaticFile(content, TYPES[path.suffix], f"{path.stem}.{digest}{path.suffix}")


def addresses(request: HttpRequest) -> dict[str, str]:
    """For templates: ``{{ style_sheet }}`` and ``{{ icon }}``."""
    files = static_files()
    return {
        "style_sheet": reverse("static", args=[files["desk.css"].address]),
        "icon": reverse("static", args=[files["icon.svg"].address]),
    }


def serve(request: HttpRequest, address: str) -> HttpResponse:
    for file in static_files().values():
        if file.address == address:
            headers = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
            return HttpResponse(file.content, content_type=file.kind, headers=headers)
    raise Http404("没有这个文件")

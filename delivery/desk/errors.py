"""Pages for what cannot be shown, in Chinese, each with a way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404

BAD_REQUEST, NOT_FOUND, FAILED = 400, 404, 500


def error_page(request: HttpRequest, status: int, title: str, reason: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "reason": reason}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request, BAD_REQUEST, "无法处理这个请求", "请用启动时显示的网址打开；换用其他主机名时，启动命令要加 --name"
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = "没有这个网址" if isinstance(exception, Resolver404) else str(exception)
    return error_page(request, NOT_FOUND, "没有找到", reason)


def failed(request: HttpRequest) -> HttpResponse:
    return error_page(request, FAILED, "程序内部出错", "请稍后再试；仍然出错时，请把服务器窗口里的输出交给维护人员")

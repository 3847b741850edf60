"""Errors as one Chinese sentence that says what to do next."""

from __future__ import annotations

import os
import sys
from types import TracebackType

import click
import duckdb

# 1 and 2 are answers of `wuxing check`.
FAILED = 3


class Refusal(click.ClickException):
    """What a command says when it cannot go on; the text is for the user."""


# Errors whose text was written for the user, or is about the user's machine or input.
EXPECTED = (click.ClickException, click.exceptions.Abort, OSError, ValueError, RuntimeError, duckdb.Error)


def sentence(error: BaseException) -> str:
    """What to print for ``error``."""
    if isinstance(error, click.exceptions.Abort):
        return "已中断：再运行一次同样的命令即可接着完成"
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        return error.message
    if isinstance(error, PermissionError):
        return f"没有权限读写 {error.filename}：请检查该路径的属主和权限"
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"无法读写 {error.filename}（{error.strerror}）：请检查路径和磁盘空间"
    return str(error).strip() or f"出错了（{type(error).__name__}）：请加 --debug 再运行一次，把输出交给维护人员"


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "wuxing"
    return f"{_usage_problem(error)}：用法见 {path} --help"


def _usage_problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"缺少参数 {name}"
    if isinstance(error, click.BadParameter):
        return f"{_written(error.param)} 的值不对：{error.message}"
    if error.message.startswith("No such command"):
        return f"没有命令 {error.message.removeprefix('No such command').strip(' .')}"
    return f"命令写法不对（{error.message}）"


def tell_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Stands in for Python's traceback: what we did not foresee is still told in one sentence.

    It ends the process itself, because Python would end it with 1, which from ``wuxing check`` means findings.
    """
    text = " ".join(str(error).split())[:300]
    click.echo(f"程序内部出错（{kind.__name__}：{text}）：请加 --debug 再运行一次，把输出交给维护人员", err=True)
    sys.stdout.flush()
    os._exit(FAILED)


def _written(param: click.Parameter | None) -> str:
    """The parameter as the user writes it: ``--as-of``, or what help calls an argument."""
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.human_readable_name if param else "参数"

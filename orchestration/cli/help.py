"""Commands whose help is Chinese throughout: click's own headings are English."""

from __future__ import annotations

import click

_WORDS = {
    "Usage: ": "用法：",
    "\nOptions:\n": "\n选项：\n",
    "\nCommands:\n": "\n命令：\n",
    "Show this message and exit.": "显示本说明。",
    "[default: ": "[默认：",
    "[required]": "[必填]",
}


def in_chinese(text: str) -> str:
    for english, chinese in _WORDS.items():
        text = text.replace(english, chinese)
    return text


class Command(click.Command):
    """A command with Chinese help."""

    def get_help(self, ctx: click.Context) -> str:
        return in_chinese(super().get_help(ctx))


class Group(click.Group):
    """A group of commands with Chinese help."""

    def get_help(self, ctx: click.Context) -> str:
        return in_chinese(super().get_help(ctx))

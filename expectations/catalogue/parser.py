"""Reads the expressions of the catalogue: text → ``expression.Statement``. Knows no rule, no table and no SQL.

statement := chain | chain ('and' chain)* '=>' chain | chain '<=>' chain
chain     := form (relation form)+ | 'not' '(' chain ')'
form      := ['-'] product (('+' | '-') product)*
product   := factor ('*' factor)*
factor    := number | reference | '(' form ')'
reference := (item | function) ['[' '-'n ']' | '[' 'v1' ']']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

from expectations.catalogue.expression import Aggregate, Chain, Form, Function, Reference, Relation, Statement, Term

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<item>[A-Z]\d{2})\b|(?P<word>[a-z]\w*)|(?P<symbol><=>|=>|<=|>=|!=|[-+*/<>=()\[\],]))"
)
AGGREGATES = ("sum", "count", "total")
FUNCTIONS_OF_AN_ITEM = ("bits", "registered", "department")
FUNCTIONS_WITH_NUMBER = ("bit", "mod")
FUNCTIONS_ALONE = ("units", "rows")
RELATIONS = ("<=", "<", "=", "!=", ">=", ">")


class ExpressionError(ValueError):
    """Text that is no expression; says at which character and why."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(f"表达式“{text}”第 {position + 1} 个字符：{reason}")


@dataclass(frozen=True)
class Token:
    """``kind`` is number, item, word, symbol or end."""

    kind: str
    text: str
    position: int


def _tokens(text: str) -> list[Token]:
    tokens, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if not match or match.lastgroup is None:
            unknown = text[position:].strip()
            raise ExpressionError(text, text.index(unknown, position), f"不认识“{unknown[:8]}”")
        tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    return [*tokens, Token("end", "", end)]


class _Reader:
    """Recursive descent over the tokens; ``item`` stands where the text says ``x``."""

    def __init__(self, text: str, item: str | None) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.item = item

    @property
    def next(self) -> Token:
        return self.tokens[self.index]

    def fail(self, reason: str) -> ExpressionError:
        return ExpressionError(self.text, self.next.position, reason)

    def take(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def accept(self, *texts: str) -> str | None:
        return self.take().text if self.next.kind != "end" and self.next.text in texts else None

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail(f"此处应为“{text}”")

    def statement(self) -> Statement:
        conditions = [self.chain()]
        while self.accept("and"):
            conditions.append(self.chain())
        if len(conditions) == 1 and self.accept("<=>"):
            return Statement(tuple(conditions), self.chain(), equivalent=True)
        if len(conditions) == 1 and self.next.text != "=>":
            return Statement((), conditions[0])
        self.expect("=>")
        return Statement(tuple(conditions), self.chain())

    def chain(self) -> Chain:
        if self.accept("not"):
            self.expect("(")
            inner = self.chain()
            self.expect(")")
            return replace(inner, negated=not inner.negated)
        sides, relations = [self.form()], []
        while relation := self.accept(*RELATIONS):
            relations.append(cast(Relation, relation))
            sides.append(self.form())
        if not relations:
            raise self.fail("缺少比较符号（=、<=、>= 等）")
        return Chain(tuple(sides), tuple(relations))

    def form(self) -> Form:
        sign = -1 if self.accept("-") else 1
        form = self.product().scaled(Fraction(sign))
        while operator := self.accept("+", "-"):
            form += self.product().scaled(Fraction(-1 if operator == "-" else 1))
        return form

    def product(self) -> Form:
        form = self.factor()
        while self.accept("*"):
            right = self.factor()
            try:
                form *= right
            except ValueError as error:
                raise self.fail(str(error)) from error
        if self.next.text == "/":
            raise self.fail("不支持除法，请把分母乘到另一边")
        return form

    def factor(self) -> Form:
        if self.next.kind == "number":
            return Form((Term(Fraction(Decimal(self.take().text))),))
        if self.accept("("):
            form = self.form()
            self.expect(")")
            return form
        return Form((Term(Fraction(1), (self.reference(),)),))

    def reference(self) -> Reference:
        reference = self.operand()
        if not self.accept("["):
            return reference
        if self.accept("v1"):
            reference = replace(reference, first=True)
        else:
            self.expect("-")
            reference = replace(reference, lag=self.number())
        self.expect("]")
        return reference

    def operand(self) -> Reference:
        if self.next.kind == "item":
            return Reference(self.take().text)
        if self.next.text == "x" and self.item:
            self.take()
            return Reference(self.item)
        if self.next.kind != "word":
            raise self.fail("此处应为指标代码、数或函数")
        return self.call()

    def call(self) -> Reference:
        if self.next.text not in (*AGGREGATES, *FUNCTIONS_OF_AN_ITEM, *FUNCTIONS_WITH_NUMBER, *FUNCTIONS_ALONE):
            raise self.fail(f"没有“{self.next.text}”这个函数")
        name = self.take().text
        self.expect("(")
        reference = self.arguments(name)
        self.expect(")")
        return reference

    def arguments(self, name: str) -> Reference:
        if name in FUNCTIONS_ALONE:
            return Reference(None, cast(Function, name))
        inner = self.operand()
        if name in AGGREGATES and not inner.aggregate and inner.item:
            return replace(inner, aggregate=cast(Aggregate, name))
        if inner.function or inner.aggregate:
            raise self.fail(f"“{name}”里只能是一个指标")
        if name in FUNCTIONS_OF_AN_ITEM:
            return replace(inner, function=cast(Function, name))
        self.expect(",")
        return replace(inner, function=cast(Function, name), argument=self.number())

    def number(self) -> int:
        if self.next.kind != "number" or not self.next.text.isdigit() or int(self.next.text) == 0:
            raise self.fail("此处应为正整数")
        return int(self.take().text)

    def end(self) -> None:
        if self.next.kind != "end":
            raise self.fail(f"多余的“{self.next.text}”")


def parse_statement(text: str, item: str | None = None) -> Statement:
    """The statement that ``text`` says, ``x`` standing for ``item``. Raises ExpressionError."""
    reader = _Reader(text, item)
    statement = reader.statement()
    reader.end()
    return statement


def parse_chain(text: str, item: str | None = None) -> Chain:
    """The condition that ``text`` says. Raises ExpressionError."""
    reader = _Reader(text, item)
    chain = reader.chain()
    reader.end()
    return chain

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.catalogue.expression import Reference, Term
from expectations.catalogue.parser import ExpressionError, parse_chain, parse_statement

codes = st.sampled_from(["P01", "B02", "D03", "E06"])
lags = st.integers(0, 12)
plain = st.builds(lambda item, lag: Reference(item, lag=lag), codes, lags)
first = st.builds(lambda item: Reference(item, first=True), codes)
summed = st.builds(
    lambda item, how, lag: Reference(item, aggregate=how, lag=lag),
    codes,
    st.sampled_from(["sum", "count", "total"]),
    lags,
)
bit = st.builds(lambda place: Reference("X02", "bit", argument=place), st.integers(1, 5))
references = st.one_of(plain, first, summed, bit, st.just(Reference(None, "units")), st.just(Reference("X02", "bits")))
hundredths = st.integers(1, 10**6).map(lambda n: Fraction(n, 100))
terms = st.builds(Term, hundredths, st.one_of(st.just(()), references.map(lambda r: (r,))))
signed = st.builds(lambda term, sign: Term(term.coefficient * sign, term.references), terms, st.sampled_from([1, -1]))


def written(form: list[Term]) -> str:
    text = ""
    for term in form:
        size = f"{abs(term.coefficient.numerator) / term.coefficient.denominator:.2f}"
        text += f" {'-' if term.coefficient < 0 else '+' if text else ''} "
        text += f"{size}*{term.references[0]}" if term.references else size
    return text


@given(st.lists(signed, min_size=1, max_size=5), st.lists(signed, min_size=1, max_size=5))
def test_what_is_written_is_read_back_as_the_same_form(left: list[Term], right: list[Term]) -> None:
    chain = parse_chain(f"{written(left)} <= {written(right)}")
    assert [side.terms for side in chain.sides] == [tuple(left), tuple(right)]


@given(references)
def test_a_reference_reads_as_it_is_written(reference: Reference) -> None:
    assert parse_chain(f"{reference} = 1").sides[0].terms == (Term(Fraction(1), (reference,)),)


@given(st.text(alphabet="PB0123 =<>+-*()[]x.notsumv,;/é", max_size=25))
def test_any_text_is_read_or_refused_with_a_position(text: str) -> None:
    refusal = None
    try:
        parse_statement(text)
    except ExpressionError as error:
        refusal = str(error)
    assert refusal is None or "个字符" in refusal


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("B02 + B03", 10, "缺少比较符号"),
        ("B02 / B03 = 1", 5, "不支持除法"),
        ("B02 + = 1", 7, "此处应为指标代码"),
        ("B02 = 1 B03", 9, "多余的“B03”"),
        ("mean(B02) = 1", 1, "没有“mean”这个函数"),
        ("sum(sum(B02)) = 1", 13, "只能是一个指标"),
        ("B01*B02*B03 = 1", 13, "乘积最多含两个指标"),
        ("B02[1] = 1", 5, "此处应为“-”"),
        ("B02[-0] = 1", 6, "此处应为正整数"),
        ("B02 # 1", 5, "不认识“# 1”"),
        ("not (B02 = 1", 13, "此处应为“)”"),
        ("", 1, "此处应为指标代码"),
    ],
)
def test_a_wrong_expression_says_where_and_why(text: str, position: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_statement(text)
    assert f"第 {position} 个字符" in str(caught.value)
    assert reason in str(caught.value)


def test_x_stands_for_the_item_of_a_rule_that_holds_per_item() -> None:
    assert parse_statement("x >= x[-1]", "E04").references == (Reference("E04"), Reference("E04", lag=1))
    with pytest.raises(ExpressionError):
        parse_statement("x >= 1")


def test_a_chain_is_the_conjunction_of_its_links() -> None:
    chain = parse_chain("1.5*P01 <= P02 <= 3.5*P01")
    values = {Reference("P01"): Fraction(100), Reference("P02"): Fraction(351)}
    assert [link.holds(values, Fraction(0)) for link in chain.links] == [True, False]


def test_equal_terms_merge_and_cancel() -> None:
    form = parse_chain("2*(B01 + B02) - 2*B01 = 0").sides[0]
    assert form.monomials() == {(Reference("B02"),): Fraction(2)}


def test_a_product_of_two_items_becomes_linear_once_one_is_known() -> None:
    form = parse_chain("B08*sum(B01) = 0").sides[0]
    assert not form.is_linear
    fixed = form.fix({Reference("B08"): Fraction(93, 2)})
    assert fixed.is_linear
    assert fixed.monomials() == {(Reference("B01", aggregate="sum"),): Fraction(93, 2)}

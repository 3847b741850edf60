"""What the dbt project promises about itself: layers, contracts, descriptions, and files that are generated."""

from __future__ import annotations

import re

import pytest

from orchestration.dbt.generate import generated_files
from orchestration.dbt.runner import kept
from tests.dbt.raw_files import RawFiles
from tests.dbt.warehouse import dbt

READABLE = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"intermediate", "marts"},
}
CHINESE_THEN_ENGLISH = re.compile(r"[\u4e00-\u9fff].* \| .*[A-Za-z]{2}", re.DOTALL)


@pytest.fixture(scope="module")
def nodes() -> dict[str, object]:
    manifest = kept()
    return {**manifest.nodes, **manifest.sources}


def models(nodes: dict) -> list:
    return [node for node in nodes.values() if node.resource_type == "model"]


def layer(node) -> str:
    return node.fqn[1] if node.resource_type == "model" else str(node.resource_type)


def test_each_layer_reads_only_the_layers_before_it(nodes: dict):
    wrong = [
        f"{model.name} reads {nodes[parent].name}"
        for model in models(nodes)
        for parent in model.depends_on.nodes
        if layer(nodes[parent]) not in READABLE[layer(model)]
    ]
    assert not wrong


def test_every_mart_has_an_enforced_contract_with_all_types(nodes: dict):
    marts = [model for model in models(nodes) if layer(model) == "marts"]
    assert len(marts) == 38
    for mart in marts:
        assert mart.config.contract.enforced, mart.name
        assert all(column.data_type for column in mart.columns.values()), mart.name


def test_every_model_and_column_is_described_in_chinese_and_english(nodes: dict):
    described = [(node.name, node.description) for node in nodes.values() if layer(node) in (*READABLE, "source")]
    described += [(f"{m.name}.{c.name}", c.description) for m in models(nodes) for c in m.columns.values()]
    assert [name for name, text in described if not CHINESE_THEN_ENGLISH.search(text)] == []


def test_the_files_that_follow_from_the_item_list_are_up_to_date():
    for path, content in generated_files().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run `make generate`"


def test_the_manifest_depends_on_no_data_root():
    assert {name for name in kept().env_vars if name.startswith("WUXING")} == set()


def test_all_unit_tests_of_the_models_pass(county: RawFiles):
    results = dbt(county.root, "test", "--select", "test_type:unit")
    assert sum(result.node.resource_type == "unit_test" for result in results) == 15

"""Graphs that may be drawn, and those that may not."""

from __future__ import annotations

import pytest
from hypothesis import given

from action.reports import mermaid
from tests.unit.reports.hostile import texts


def test_labels_become_plain_text() -> None:
    graph = (
        'flowchart TD\n    a["<b>x</b> `y` #1 &amp; #quot;z#quot;<br/>\x1b[31mred"]:::new --> b\n'
        "    classDef new stroke:#f00"
    )
    assert mermaid.inert(graph) == (
        'flowchart TD\n    a["#lt;b#gt;x#lt;/b#gt; #96;y#96; #35;1 #amp;amp; #quot;z#quot;<br/>red"]:::new --> b\n'
        "    classDef new stroke:#f00"
    )


@pytest.mark.parametrize(
    "line",
    [
        'click a "https://x.example"',
        'click a href "https://x.example"',
        "click a call alert()",
        "%%{init: {'securityLevel': 'loose'}}%%",
        "a[<b>x</b>]",
        'a["x"] --> b; click a "y"',
        "subgraph x",
        "linkStyle 0 stroke:url(x)",
        'a@{ img: "https://x.example" }',
        "classDef new fill:url(https://x.example)",
    ],
)
def test_what_is_not_a_node_or_an_edge_is_refused(line: str) -> None:
    assert mermaid.inert(f"flowchart TD\n    {line}") is None


def test_other_diagrams_are_refused() -> None:
    assert mermaid.inert("sequenceDiagram\n    a") is None


@given(texts)
def test_a_label_adds_no_line(text: str) -> None:
    graph = mermaid.inert(f'flowchart TD\n    a["{text}"]\n    b')
    assert graph is None or (graph.count("\n") == 2 and graph.count('"') % 2 == 0)

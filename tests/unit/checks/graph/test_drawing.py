"""Drawings of a graph that splits."""

from __future__ import annotations

from checks.graph.drawing import draw


def test_a_drawing_holds_nothing_that_mermaid_reads_as_its_own() -> None:
    mermaid, text = draw(None, [["a"]], lambda _: ('end"] <b>`x`&\x1b[31m;\n' + "m" * 60, "head"))
    escaped = "end#quot;] #lt;b#gt;#96;x#96;#amp; [31m; " + "m" * 25 + "..."
    assert mermaid.text.splitlines()[1:] == ['    n0["no revision"]', f'    n0 --> n1["a<br/>{escaped}<br/>head"]']
    assert text.text.splitlines()[2] == '+-- a  end"] <b>`x`& [31m; ' + "m" * 25 + "...  head"

"""Pictures of the comment as GitHub shows it, for people to look at: python -m tests.looks.render --help.

It needs Chromium, and a folder where `npm install github-markdown-css mermaid` was run; neither is kept here.
"""

from __future__ import annotations

import argparse
import html
import math
import re
import subprocess
import tempfile
from pathlib import Path

from pygments import lexers, token  # type: ignore[import-untyped]

from action.documents import report as document
from action.reports import markdown
from tests.looks.screen import GFM
from tests.unit.reports.scenarios import SCENARIOS

CLASSES = {token.Keyword: "pl-k", token.String: "pl-s", token.Comment: "pl-c", token.Name.Function: "pl-en"}
CHROMIUM = (
    *(
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--hide-scrollbars",
    ),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=20000"),
)
PAGE = """\
<!doctype html><meta charset="utf-8"><style>{css}
body {{ margin: 0; padding: 16px; background: {page} }}
.box {{ border: 1px solid {border}; border-radius: 6px; width: {width}px; overflow: hidden }}
.who {{ background: {bar}; color: {dim}; font: 14px sans-serif; padding: 8px 16px; border-bottom: 1px solid {border} }}
.markdown-body {{ padding: 16px; font-size: 14px }}
</style><div class="box"><div class="who"><b>github-actions</b> bot commented</div>
<article class="markdown-body">{body}</article></div>
<script>{mermaid}</script><script>
mermaid.initialize({{ startOnLoad: false, theme: "{theme}" }});
mermaid.run().finally(() => document.documentElement.dataset.height =
    Math.ceil(document.querySelector(".box").getBoundingClientRect().bottom + 16));
</script>
"""
DESKTOP, PHONE = 900, 430
"""Widths of a window, in pixels."""
LIGHT = {"page": "#fff", "border": "#d1d9e0", "bar": "#f6f8fa", "dim": "#59636e", "theme": "default"}
DARK = {"page": "#0d1117", "border": "#3d444d", "bar": "#151b23", "dim": "#9198a1", "theme": "dark"}


def main() -> None:
    """Write a picture of each scenario, or of the report.json files that are named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("modules", type=Path, help="the node_modules with github-markdown-css and mermaid")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("names", nargs="*", default=list(SCENARIOS), help="scenarios, or files of reports")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--phone", action="store_true", help="as wide as a phone")
    parser.add_argument(
        "--markdown", action="store_true", help="the files hold Markdown, such as another tool's comment"
    )
    parser.add_argument(
        "--most", type=int, help="fail where a comment is higher, in pixels; SCREEN of screen.py is 969"
    )
    parser.add_argument("--open", action="store_true", help="with everything that is folded opened")
    parser.add_argument("--height", type=int, help="cut the picture there, in pixels")
    options = parser.parse_args()
    too_high = [name for name in options.names if _made(name, options) > (options.most or math.inf)]
    if too_high:
        raise SystemExit(f"Higher than {options.most} pixels: {', '.join(too_high)}")


def _made(name: str, options: argparse.Namespace) -> int:
    """Write one picture; return how high the comment is."""
    body = drawn(_source(name, is_markdown=options.markdown))
    if options.open:
        body = body.replace("<details>", "<details open>")
    window = PHONE if options.phone else DESKTOP
    text = page(body, options.modules, dark=options.dark, width=window - 34)
    return picture(text, options.folder / f"{Path(name).stem}.png", window, options.height)


def _source(name: str, *, is_markdown: bool) -> str:
    """Return the Markdown of a scenario or of a file."""
    if name in SCENARIOS:
        return markdown.render(SCENARIOS[name])
    text = Path(name).read_text(encoding="utf-8")
    return text if is_markdown else markdown.render(document.load(text))


def drawn(source: str) -> str:
    """Return Markdown as HTML, its code coloured and its graphs left to mermaid."""

    def block(match: re.Match[str]) -> str:
        language, code = match[1], html.unescape(match[2])
        if language == "mermaid":
            return f'<pre class="mermaid" style="text-align: center; background: none">{html.escape(code)}</pre>'
        return f'<div class="highlight"><pre>{coloured(code, language)}</pre></div>'

    rendered = GFM.render(source)
    return re.sub(r'<pre><code class="language-(\w+)">(.*?)</code></pre>', block, rendered, flags=re.DOTALL)


def coloured(code: str, language: str) -> str:
    """Return code in the classes that GitHub's style sheet knows."""
    spans = []
    for kind, text in lexers.get_lexer_by_name(language, stripnl=False).get_tokens(code):
        name = next((name for parent, name in CLASSES.items() if kind in parent), None)
        spans.append(f'<span class="{name}">{html.escape(text)}</span>' if name else html.escape(text))
    return "".join(spans)


def page(body: str, modules: Path, *, dark: bool, width: int) -> str:
    """Return a page that holds a comment."""
    css = modules / "github-markdown-css" / f"github-markdown-{'dark' if dark else 'light'}.css"
    mermaid = modules / "mermaid" / "dist" / "mermaid.min.js"
    colours = DARK if dark else LIGHT
    return PAGE.format(css=css.read_text(), mermaid=mermaid.read_text(), body=body, width=width, **colours)


def picture(text: str, file: Path, window: int, most: int | None) -> int:
    """Write a picture of a page, as high as it is or as is wanted at most; return the height of the comment."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(text, encoding="utf-8")
        chromium = (*CHROMIUM, f"--user-data-dir={folder}/chromium")
        wide = f"--window-size={window},2000"
        dumped = subprocess.run(
            [*chromium, wide, "--dump-dom", source.as_uri()], capture_output=True, text=True, check=True
        )
        height = re.search(r'data-height="(\d+)"', dumped.stdout)
        assert height, "Chromium did not draw the page."
        size = f"--window-size={window},{min(int(height[1]), most or int(height[1]))}"
        subprocess.run(
            [*chromium, size, f"--screenshot={file}", source.as_uri()], capture_output=True, text=True, check=True
        )
    return int(height[1]) - 32


if __name__ == "__main__":
    main()

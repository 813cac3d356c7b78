"""The client's own files, read once, and the page that names them."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath

from minify_html import minify

from app.kit.caching import etag

_HERE = Path(__file__).parent
_FIRST = "js/main.js"
# Not guessed from the machine's tables: with `nosniff` a wrong type would stop a module.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_IMPORTS = re.compile(r'^import [^"]*"(\.[^"]+)";$', re.MULTILINE)
# Only where they have their lines to themselves: what is inside of a string is left alone.
_COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)$", re.DOTALL | re.MULTILINE)
_FOR_BUNDLERS = "/* @__PURE__ */ "
_WRAPPINGS = {".js": ("<script type=module>", "</script>"), ".css": ("<style>", "</style>")}


@dataclass(frozen=True)
class File:
    content: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        return cls(content, _TYPES[Path(name).suffix], etag(name, content.hex()))


def _read() -> dict[str, str]:
    """Shape: path below this folder -> content"""
    found = sorted(path for path in _HERE.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(_HERE).as_posix(): path.read_text() for path in found}


def _lean(name: str, content: str) -> str:
    """Without what is there for readers of the repository. Nothing is renamed."""
    if name.endswith(".svg"):
        return content
    opening, closing = _WRAPPINGS.get(Path(name).suffix, ("", ""))
    document = opening + _COMMENTS.sub("", content) + closing
    lean = minify(document, minify_js=True, minify_css=True, keep_html_and_head_opening_tags=True)
    return lean.removeprefix(opening).removesuffix(closing).replace(_FOR_BUNDLERS, "")


def _imports_from(first: str, sources: dict[str, str]) -> dict[str, set[str]]:
    """What a module cannot do without, and that again. What `import()` asks for comes later.

    Shape: module -> modules that it imports
    """
    found: dict[str, set[str]] = {}
    left = [first]
    while left:
        name = left.pop()
        paths = _IMPORTS.findall(sources[name])
        found[name] = {normpath(f"{dirname(name)}/{path}") for path in paths}
        left += found[name] - found.keys()
    return found


def _named(imports: dict[str, set[str]]) -> list[str]:
    """Modules that lead to all others: each is one of them, or imported by one.

    A page that names them has the rest one round trip later than if it named all, and stays small.
    """
    left, named = set(imports) - {_FIRST} - imports[_FIRST], []
    while left:
        best = max(sorted(imports), key=lambda name: len(left & ({name} | imports[name])))
        named.append(best)
        left -= {best} | imports[best]
    return sorted(named)


def _page(template: str, modules: list[str], version: str) -> bytes:
    links = [f'<link rel="modulepreload" href="/web/{version}/{name}">' for name in modules]
    page = template.replace("{version}", version).replace("{modules}", "".join(links))
    return _lean("index.html", page).encode()


_sources = _read()
_template = _sources.pop("index.html")

# Of all files together: a page and its modules are always of one version.
VERSION = hashlib.blake2b(repr(_sources).encode(), digest_size=4).hexdigest()
FILES = {name: File.of(name, _lean(name, text).encode()) for name, text in _sources.items()}
AT_ONCE = _imports_from(_FIRST, _sources)
PAGE = File.of("index.html", _page(_template, _named(AT_ONCE), VERSION))

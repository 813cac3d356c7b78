"""The client's own files, read once, and the page that names them."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath

from app.kit.caching import etag

_HERE = Path(__file__).parent
# Not guessed from the machine's tables: with `nosniff` a wrong type would stop a module.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Only where they have their lines to themselves: what is inside of a string is left alone.
_COMMENTS = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)$", re.DOTALL | re.MULTILINE)
_IMPORTS = re.compile(r'^import [^"]*"(\.[^"]+)";$', re.MULTILINE)
_INDENTS = re.compile(rb"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class File:
    content: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        return cls(content, _TYPES[Path(name).suffix], etag(name, content.hex()))


def _read() -> dict[str, bytes]:
    """Shape: path below this folder -> content"""
    found = sorted(path for path in _HERE.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(_HERE).as_posix(): _lean(path.read_bytes()) for path in found}


def _lean(content: bytes) -> bytes:
    """Without what is there for readers of the repository. Lines keep their numbers."""
    bare = _COMMENTS.sub(lambda found: b"\n" * found[0].count(b"\n"), content)
    return _INDENTS.sub(b"", bare)


def _imported(name: str, sources: dict[str, bytes], found: set[str]) -> set[str]:
    """A module and all that it cannot do without. What `import()` asks for comes later."""
    found.add(name)
    for path in _IMPORTS.findall(sources[name].decode()):
        imported = normpath(f"{dirname(name)}/{path}")
        if imported not in found:
            _imported(imported, sources, found)
    return found


def _page(template: str, modules: list[str], version: str) -> bytes:
    """The modules are named in the page, so that none waits for the one that imports it."""
    links = [f'<link rel="modulepreload" href="/web/{version}/{name}">' for name in modules]
    return template.replace("{version}", version).replace("{modules}", "\n".join(links)).encode()


_sources = _read()
_template = _sources.pop("index.html").decode()

# Of all files together: a page and its modules are always of one version.
VERSION = hashlib.blake2b(repr(_sources).encode(), digest_size=4).hexdigest()
FILES = {name: File.of(name, content) for name, content in _sources.items()}
AT_ONCE = sorted(_imported("js/main.js", _sources, set()))
PAGE = File.of("index.html", _page(_template, AT_ONCE, VERSION))

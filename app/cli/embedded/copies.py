"""Copies of programs, made once next to the data, for a user who cannot reach the originals."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from app.cli.embedded.errors import CannotStart
from app.cli.embedded.home import Home


def runnable(program: Path, trees: Sequence[Path], base: Path, home: Home) -> Path:
    """The program itself, or its copy with the trees it needs at the same places below `base`.

    Raises: CannotStart if the servers' user cannot run the copy either.
    """
    if home.owner.can_run(program):
        return program
    copy = _copy(program, trees, base, home.data / "programs") / program.relative_to(base)
    if not home.owner.can_run(copy):
        raise CannotStart(f"Neither {program} nor its copy {copy} can be run.")
    return copy


def _copy(program: Path, trees: Sequence[Path], base: Path, folder: Path) -> Path:
    version = program.stat()
    copy = folder / f"{program.name}-{version.st_mtime_ns:x}-{version.st_size:x}"
    if copy.exists():
        return copy
    for old in folder.glob(f"{program.name}-*"):
        shutil.rmtree(old)
    unfinished = copy.with_name(f"{copy.name}.new")
    for tree in filter(Path.exists, trees):
        _copy_tree(tree, unfinished / tree.relative_to(base))
    _let_everybody_read(folder)
    return unfinished.rename(copy)


def _copy_tree(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "doc", "man"))
    else:
        shutil.copy2(source, target)


def _let_everybody_read(folder: Path) -> None:
    # Where a private home hid the originals, a strict umask has often closed each file as well.
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for path in map(Path(parent).joinpath, files):
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)

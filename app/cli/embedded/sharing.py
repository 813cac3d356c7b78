"""Many processes share the servers: the first one in starts them, the last one out stops them."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from app.cli.embedded import locks
from app.cli.embedded.errors import explained
from app.cli.embedded.home import Home
from app.cli.embedded.server import Server, StillStarting


@dataclass(frozen=True)
class Share:
    home: Home
    wanted: Sequence[Server]
    everything: Sequence[Server]

    @contextmanager
    def joined(self) -> Iterator[None]:
        held = self._join()
        try:
            yield
        finally:
            self._leave(held)

    def revive(self) -> None:
        """Raises: CannotStart"""
        if not all(server.listens() for server in self.wanted):
            with explained(self.home.data), locks.turn(self.home.data):
                self.home.open_sockets()
                _at_once(Server.start, self.wanted)

    def _join(self) -> int:
        with explained(self.home.data), locks.turn(self.home.data):
            # First of all: in a folder of somebody else's we would talk to their servers.
            self.home.open_sockets()
            held = locks.hold(self.home.data)
            try:
                _at_once(Server.start, self.wanted)
            except StillStarting:
                # To stop it now would only make the next start as long.
                os.close(held)
                self._let_go()
                raise
            except BaseException:
                self._drop(held)
                raise
        return held

    def _leave(self, held: int) -> None:
        try:
            with locks.turn(self.home.data):
                self._drop(held)
        except FileNotFoundError:
            # The data folder was removed while we used it: what serves it serves nobody.
            os.close(held)
            self._stop()

    def _drop(self, held: int) -> None:
        os.close(held)
        if locks.is_held(self.home.data):
            self._let_go()
        else:
            self._stop()

    def _stop(self) -> None:
        _at_once(Server.stop, self.everything)
        self.home.close_sockets()

    def _let_go(self) -> None:
        for server in self.everything:
            server.let_go()


def _at_once(act: Callable[[Server], None], servers: Sequence[Server]) -> None:
    with ThreadPoolExecutor() as threads:
        list(threads.map(act, servers))

"""What stands in every process of ChatFlow: in those that serve, and in those that run jobs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.access import Seal
from app.auth.actions import FrontDesk
from app.kit.broker import connect_broker
from app.kit.db import Database
from app.kit.images import Darkroom
from app.kit.limits import Limits
from app.kit.logs import configure_logs
from app.kit.mail import find_postman
from app.kit.origins import Origins
from app.kit.passwords import Passwords, Rules
from app.kit.postgres import connect
from app.kit.settings import Settings
from app.kit.shelf import put_up_shelf
from app.kit.storage import Storage
from app.kit.vault import Vault


@asynccontextmanager
async def furnished(settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """Yields everything by its name, until the end of the block."""
    if not structlog.is_configured():  # `chatflow` has done it already.
        configure_logs(settings)
    engine = connect(settings)
    house = _furnish(settings, engine)
    yield house
    house["passwords"].close()
    await house["limits"].aclose()
    await house["broker"].aclose()
    await house["shelf"].aclose()
    await house["roll_shelf"].aclose()
    await engine.dispose()


def _furnish(settings: Settings, engine: AsyncEngine) -> dict[str, Any]:
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    broker = connect_broker(redis_url, settings.redis_prefix)
    seal = Seal(settings)
    return {
        "settings": settings,
        "engine": engine,
        "broker": broker,
        "database": Database(engine, broker),
        "shelf": put_up_shelf(redis_url, settings.redis_prefix),
        # Apart: each is swept by whoever looks after it.
        "roll_shelf": put_up_shelf(redis_url, f"{settings.redis_prefix}roll:"),
        "seal": seal,
        "front_desk": FrontDesk(settings, seal),
        "vault": Vault(settings.secret_keys),
        "passwords": Passwords(
            settings.password_bcrypt_rounds,
            settings.password_threads,
            settings.password_queue_max,
            Rules(settings.password_min_characters, settings.password_min_score),
        ),
        "limits": Limits(settings),
        "origins": Origins(settings.allowed_origins),
        "postman": find_postman(settings),
        "storage": Storage(settings),
        "darkroom": Darkroom(settings),
    }

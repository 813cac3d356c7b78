"""What can be only one person's."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import Invalid
from app.kit.postgres import violated_constraint


async def flush_unless_taken(session: AsyncSession) -> None:
    """Raises: Invalid when the e-mail or the username belongs to somebody else."""
    try:
        await session.flush()
    except IntegrityError as error:
        match violated_constraint(error):
            case "uq_users_email":
                raise Invalid.field("email", "taken", "has already been taken") from error
            case "uq_users_username" | "uq_users_username_key":
                raise Invalid.field("username", "taken", "has already been taken") from error
        raise

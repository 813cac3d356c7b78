"""What happened to one's account, over HTTP."""

from fastapi import APIRouter, Response

from app.activity import queries
from app.activity.schemas import ActivityOut
from app.auth.access import CurrentUser
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.keyset import read_key
from app.kit.openapi import errors
from app.kit.paging import link_header, read_limit

PATH = "/users/activity"

router = APIRouter(tags=["accounts"])


@router.get(
    PATH,
    response_model=list[ActivityOut],
    responses=errors(401, 422, 503),
    summary="What happened to my account, the newest first",
)
async def list_activity(
    user: CurrentUser, session: Session, cursor: str | None = None, limit: str | None = None
) -> Response:
    at_most = read_limit(limit)
    page = await queries.list_activities(session, user.id, read_key(cursor), at_most)
    links = link_header(PATH, page.links(limit=at_most))
    return JSONResponse([queries.show_activity(row) for row in page.rows], headers=links)

"""Serves the explorer's page, and Swagger UI's own files out of their package."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from app.kit.errors import NotFound

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent
_SWAGGER_UI = Path(str(files("fastapi_swagger") / "resources"))
_FILES = {
    "explorer.js": _HERE / "explorer.js",
    "swagger-ui-bundle.js": _SWAGGER_UI / "swagger-ui-bundle.js",
    "swagger-ui.css": _SWAGGER_UI / "swagger-ui.css",
    "favicon.png": _SWAGGER_UI / "favicon-32x32.png",
}
# Swagger UI draws with inline styles and images; scripts come from here only.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/docs")
async def show_explorer() -> Response:
    return FileResponse(_HERE / "explorer.html", headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/{name}")
async def show_explorer_file(name: str) -> Response:
    if name not in _FILES:
        raise NotFound
    return FileResponse(_FILES[name])

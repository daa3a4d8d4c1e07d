"""This is the place where a telephone fetches its calendar: by a secret address, without a session."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.care import feeds
from core.channels.calendar import rendered, tag_of
from core.errors import BadInput, NotFound
from core.ports import Ports
from core.ui.words import words

PATH = "/calendar/"


def route(ports: Callable[[], Ports]) -> Route:
    """GET and HEAD /calendar/<secret>.ics: 200, 304 where the telephone has it already, 404 for an address that is unknown or revoked."""

    async def calendar(request: Request) -> Response:
        try:
            sheet = await run_in_threadpool(feeds.sheet, ports(), request.path_params["secret"], words)
        except NotFound as error:
            return JSONResponse({"error": error.code}, status_code=404)
        except BadInput as error:  # a drawer that is damaged: the telephone keeps what it has
            return JSONResponse({"error": error.code}, status_code=503)
        tag = tag_of(sheet)
        headers = {"etag": tag, "cache-control": "private, no-cache", "content-disposition": 'inline; filename="reminders.ics"'}
        if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        body = await run_in_threadpool(rendered, sheet)
        return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

    return Route(PATH + "{secret:str}.ics", calendar, methods=["GET"])

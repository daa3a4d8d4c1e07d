"""This is the place where a browser lets itself be reminded: a small page outside Streamlit, since subscribing needs a service worker of our own address.

Leave is asked for by a tap on the page, never by itself. What the browser gives is kept as a way to reach the person whose session it is, after the same
access check as every other.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.care import reminder_book, sessions
from core.care.reminder_book import MOST_NAME
from core.domain.people import Actor
from core.errors import BadInput, NotPermitted, SessionExpired
from core.front import LANGUAGE_COOKIE
from core.headers import SESSION_COOKIE
from core.ports import Ports
from core.ui.words import Words, languages, words

FOLDER = Path(__file__).parent / "push"
MOST_BYTES = 8_000
_SAID = ("denied", "done", "signedout", "refused", "failed", "unable")

Opened = Callable[[], Ports]


def push_routes(ports: Opened) -> list[Route]:
    """The page, its two scripts, and where it hands the subscription in."""
    return [
        Route("/push", _page(ports), methods=["GET"]),
        Route("/push/page.js", _script("page.js"), methods=["GET"]),
        Route("/push/worker.js", _script("worker.js"), methods=["GET"]),
        Route("/push/subscribe", _subscribe(ports), methods=["POST"]),
    ]


def _script(name: str) -> Callable[[Request], Response]:
    body = (FOLDER / name).read_bytes()

    def script(_request: Request) -> Response:
        return Response(body, media_type="text/javascript")

    return script


def _actor(ports: Ports, request: Request) -> Actor:
    """Who is signed in. Raises SessionExpired."""
    return sessions.actor_of(ports, request.cookies.get(SESSION_COOKIE, ""))


def _page(ports: Opened) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        """The page, in the person's language; who is not signed in goes to the door, where push is not set up there is no such address."""
        opened = ports()
        try:
            _actor(opened, request)
        except SessionExpired:
            return RedirectResponse("/", status_code=303)
        if opened.channels is None or "push" not in opened.channels.kinds:
            return Response(status_code=404)
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        return HTMLResponse(_drawn(words(chosen if chosen in languages() else "en"), opened.channels.push_key))

    return page


def _subscribe(ports: Opened) -> Callable[[Request], object]:
    async def subscribe(request: Request) -> Response:
        """Keep a subscription: 200, 401 without a living session, 403 for whoever has no reminders of their own, 422 for what is none."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"error": "not_json"}, status_code=415)
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return JSONResponse({"error": "file_too_large"}, status_code=413)
        try:
            await run_in_threadpool(_keep, ports(), request, body)
        except SessionExpired as error:
            return JSONResponse({"error": error.code}, status_code=401)
        except NotPermitted as error:
            return JSONResponse({"error": error.code}, status_code=403)
        except BadInput as error:
            return JSONResponse({"error": error.code}, status_code=422)
        return JSONResponse({"kept": True})

    return subscribe


def _keep(ports: Ports, request: Request, body: bytes) -> None:
    actor = _actor(ports, request)
    try:
        found = orjson.loads(body)
        subscription, name = orjson.dumps(found["subscription"]).decode(), found.get("name", "")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadInput("bad_subscription", place="subscription", need="what the browser gave") from None
    person_id = next(iter(ports.store.account(actor.account_id).persons), "")
    reminder_book.add_channel(ports, actor, person_id, "push", subscription, name if isinstance(name, str) else "")


def _drawn(t: Words, key: str) -> str:
    told = " ".join(f'data-{one}="{escape(t("push." + one))}"' for one in _SAID)
    return (
        f'<!doctype html><html lang="{t.language.replace("_", "-")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(t('push.title'))} · {escape(t('app.name'))}</title><style>{_STYLE}</style></head>"
        f'<body data-key="{escape(key)}" {told}><main><h1>{escape(t("push.title"))}</h1><p>{escape(t("push.about"))}</p>'
        f'<p><label for="name">{escape(t("push.name"))}</label><input id="name" maxlength="{MOST_NAME}" autocomplete="off"></p>'
        f'<p><button id="subscribe" type="button" hidden>{escape(t("push.subscribe"))}</button></p><p id="said" role="status"></p>'
        f'<p><a href="/reminders">{escape(t("push.back"))}</a></p></main><script src="/push/page.js"></script></body></html>'
    )


_STYLE = (
    "body{font:18px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;background:#FAF9F6;color:#1B2426;margin:0;padding:1.5rem}"
    "main{max-width:36rem;margin:auto}h1{font-size:1.6rem}label{display:block;margin-bottom:.3rem}a{color:#0B5F66}"
    "input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #7C878A;border-radius:8px;background:#fff;color:inherit}"
    "button{font:inherit;min-height:3rem;padding:.5rem 1.2rem;border:0;border-radius:8px;background:#0B5F66;color:#fff}button:disabled{opacity:.6}"
    "@media(prefers-color-scheme:dark){body{background:#11181A;color:#E7ECEB}input{background:#182124}a{color:#6CC4C3}button{background:#6CC4C3;color:#08282A}}"
)

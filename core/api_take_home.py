"""This is the place where somebody opens at home what they sent at a kiosk: a plain page without scripts, and the same as a sheet to print, on the first device alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.care import kiosk_home
from core.care.kiosk_home import TakenHome
from core.care.kiosk_sheet import Part, Sheet, sheet, zone_of
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports
from core.ui.words import Words, closest, languages, words

COOKIE = "hb_take_home"
Opened = Callable[[], Ports]


def take_home_routes(ports: Opened, secure: bool) -> list[Route]:
    """GET /take-home/<secret>: the page; with /sheet.pdf after it the sheet. 404 for an address that is none, over, or another device's."""
    return [
        Route(kiosk_home.PATH + "{secret:str}/sheet.pdf", _route(ports, secure, paper=True), methods=["GET"]),
        Route(kiosk_home.PATH + "{secret:str}", _route(ports, secure, paper=False), methods=["GET"]),
    ]


def _route(ports: Opened, secure: bool, *, paper: bool) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        secret, opened = request.path_params["secret"], ports()
        if request.method == "HEAD" or _looks_ahead(request):
            return Response(status_code=204)  # whoever only looks at a link in passing isn't the person who opens it
        try:
            taken = await run_in_threadpool(kiosk_home.opened, opened, secret, request.cookies.get(COOKIE, ""))
        except (NotFound, BadInput, Conflict) as error:
            t = words(_language(request))
            code = error.code if isinstance(error, NotFound) else "take_home_not_found"
            return HTMLResponse(_sorry(t, code), status_code=404 if isinstance(error, NotFound) else 503)
        t = words(_language(request, taken.visit.language), zone_of(taken))
        said = sheet(taken, t)
        if paper:
            body = await run_in_threadpool(opened.exporter.sheet_pdf, said, t, t.language)
            answer = Response(body, media_type="application/pdf", headers={"content-disposition": 'inline; filename="visit.pdf"'})
        else:
            answer = HTMLResponse(_page(t, said, taken, secret))
        if taken.device:
            path = f"{kiosk_home.PATH}{secret}"
            answer.set_cookie(
                COOKIE, taken.device, httponly=True, samesite="lax", secure=secure, path=path, max_age=_seconds(taken, opened)
            )
        return answer

    return route


def _looks_ahead(request: Request) -> bool:
    """A preview of a chat program or a browser that fetches ahead says so in one of these."""
    said = " ".join(request.headers.get(name, "") for name in ("purpose", "sec-purpose", "x-purpose", "x-moz"))
    return "prefetch" in said or "preview" in said


def _seconds(taken: TakenHome, ports: Ports) -> int:
    return max(1, int((taken.ends_at - ports.clock.now()).total_seconds()))


def _language(request: Request, visit: str = "") -> str:
    """The language the visit was made in; where there is none, what the browser likes."""
    if visit in languages():
        return visit
    liked = (one.split(";")[0].strip() for one in request.headers.get("accept-language", "")[:200].split(","))
    return closest([one for one in liked if one])


def _page(t: Words, said: Sheet, taken: TakenHome, secret: str) -> str:
    body = "".join(_part(one) for one in (*said.left, *said.right))
    until = t("kiosk_home.until", when=t.moment(taken.ends_at))
    link = f'<p><a href="{kiosk_home.PATH}{escape(secret)}/sheet.pdf">{escape(t("kiosk_home.print"))}</a></p>'
    foot = "".join(f"<p>{escape(one)}</p>" for one in (*said.foot, until))
    return _whole(t, said.title, f"<h1>{escape(said.title)}</h1><p>{escape(said.about)}</p>{body}{link}<footer>{foot}</footer>")


def _part(one: Part) -> str:
    return f"<h2>{escape(one.title)}</h2><ul>" + "".join(f"<li>{escape(line)}</li>" for line in one.lines) + "</ul>"


def _sorry(t: Words, code: str) -> str:
    return _whole(t, t("kiosk_home.title"), f"<h1>{escape(t('error.' + code))}</h1><p>{escape(t('error.' + code + '.next'))}</p>")


def _whole(t: Words, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{t.html_lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)} · {escape(t("app.name"))}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>'
    )


_STYLE = (
    "body{font:18px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;background:#FAF9F6;color:#1B2426;margin:0;padding:1.5rem}"
    "main{max-width:36rem;margin:auto}h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin:1.5rem 0 .3rem}ul{padding-left:1.2rem;margin:.2rem 0}"
    "li{margin:.3rem 0;overflow-wrap:anywhere}a{color:#0B5F66;display:inline-block;padding:.6rem 0}footer{margin-top:2rem;font-size:.9rem;color:#4A5659}"
    "@media(prefers-color-scheme:dark){body{background:#11181A;color:#E7ECEB}a{color:#6CC4C3}footer{color:#A9B4B5}}@media print{a{display:none}body{background:#fff;color:#000}}"
)

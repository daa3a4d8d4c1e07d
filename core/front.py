"""This is the place where Streamlit's start page becomes ours: language, title, icon, and words for those without JavaScript.

Streamlit serves one fixed English index.html for every address. It is read once, written anew for each language, and given out
in place of the original; nothing in it is about a person.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.ui.words import closest, languages, words

LANGUAGE_COOKIE = "hb_lang"

_ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#0B5F66'/>"
    "<path d='M4 17h6l3-8 5 15 3-9 2 2h5' fill='none' stroke='#fff' stroke-width='2.6' stroke-linejoin='round' stroke-linecap='round'/></svg>"
)
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class StartPages:
    """The start page in every language (bytes by language), and the CSP digests of the scripts inside it."""

    pages: Mapping[str, bytes]
    script_digests: tuple[str, ...]


def start_pages(original: Path) -> StartPages:
    """Write Streamlit's index.html anew for each language."""
    html = original.read_text(encoding="utf-8")
    pages = {language: _rewritten(html, language).encode() for language in languages()}
    digests = {
        "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for page in pages.values()
        for script in _INLINE_SCRIPT.findall(page.decode())
    }
    return StartPages(pages, tuple(sorted(digests)))


def _rewritten(html: str, language: str) -> str:
    say = words(language)
    html = html[html.index("<!DOCTYPE html>") :]
    html = html.replace('<html lang="en">', f'<html lang="{say.html_lang}">', 1)
    html = re.sub(r"<title>.*?</title>", f"<title>{say('app.name')}</title>", html, count=1, flags=re.DOTALL)
    html = re.sub(r'<link rel="shortcut icon"[^>]*>', f'<link rel="icon" href="data:image/svg+xml,{quote(_ICON)}">', html, count=1)
    html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", html)  # a font our theme does not use
    html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
    html = re.sub(r"<noscript>.*?</noscript>", f"<noscript><p>{say('app.needs_script')}</p></noscript>", html, count=1, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


class StartPageMiddleware:
    """Puts our start page in the place of Streamlit's, in the language the visitor chose or their browser asks for."""

    def __init__(self, app: ASGIApp, pages: StartPages) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith(("/static/", "/calendar/")):
            await self.app(scope, receive, send)
            return
        page = self.pages.pages[language_of(scope)]
        replacing = False

        async def sending(message: Message) -> None:
            nonlocal replacing
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                replacing = message["status"] == 200 and headers.get("content-type", "").startswith("text/html") and "etag" in headers
                if replacing:
                    for name in ("etag", "last-modified", "content-encoding"):
                        del headers[name]
                    headers["content-length"] = str(len(page))
                    headers["vary"] = "Cookie, Accept-Language"
            elif replacing and message["type"] == "http.response.body":
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": page if scope["method"] == "GET" else b""}
            await send(message)

        await self.app(_unconditional(scope), receive, sending)


def language_of(scope: Scope) -> str:
    """The language of a visitor: asked for in the address, chosen before, or what the browser prefers."""
    headers = Headers(scope=scope)
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [])
    chosen = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    return closest([*asked, *([chosen] if chosen else []), *preferred(headers.get("accept-language", ""))])


def preferred(header: str) -> Sequence[str]:
    """The language tags of an Accept-Language header, the most wanted first."""
    wanted = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        quality = float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0
        if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", tag) and quality:
            wanted.append((-quality, place, tag))
    return [tag for _, _, tag in sorted(wanted)]


def _unconditional(scope: Scope) -> Scope:
    """The request without its cache conditions: our page differs by language, Streamlit's file does not."""
    kept = [(name, value) for name, value in scope["headers"] if name not in (b"if-none-match", b"if-modified-since", b"range")]
    return {**scope, "headers": kept}

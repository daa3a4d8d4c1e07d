"""The start page is ours: in the visitor's language, under our name, pointing nowhere else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from streamlit import file_util

from core.front import StartPageMiddleware, preferred, start_pages
from core.ui.words import languages

STATIC = Path(file_util.get_static_dir())
PAGES = start_pages(STATIC / "index.html")


def client() -> TestClient:
    files = StaticFiles(directory=STATIC, html=True)
    return TestClient(Starlette(routes=[Mount("/", files)], middleware=[Middleware(StartPageMiddleware, pages=PAGES)]))


@pytest.mark.parametrize(
    ("path", "headers", "lang"),
    [
        ("/", {}, "en"),
        ("/", {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-Hans"),
        ("/", {"accept-language": "fr,en;q=0.2,zh;q=0.9"}, "zh-Hans"),
        ("/", {"accept-language": "fr"}, "en"),
        ("/", {"accept-language": "en", "cookie": "hb_lang=zh_Hans"}, "zh-Hans"),
        ("/?lang=en", {"cookie": "hb_lang=zh_Hans"}, "en"),
        ("/?lang=<script>", {"accept-language": "zh"}, "zh-Hans"),
    ],
)
def test_the_page_speaks_the_visitors_language(path: str, headers: dict[str, str], lang: str) -> None:
    answer = client().get(path, headers=headers)
    assert f'<html lang="{lang}">' in answer.text
    assert len(answer.content) == int(answer.headers["content-length"])
    assert answer.headers["vary"] == "Cookie, Accept-Language"


def test_the_page_bears_our_name_and_keeps_streamlits_scripts() -> None:
    for language in languages():
        page = PAGES.pages[language].decode()
        assert "<title>Streamlit" not in page
        assert "service-desc" not in page
        assert "favicon.png" not in page
        original = (STATIC / "index.html").read_text()
        assert set(re.findall(r'src="[^"]+"', original)) <= set(re.findall(r'src="[^"]+"', page))


def test_a_page_kept_by_the_browser_is_never_confirmed_for_another_language() -> None:
    plain = TestClient(Starlette(routes=[Mount("/", StaticFiles(directory=STATIC, html=True))]))
    etag = plain.get("/").headers["etag"]
    answer = client().get("/", headers={"if-none-match": etag, "accept-language": "zh"})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)


def test_other_files_pass_untouched() -> None:
    script = next((STATIC / "static" / "js").glob("index.*.js"))
    answer = client().get(f"/static/js/{script.name}")
    assert answer.content == script.read_bytes()


def test_the_digests_are_those_of_the_inline_scripts() -> None:
    for page in PAGES.pages.values():
        for script in re.findall(r"<script>(.*?)</script>", page.decode(), re.DOTALL):
            digest = "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert digest in PAGES.script_digests
    assert PAGES.script_digests


@given(st.text(max_size=80))
def test_no_accept_language_header_is_too_odd(header: str) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", tag) for tag in preferred(header))

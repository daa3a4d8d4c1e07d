"""Addresses of video rooms: only where nobody listens in, with a token that another implementation of the standard would accept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from core.channels.video import Jitsi
from core.errors import BadInput
from core.ports import VideoGuest
from core.settings import Settings
from core.wiring import video
from tests.care.given import NOW

SECRET = "0123456789abcdef0123456789abcdef"
GUEST = VideoGuest("Ann 安", True, NOW, NOW + timedelta(hours=1))


def part(text: str) -> dict[str, object]:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_without_a_secret_the_address_is_the_room_alone() -> None:
    assert Jitsi.of(" https://meet.example.org/ ", "", "").address("healthboard-ab/?#", GUEST) == "https://meet.example.org/healthboard-ab%2F%3F%23"


def test_a_token_is_for_this_room_this_guest_and_this_hour() -> None:
    address = Jitsi.of("https://meet.example.org/team", "board", SECRET).address("healthboard-ab", GUEST)
    where, _, token = address.partition("?jwt=")
    head, claims, signature = token.split(".")
    assert where == "https://meet.example.org/team/healthboard-ab" and part(head) == {"alg": "HS256", "typ": "JWT"}
    assert base64.urlsafe_b64encode(hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()).rstrip(b"=").decode() == signature
    said = part(claims)
    assert (said["aud"], said["iss"], said["sub"], said["room"]) == ("board", "board", "meet.example.org", "healthboard-ab")
    assert (said["nbf"], said["exp"]) == (int(NOW.timestamp()) - 60, int(NOW.timestamp()) + 3600)
    assert said["context"] == {"user": {"name": "Ann 安", "moderator": True}} and "=" not in token


def test_the_signature_is_that_of_the_published_example() -> None:
    """RFC 7515, A.1: the header and claims there, signed with the key there, give the signature there."""
    key = base64.urlsafe_b64decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==")
    signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    found = base64.urlsafe_b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).rstrip(b"=")
    assert found == b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.mark.parametrize(
    "given",
    [("http://meet.example.org/", "", ""), ("meet.example.org", "", ""), ("https://", "", ""), ("javascript:alert(1)", "", ""), ("https://a@meet.example.org", "", ""),
     ("https://meet.example.org/?a=b", "", ""), ("https://meet.example.org/", "board", ""), ("https://meet.example.org/", "", SECRET), ("https://meet.example.org/", "board", "short")],
)  # fmt: skip
def test_an_address_anybody_could_listen_at_or_a_token_that_protects_nothing_is_refused(given: tuple[str, str, str]) -> None:
    with pytest.raises(BadInput, match="bad_setting"):
        Jitsi.of(*given)


def test_http_is_for_this_machine_alone_and_no_setting_is_no_video() -> None:
    assert Jitsi.of("http://127.0.0.1:8443/", "", "").url == "http://127.0.0.1:8443"
    assert video(Settings(video_url="")) is None
    with pytest.raises(BadInput):
        video(Settings(video_secret=SECRET))
    assert SECRET not in repr(Settings(video_url="https://meet.example.org", video_app_id="board", video_secret=SECRET))
    assert SECRET not in repr(Jitsi.of("https://meet.example.org", "board", SECRET))

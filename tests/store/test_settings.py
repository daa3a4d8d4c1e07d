"""What can be set, and that secrets stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import BadInput
from core.settings import Settings, load_settings


def test_the_environment_is_read_with_its_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "HOME": str(tmp_path),
        "IDLE_MINUTES": "5",
        "DEMO": "yes",
        "ALLOWED_HOSTS": "a.example, b.example",
        "PUBLIC_URL": "https://a.example",
        "LOG_LEVEL": "debug",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"HEALTHBOARD_{name}", value)
    settings = load_settings()
    assert (settings.home, settings.idle_minutes, settings.demo, settings.log_level) == (tmp_path, 5, True, "DEBUG")
    assert settings.allowed_hosts == ("a.example", "b.example")
    assert settings.secure_cookies
    assert settings.key_path == tmp_path / "keys" / "master.key"


def test_without_a_home_the_platforms_data_folder_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HEALTHBOARD_HOME", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_settings().home == tmp_path / "healthboard"


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "99999"), ("IDLE_MINUTES", "0"), ("LOG_LEVEL", "loud"), ("MAX_UPLOAD_MB", "much")]
)
def test_what_cannot_be_is_refused_by_name_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HEALTHBOARD_{name}", value)
    with pytest.raises(BadInput, match=f"HEALTHBOARD_{name}") as refused:
        load_settings()
    assert value not in str(refused.value)


def test_secrets_do_not_show_and_nothing_changes(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, key="topsecret", database_url="postgresql://u:topsecret@h/d")
    assert "topsecret" not in repr(settings) + str(settings)
    with pytest.raises(ValidationError):
        settings.demo = True  # type: ignore[misc]


def test_paths_are_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("data")).home == tmp_path / "data"

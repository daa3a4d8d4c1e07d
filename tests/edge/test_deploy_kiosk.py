"""What deploy/kiosk says is true of this version: the command line knows it, the units verify where systemd is there, nothing leads out of the kiosk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.arguments import arguments
from core.edge.house import Place

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy" / "kiosk"
UNITS = [one for one in sorted(DEPLOY.glob("*.service")) if "-night" not in one.name]


def started(unit: Path) -> list[str]:
    (line,) = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line).split()


def test_the_command_line_knows_what_the_unit_starts_and_keeps_it_where_it_may_write() -> None:
    words = started(DEPLOY / "healthboard-kiosk.service")
    given = arguments().parse_args(words[1:])
    assert callable(given.command) and str(given.home) == "/var/lib/healthboard-kiosk"
    assert "StateDirectory=healthboard-kiosk" in (DEPLOY / "healthboard-kiosk.service").read_text(encoding="utf-8")
    assert {"server", "key_file", "home", "authority", "country"} <= set(Place.__dataclass_fields__)


def test_the_screen_opens_the_port_the_process_has_and_nothing_else() -> None:
    given = arguments().parse_args(started(DEPLOY / "healthboard-kiosk.service")[1:])
    address = f"http://127.0.0.1:{given.port}"
    script = (DEPLOY / "screen").read_text(encoding="utf-8")
    policy = json.loads((DEPLOY / "healthboard-kiosk-policy.json").read_text(encoding="utf-8"))
    assert f'"{address}/"' in script and {"--kiosk", "--incognito"} <= set(script.split())
    assert policy["URLAllowlist"] == policy["VideoCaptureAllowedUrls"] == [address] and policy["URLBlocklist"] == ["*"]
    assert not policy["VideoCaptureAllowed"] and policy["SavingBrowserHistoryDisabled"] and not policy["PasswordManagerEnabled"]
    subprocess.run(["sh", "-n", str(DEPLOY / "screen")], check=True)
    assert (DEPLOY / "screen").stat().st_mode & 0o111


def test_memory_is_never_written_to_a_disk_by_a_unit() -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        assert {"LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes"} <= set(
            text.splitlines()
        )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = re.sub(r"^(ExecStart(?:Pre)?=)\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")

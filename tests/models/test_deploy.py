"""This is the place where it is checked that what deploy/ says is true of this version: settings, commands, options, paths. No container is started."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.arguments import arguments
from core.settings import Settings
from models.repository import PLACES
from tests.models.triton.live import carried

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = ("models", "app", "worker")


def manifests() -> dict[str, dict[str, Any]]:
    files = sorted((DEPLOY / "kserve").glob("*.yaml"))
    return {one["kind"]: one for path in files for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))}


def filled(parts: list[str]) -> list[str]:
    """A command with the defaults of its variables."""
    return [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", part) for part in parts]


def test_every_setting_it_names_exists() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    named = {name.lower() for name in re.findall(r"HEALTHBOARD_([A-Z_]+)", text)}
    assert named
    assert named - set(Settings.model_fields) == set()


@pytest.mark.parametrize("service", OURS)
def test_the_command_line_knows_what_each_container_runs(service: str) -> None:
    given = arguments().parse_args(filled(COMPOSE["services"][service]["command"]))
    assert callable(given.command)


def test_the_job_on_kubernetes_exports_where_the_server_looks() -> None:
    found = manifests()
    (container,) = found["Job"]["spec"]["template"]["spec"]["containers"]
    given = arguments().parse_args(container["args"])
    claim = found["PersistentVolumeClaim"]["metadata"]["name"]
    mounted = container["volumeMounts"][0]["mountPath"]
    uri = found["InferenceService"]["spec"]["predictor"]["model"]["storageUri"]
    assert uri == f"pvc://{claim}/{given.out.relative_to(mounted)}"
    assert given.on in PLACES


def test_the_server_reads_what_was_exported_and_cannot_change_it() -> None:
    given = arguments().parse_args(filled(COMPOSE["services"]["models"]["command"]))
    triton = COMPOSE["services"]["triton"]
    assert f"--model-repository={given.out}" in triton["command"]
    assert triton["volumes"] == [f"models:{given.out}:ro"]
    assert "models:/models" in COMPOSE["services"]["models"]["volumes"]


def test_the_app_asks_the_server_where_it_listens() -> None:
    triton = COMPOSE["services"]["triton"]
    port = next(part.removeprefix("--http-port=") for part in triton["command"] if part.startswith("--http-port="))
    for service in ("app", "worker"):
        assert COMPOSE["services"][service]["environment"]["HEALTHBOARD_MODEL_SERVER"] == f"http://triton:{port}"
        assert set(triton["networks"]) <= set(COMPOSE["services"][service]["networks"])


def test_the_server_has_no_way_out_and_nobody_has_a_way_in() -> None:
    triton = COMPOSE["services"]["triton"]
    assert triton["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert "ports" not in triton
    policy = manifests()["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert policy["egress"] == []


def test_no_secret_is_written_into_a_file() -> None:
    for service in ("app", "worker"):
        environment = COMPOSE["services"][service]["environment"]
        assert environment["HEALTHBOARD_KEY_FILE"].startswith("/run/secrets/")
        assert not {"HEALTHBOARD_KEY", "HEALTHBOARD_DATABASE_URL"} & set(environment)


def test_both_ways_run_the_same_server() -> None:
    tag = re.search(r"tritonserver:([\w.-]+)\}", COMPOSE["services"]["triton"]["image"])
    assert tag
    assert manifests()["InferenceService"]["spec"]["predictor"]["model"]["runtimeVersion"] == tag.group(1)


def test_the_image_holds_what_the_app_runs_on() -> None:
    kept = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    assert [name for name in kept if not (ROOT / name).exists()] == []
    assert {"core", "pages", "models", "app.py", ".streamlit", "requirements.txt"} <= kept


@pytest.mark.needs_triton
def test_the_server_knows_every_option() -> None:
    packages = carried()
    if packages is None:
        pytest.skip("no Triton server: /usr/bin/python3 .ci/install.py --set triton --venv .venv-triton")
    said = subprocess.run(
        [str(packages / "pytriton/tritonserver/bin/tritonserver"), "--help"],
        capture_output=True, text=True, check=False, env={"LD_LIBRARY_PATH": str(packages / "nvidia_pytriton.libs")},
    )  # fmt: skip
    known = set(re.findall(r"--[a-z-]+", said.stdout + said.stderr))
    given = {part.split("=")[0] for part in COMPOSE["services"]["triton"]["command"] if part.startswith("--")}
    assert given
    assert given - known == set()

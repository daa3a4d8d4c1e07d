"""This is the place where the real Triton server (the one nvidia-pytriton carries) is started over an exported repository, on a CPU, and ended again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VENV = ROOT / ".venv-triton"
START_FOR = 90


def carried() -> Path | None:
    """The site-packages of the environment with nvidia-pytriton; None where it isn't installed."""
    return next((one for one in VENV.glob("lib/python*/site-packages") if (one / "pytriton" / "tritonserver").is_dir()), None)


@dataclass(frozen=True)
class Live:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def statistics(self, model: str) -> tuple[int, int]:
        """(pictures answered, times the network ran), warm-up left out."""
        found = httpx2.get(f"{self.url}/v2/models/{model}/stats", trust_env=False).json()["model_stats"]
        return sum(one["inference_count"] for one in found), sum(one["execution_count"] for one in found)

    def stop_answering(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def die(self) -> None:
        self.process.kill()
        self.process.wait(30)


@contextmanager
def running(repository: Path, work: Path) -> Iterator[Live]:
    """Start it over a copy of an exported repository whose models run in the Python backend; all else is as exported."""
    packages = carried()
    assert packages is not None
    models, log = _with_python_backend(repository, work / "models"), work / "triton.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": f"{VENV / 'bin'}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": str(packages / "nvidia_pytriton.libs"),
        "PYTHONPATH": str(packages),
        "OMP_NUM_THREADS": "1",
    }
    command = [
        str(packages / "pytriton/tritonserver/bin/tritonserver"), f"--model-repository={models}", f"--backend-directory={_backends(packages, work)}",
        "--http-address=127.0.0.1", f"--http-port={port}", "--allow-grpc=false", "--allow-metrics=false",
        f"--backend-config=python,shm-region-prefix-name=hb{os.getpid()}_{port}",
    ]  # fmt: skip
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
    live = Live(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait(live)
        yield live
    finally:
        live.go_on()
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def _with_python_backend(repository: Path, models: Path) -> Path:
    shutil.copytree(repository, models)
    for config in models.glob("*/config.pbtxt"):
        text = config.read_text(encoding="utf-8")
        assert 'backend: "onnxruntime"' in text
        config.write_text(text.replace('backend: "onnxruntime"', 'backend: "python"'), encoding="utf-8")
        for version in (one for one in config.parent.iterdir() if one.is_dir()):
            shutil.copy(HERE / "model.py", version)
    return models


def _backends(packages: Path, work: Path) -> Path:
    """The Python backend beside its stub for the environment's Python, as the server looks for it."""
    folder = work / "backends" / "python"
    folder.mkdir(parents=True)
    for one in (packages / "pytriton/tritonserver/backends/python").iterdir():
        if one.is_file():
            (folder / one.name).symlink_to(one)
    python = packages.parent.name.removeprefix("python")
    shutil.copy(packages / f"pytriton/tritonserver/python_backend_stubs/{python}/triton_python_backend_stub", folder)
    return folder.parent


def _wait(live: Live) -> None:
    until = time.monotonic() + START_FOR
    while time.monotonic() < until:
        if live.process.poll() is not None:
            break
        try:
            if httpx2.get(f"{live.url}/v2/health/ready", trust_env=False, timeout=2).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"Triton did not start:\n{live.log.read_text(errors='replace')[-3000:]}")

"""This is the place where a fresh checkout becomes runnable: one virtual environment, installed once, instant afterwards.

Standard library only, so that any Python 3.11 or newer can run it. Installed is what a stamp file says: its name holds a
digest of the requirement files, so a changed pin installs again and an unchanged one does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
SETS = {"app": ("requirements.txt",), "dev": ("requirements.txt", "requirements-dev.txt"), "triton": ("requirements-triton.txt",)}


def main(argv: list[str] | None = None) -> int:
    """Install what is missing and say where; 0 when the environment is ready."""
    asked = _arguments(argv)
    if sys.version_info < OLDEST:
        print(f"Healthboard needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    home = ROOT / asked.venv
    stamp = home / f".installed-{asked.set}-{digest(asked.set)}"
    if stamp.exists() and interpreter(home).exists():
        return 0
    if not interpreter(home).exists():
        print(f"Creating {asked.venv}", file=sys.stderr)
        venv.create(home, with_pip=True, clear=home.exists())
    print(f"Installing {' + '.join(SETS[asked.set])} (once; about a minute)", file=sys.stderr)
    _install(home, [str(ROOT / name) for name in SETS[asked.set]])
    if asked.set != "triton":
        _console_script(home)
    for old in home.glob(f".installed-{asked.set}-*"):
        old.unlink()
    stamp.touch()
    return 0


def digest(chosen: str) -> str:
    """A short digest of the requirement files of a set, and of the Python that installs them."""
    content = sys.version.encode() + b"".join((ROOT / name).read_bytes() for name in SETS[chosen])
    return hashlib.sha256(content).hexdigest()[:16]


def interpreter(home: Path) -> Path:
    """The Python inside a virtual environment."""
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install(home: Path, files: list[str]) -> None:
    wanted = [part for name in files for part in ("-r", name)]
    python = str(interpreter(home))
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        subprocess.run([uv, "pip", "install", "-q", "-p", python, "--compile-bytecode", *wanted], check=True)
        return
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "ensurepip", "-q"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)


def _console_script(home: Path) -> None:
    """Make `healthboard` a command of the environment that runs this checkout.

    A path file and a four-line script do what an editable install does, without fetching a build backend.
    """
    python = interpreter(home)
    where = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (Path(where) / "healthboard.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    script = python.parent / "healthboard"
    script.write_text(f"#!{python}\nimport sys\n\nfrom core.cli import main\n\nsys.exit(main())\n", encoding="utf-8")
    script.chmod(0o755)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Install Healthboard into a virtual environment of this checkout.")
    parser.add_argument("--set", choices=sorted(SETS), default="app", help="what to install (default: app)")
    parser.add_argument("--venv", default=".venv", help="the environment's folder, relative to the checkout")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())

"""This is the place where the speed of photo and signal checks is measured: end to end beside the bare network, and a model server's batches beside one by one.

    python -m benchmarks.checks [--repeat 40] [--keras DIR] [--server] [--seconds 4] [--fixed-cost 8] [--json]

The bare row is the same TFLite file in a plain interpreter: set_tensor, invoke, get_tensor. A check looks at a photo in several views; bare counts as many invokes
as the check asked, and "x one invoke" says what a person waits for beside a single look. --keras: the folder where training left <kind>/model.keras (or model.keras of
one kind), where TensorFlow is installed. --server needs the real Triton core (.ci/install.py --set triton). Nothing here uses a GPU.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from core.domain.checks import PHOTO_KINDS, CheckKind
from core.samples import photos
from models.cards import ARTIFACTS
from models.edge import runtime
from models.runner import FILES, INPUTS, Answered
from models.runners import EdgeRunner

END_TO_END, KERAS, BATCHED = 1.5, 5.0, 3.0
"""Goals: a check within this many times its bare invokes; the edge this many times faster than Keras; the batcher this many times one by one."""


SIDES = (640, 1280, 2048)
"""Photos: as a kiosk makes them, as many chats send them, as large as intake keeps."""


@dataclass
class Watched:
    """A runner that notes how long it took and how many rows it was asked."""

    inner: EdgeRunner
    rows: int = 0
    seconds: float = 0.0
    last: np.ndarray | None = field(default=None, repr=False)

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        began = time.perf_counter()
        found = self.inner.run(kind, batch)
        self.seconds, self.rows, self.last = self.seconds + time.perf_counter() - began, self.rows + len(batch), batch
        return found


def bare(path: Path) -> Callable[[np.ndarray], None]:
    """One row through the file and nothing else."""
    interpreter = runtime().Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    place, outputs = interpreter.get_input_details()[0]["index"], [one["index"] for one in interpreter.get_output_details()]

    def ask(row: np.ndarray) -> None:
        interpreter.set_tensor(place, row[None])
        interpreter.invoke()
        for one in outputs:
            interpreter.get_tensor(one)

    return ask


def once(kind: CheckKind, runner: Watched, side: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """A whole check of something we drew that passes the gate, and the gate alone, ready to be timed; taking the file in is part of neither."""
    from models.shipped_checks import ShippedChecks

    checks = ShippedChecks(runner, ARTIFACTS)
    if kind in PHOTO_KINDS:
        photo = checks.photo(drawn(kind, side))
        return lambda: checks.check_photo(kind, photo), lambda: checks.photo_quality(kind, photo)
    from models.signal_check.quality import gates

    signal = checks.signal("drawn.csv", photos.pulse(1, 10, irregular=False))
    return lambda: checks.check_signal(signal), lambda: gates(signal.segments)


def timed(kind: CheckKind, side: int, repeat: int) -> dict[str, object]:
    """One row: milliseconds (medians) of a check, of its gate and its runner, and of as many bare invokes; asked in turns."""
    runner = Watched(EdgeRunner(ARTIFACTS))
    check, gate = once(kind, runner, side)
    ask = bare(ARTIFACTS / kind.value / FILES["int8"])
    row: dict[str, object] = {"kind": kind.value} | ({"photo_px": side} if kind in PHOTO_KINDS else {})
    check()
    if runner.last is None:
        return row | {"why": "the gate refused what was drawn, so no model was asked"}
    rows, views = runner.rows, runner.last
    took: dict[str, list[float]] = {"check": [], "gate": [], "runner": [], "bare": []}
    for _ in range(repeat):
        runner.seconds = 0.0
        took["check"].append(_seconds(check))
        took["runner"].append(runner.seconds)
        took["gate"].append(_seconds(gate))
        took["bare"].append(_seconds(lambda: [ask(views[at % len(views)]) for at in range(rows)]))
    middle = {name: 1000 * float(np.median(times)) for name, times in took.items()}
    rest = middle["check"] - middle["gate"] - middle["runner"]
    return row | {
        "invokes": rows, "check_ms": round(middle["check"], 2), "gate_ms": round(middle["gate"], 2), "runner_ms": round(middle["runner"], 2),
        "views_and_drawing_ms": round(rest, 2), "bare_ms": round(middle["bare"], 2), "ratio": round(middle["check"] / middle["bare"], 2),
        "runner_ratio": round(middle["runner"] / middle["bare"], 2), "times_one_invoke": round(middle["check"] / middle["bare"] * rows, 1),
    }  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def against_keras(kind: CheckKind, folder: Path, repeat: int) -> dict[str, object]:
    """Keras `predict` of one input beside the int8 file."""
    import keras

    path = next((one for one in (folder / kind.value / "model.keras", folder / "model.keras") if one.is_file()), None)
    if path is None:
        return {"kind": kind.value, "why": f"no model.keras in {folder}"}
    model = keras.saving.load_model(path, compile=False)
    if tuple(model.input_shape[1:]) != INPUTS[kind][1]:
        return {"kind": kind.value, "why": f"{path.name} is another kind's"}
    with np.load(ARTIFACTS / kind.value / "parity.npz") as frozen:
        row = frozen["input"][0]
    ask, given = bare(ARTIFACTS / kind.value / FILES["int8"]), row[None].astype(np.float32)
    model.predict(given, verbose=0)
    ask(row)
    slow, quick = [], []
    for _ in range(repeat):
        slow.append(_seconds(lambda: model.predict(given, verbose=0)))
        quick.append(_seconds(lambda: ask(row)))
    slow_ms, quick_ms = (1000 * float(np.median(times)) for times in (slow, quick))
    return {"kind": kind.value, "keras_ms": round(slow_ms, 2), "edge_ms": round(quick_ms, 2), "ratio": round(slow_ms / quick_ms, 1)}


def drawn(kind: CheckKind, side: int) -> bytes:
    """A photo of ours, enlarged to so many pixels on its side, as a telephone makes them."""
    made = photos.skin(1, photos.Spot(0.2, 0.1)) if kind is CheckKind.SKIN else photos.wound(1, 0.22, marked=True)
    out = io.BytesIO()
    Image.open(io.BytesIO(made)).resize((side, side), Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--keras", type=Path, metavar="DIR")
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--fixed-cost", type=float, default=8.0, metavar="MS")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    kinds = tuple(kind for kind in CheckKind if (ARTIFACTS / kind.value / "card.json").is_file())
    told: dict[str, list[dict[str, object]]] = {
        "edge": [timed(kind, side, given.repeat) for kind in kinds for side in (SIDES if kind in PHOTO_KINDS else SIDES[:1])],
        "keras": [],
        "server": [],
    }
    if given.keras and importlib.util.find_spec("tensorflow"):
        told["keras"] = [against_keras(kind, given.keras, given.repeat) for kind in kinds]
    if given.server:
        from benchmarks.check_server import measured

        with tempfile.TemporaryDirectory() as work:
            told["server"] = measured(ARTIFACTS, Path(work), kinds, given.seconds, given.fixed_cost)
    if given.json:
        print(json.dumps(told, indent=1))
    else:
        for part, rows in told.items():
            for row in rows:
                print(part, " ".join(f"{key}={value}" for key, value in row.items()))
    return _judged(told)


def _judged(told: dict[str, list[dict[str, object]]]) -> int:
    """Say which goals were missed; 1 where any was."""
    missed = [
        f"edge {row['kind']}: {row.get('ratio', row.get('why'))}"
        for row in told["edge"]
        if not float(row.get("ratio", np.inf)) <= END_TO_END
    ]  # type: ignore[arg-type]
    missed += [f"keras {row['kind']}: {row['ratio']}" for row in told["keras"] if float(row.get("ratio", np.inf)) < KERAS]  # type: ignore[arg-type]
    missed += [f"server {row['model']}: {row['ratio']}" for row in told["server"] if row["goal"] and float(row["ratio"]) < BATCHED]  # type: ignore[arg-type]
    print(f"goals missed: {'; '.join(missed) or 'none'}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())

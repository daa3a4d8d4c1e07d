"""This is the place where a model server is put under load: 32 clients at once, with the batcher and one by one, on the real Triton core.

Both ways stand in one server at the same time, as two models with the same file: `<kind>` as exported, `<kind>_alone` without `dynamic_batching`. They are asked in
turns, so that what else the machine does falls on both. On a CPU a batch of 32 costs about 32 single runs, so the batcher has little to gain there; `network_gain` says how
much the network itself gains from a batch, which is the most it could. What the batcher and the way to it can do is the row `fixed_cost`: rhythm's network behind a wait of so
many ms a run whatever the batch, as a device with room to spare would take. It stands in for a GPU and is none. A client is a thread that sends the same bytes over a connection it keeps, and asks again when it
is answered: it costs little beside the server, but on the same cores.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from core.domain.checks import CheckKind
from models.repository import write_repository
from models.runner import FILES
from models.runners.wire import LENGTH_HEADER, answer, question
from tests.models.triton.live import Live, running

CLIENTS = 32


def measured(
    artifacts: Path, work: Path, kinds: tuple[CheckKind, ...], seconds: float, fixed_cost: float
) -> list[dict[str, object]]:
    """A row for each kind, and one with a fixed cost (ms): answers a second, p50 and p99 in ms, pictures to a run of the network; batched, one by one, and a
    single client. `goal`: whether the goal is measured on this row."""
    repository = work / "exported"
    write_repository(artifacts, repository, place="cpu", kinds=kinds)
    names = {kind.value: kind for kind in kinds}
    if CheckKind.RHYTHM in kinds:
        _copied(
            repository,
            "rhythm",
            "fixed_cost",
            lambda text: f'{text}parameters {{ key: "wait_ms" value {{ string_value: "{fixed_cost}" }} }}\n',
        )
        names["fixed_cost"] = CheckKind.RHYTHM
    for name in names:
        _copied(repository, name, f"{name}_alone", lambda text: re.sub(r"^dynamic_batching .*\n", "", text, flags=re.MULTILINE))
    with running(repository, work) as live:
        return [_row(live, artifacts, name, kind, seconds) | {"goal": name == "fixed_cost"} for name, kind in names.items()]


def _copied(repository: Path, name: str, other: str, change: Callable[[str], str]) -> None:
    """The same model a second time under another name."""
    (repository / other / "1").mkdir(parents=True)
    (repository / other / "1" / "model.onnx").write_bytes((repository / name / "1" / "model.onnx").read_bytes())
    text = (repository / name / "config.pbtxt").read_text(encoding="utf-8").replace(f'name: "{name}"', f'name: "{other}"', 1)
    (repository / other / "config.pbtxt").write_text(change(text), encoding="utf-8")


def network_gain(path: Path, given: np.ndarray, batch: int = CLIENTS) -> float:
    """How many times faster `batch` inputs are in one run than in as many runs, on one core, without any server."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name, many = session.get_inputs()[0].name, given.repeat(batch, axis=0)
    took: list[list[float]] = [[], []]
    for _ in range(6):
        began = time.perf_counter()
        for _ in range(batch):
            session.run(None, {name: given})
        middle = time.perf_counter()
        session.run(None, {name: many})
        took[0].append(middle - began)
        took[1].append(time.perf_counter() - middle)
    return float(np.median(took[0][1:]) / np.median(took[1][1:]))


def _row(live: Live, artifacts: Path, model: str, kind: CheckKind, seconds: float, rounds: int = 2) -> dict[str, object]:
    with np.load(artifacts / kind.value / "parity.npz") as frozen:
        given = frozen["input"][:1]
    names = {"batched": model, "one_by_one": f"{model}_alone"}
    for name in names.values():
        load(live.url, name, kind, given, CLIENTS, 1.0)  # until every process is warm
    took: dict[str, list[float]] = {way: [] for way in names}
    counts = {way: [0, 0] for way in names}
    for _ in range(rounds):
        for way, name in names.items():
            before = live.statistics(name)
            took[way] += load(live.url, name, kind, given, CLIENTS, seconds)
            for at, (after, was) in enumerate(zip(live.statistics(name), before, strict=True)):
                counts[way][at] += after - was
    row: dict[str, object] = {"model": model, "clients": CLIENTS}
    for way, times in took.items():
        row[f"{way}_per_s"] = round(len(times) / (seconds * rounds), 1)
        row[f"{way}_p50_ms"], row[f"{way}_p99_ms"] = (round(1000 * float(np.percentile(times, q)), 1) for q in (50, 99))
        row[f"{way}_pictures_a_run"] = round(counts[way][0] / max(1, counts[way][1]), 1)
    row["ratio"] = round(len(took["batched"]) / max(1, len(took["one_by_one"])), 2)
    row["one_client_p50_ms"] = round(1000 * float(np.median(load(live.url, model, kind, given, 1, seconds))), 1)
    row["network_gain"] = round(network_gain(artifacts / kind.value / FILES["onnx"], given), 2)
    return row


def load(url: str, name: str, kind: CheckKind, given: np.ndarray, clients: int, seconds: float) -> list[float]:
    """How long each answer took, in seconds. Raises AssertionError where one is no answer."""
    body, length = question(kind, given)
    headers = {LENGTH_HEADER: str(length), "Content-Type": "application/octet-stream"}
    took: list[list[float]] = [[] for _ in range(clients)]
    faults: list[str] = []
    begin, until = threading.Barrier(clients + 1), [0.0]

    def client(at: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        begin.wait()
        begin.wait()
        while time.perf_counter() < until[0]:
            began = time.perf_counter()
            connection.request("POST", f"/v2/models/{name}/infer", body, headers)
            reply = connection.getresponse()
            told = reply.read()
            took[at].append(time.perf_counter() - began)
            if reply.status != 200:
                faults.append(told[:200].decode(errors="replace"))
                return
        if at == 0:
            answer(told, reply.headers[LENGTH_HEADER])
        connection.close()

    threads = [threading.Thread(target=client, args=(at,), daemon=True) for at in range(clients)]
    for thread in threads:
        thread.start()
    begin.wait()
    until[0] = time.perf_counter() + seconds
    begin.wait()
    for thread in threads:
        thread.join(seconds + 60)
    assert not faults, faults[0]
    return [one for some in took for one in some]

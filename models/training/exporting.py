"""This is the place where a trained network is written as the files that ship, and each file is held against the network it came from."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import keras
import numpy as np
import onnx
import tensorflow as tf

from core.domain.checks import CheckKind
from models.runner import FILES, INPUTS, OUTPUTS

LIMITS = {"int8": 5_000_000, "onnx": 10_000_000, "parity": 1_500_000}
"""Bytes: int8 and ONNX as the contract says, the frozen set so that a checkout stays small."""
CALIBRATED_WITH = 256
OPSET = 17
HALF_FROM = 10_000
"""Outputs with more numbers than this for each item (a mask) are frozen as float16: its step is 5e-4 at most for a probability."""


def export(model: keras.Model, kind: CheckKind, calibration: np.ndarray, parity: np.ndarray, out: Path) -> dict[str, float]:
    """Write model.keras, model.fp16.tflite, model.int8.tflite, model.onnx and parity.npz into `out`; return the largest differences.

    `model`: one input, float32 in 0..255 of a picture or the float32 signal, (n, *shape of INPUTS) without the batch fixed; answers a dict with the names of
    OUTPUTS. Scaling is inside it. The files take what INPUTS says (uint8 pictures). `calibration`: real training inputs in the type of INPUTS, from which the
    int8 file learns its ranges (the first 256). `parity`: inputs made by us, never anybody's picture. Keys of the answer: "fp16", "int8", "onnx" (largest
    difference of a probability: softmax of the logits, or the mask), and "<file>.<output>" (largest difference of an output as it comes). Raises ValueError
    where the network is not as the contract says or a file is too large.
    """
    _fits(model, kind, calibration, parity)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out / "model.keras")
    (out / FILES["fp16"]).write_bytes(_tflite(_asked(model, kind, as_shipped=True), _halved))
    (out / FILES["int8"]).write_bytes(_tflite(_asked(model, kind, as_shipped=False), lambda one: _eighth(one, kind, calibration)))
    onnx.save(_onnx(_asked(model, kind, as_shipped=True), kind), str(out / FILES["onnx"]))
    truth = predict(model, parity)
    frozen = {name: values.astype(np.float16) if values[0].size > HALF_FROM else values for name, values in truth.items()}
    np.savez_compressed(out / "parity.npz", input=parity, **frozen)
    for name, path in (("int8", out / FILES["int8"]), ("onnx", out / FILES["onnx"]), ("parity", out / "parity.npz")):
        if path.stat().st_size > LIMITS[name]:
            raise ValueError(f"{path.name}: {path.stat().st_size} bytes, at most {LIMITS[name]}")
    return differences(truth, {name: ask(out / file, kind, parity) for name, file in FILES.items()})


def predict(model: keras.Model, inputs: np.ndarray, batch: int = 32) -> dict[str, np.ndarray]:
    """The network's own answers, float32, by name of output."""
    parts = [model(inputs[start : start + batch].astype(np.float32), training=False) for start in range(0, len(inputs), batch)]
    return {name: np.concatenate([np.asarray(one[name], np.float32) for one in parts]) for name in parts[0]}


def ask(path: Path, kind: CheckKind, inputs: np.ndarray) -> dict[str, np.ndarray]:
    """What a written file answers, item by item (as a phone asks), by name of output."""
    name = INPUTS[kind][0]
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        answers = [dict(zip(OUTPUTS[kind], session.run(list(OUTPUTS[kind]), {name: one[None]}), strict=True)) for one in inputs]
    else:
        from ai_edge_litert.interpreter import Interpreter  # what the app runs, not TensorFlow's own

        runner = Interpreter(str(path), num_threads=1).get_signature_runner()
        answers = [runner(**{name: one[None]}) for one in inputs]
    return {output: np.concatenate([one[output] for one in answers]) for output in OUTPUTS[kind]}


def differences(truth: Mapping[str, np.ndarray], answers: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, float]:
    """The largest distance of each file from the network: of a probability, and of each output."""
    main = "mask" if "mask" in truth else "logits"
    found = {}
    for file, given in answers.items():
        found[file] = float(np.abs(_probability(main, given[main]) - _probability(main, truth[main])).max())
        found |= {f"{file}.{name}": float(np.abs(given[name] - values).max()) for name, values in truth.items()}
    return found


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, classes) -> probabilities."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _probability(name: str, values: np.ndarray) -> np.ndarray:
    return softmax(values) if name == "logits" else values


def _fits(model: keras.Model, kind: CheckKind, calibration: np.ndarray, parity: np.ndarray) -> None:
    _, shape, kept_as = INPUTS[kind]
    given = model.output if isinstance(model.output, Mapping) else {}
    if set(given) != set(OUTPUTS[kind]):
        raise ValueError(f"outputs {sorted(given)}, needed {sorted(OUTPUTS[kind])}")
    if tuple(model.input_shape) != (None, *shape):
        raise ValueError(f"input {model.input_shape}, needed {(None, *shape)}")
    for name, values in (("calibration", calibration), ("parity", parity)):
        if values.shape[1:] != shape or values.dtype != kept_as or not len(values):
            raise ValueError(f"{name}: {values.dtype} {values.shape}, needed {np.dtype(kept_as)} (n, {shape})")


def _asked(model: keras.Model, kind: CheckKind, *, as_shipped: bool) -> tf.Module:
    """The network as one signature. `as_shipped`: a picture comes as uint8 and is cast inside; else as float32 (the int8 file gets its uint8 input from the
    converter, with scale 1)."""
    name, shape, kept_as = INPUTS[kind]
    comes_as = tf.as_dtype(kept_as) if as_shipped else tf.float32
    holder = tf.Module()
    holder.held = [one.value for one in model.weights]  # else a SavedModel forgets the values of a Keras 3 network

    @tf.function(input_signature=[tf.TensorSpec((None, *shape), comes_as, name=name)])
    def run(given: tf.Tensor) -> dict[str, tf.Tensor]:
        answer = model(tf.cast(given, tf.float32), training=False)
        return {output: tf.identity(answer[output], name=output) for output in OUTPUTS[kind]}

    holder.run = run
    return holder


def _tflite(holder: tf.Module, setting: Callable[[tf.lite.TFLiteConverter], None]) -> bytes:
    """By way of a SavedModel: only so the file carries a signature with names."""
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(holder, folder, signatures={"serving_default": holder.run})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        setting(converter)
        return bytes(converter.convert())


def _halved(converter: tf.lite.TFLiteConverter) -> None:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]


def _eighth(converter: tf.lite.TFLiteConverter, kind: CheckKind, calibration: np.ndarray) -> None:
    name, _, kept_as = INPUTS[kind]
    known = calibration[:CALIBRATED_WITH].astype(np.float32)
    if kept_as is np.uint8:
        known[0].flat[0], known[0].flat[1] = 0.0, 255.0  # both ends seen: the scale of the input is exactly 1

    def examples() -> Iterator[dict[str, np.ndarray]]:
        for one in known:
            yield {name: one[None]}

    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.as_dtype(kept_as)
    converter.inference_output_type = tf.float32


def _onnx(holder: tf.Module, kind: CheckKind) -> onnx.ModelProto:
    """Float32 inside, outputs under their own names, the batch axis free."""
    import tf2onnx

    name, shape, kept_as = INPUTS[kind]
    spec = [tf.TensorSpec((None, *shape), tf.as_dtype(kept_as), name=name)]
    found, _ = tf2onnx.convert.from_function(holder.run, input_signature=spec, opset=OPSET)
    # tf2onnx names the outputs in the order of a sorted dict, or by the name of the last operation
    wanted = sorted(OUTPUTS[kind])
    for value, called in zip(found.graph.output, wanted, strict=True):
        old, value.name = value.name, called
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
        for node in found.graph.node:
            node.output[:] = [called if one == old else one for one in node.output]
            node.input[:] = [called if one == old else one for one in node.input]
    found.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.checker.check_model(found)
    return found

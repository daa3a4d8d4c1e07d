"""This is the place where MobileNet feature extractors are built from Apache-2.0 ImageNet weights, batch norm already folded into the kernels.

The weights are no part of this repository: `root` is the folder that holds google-coral/ and converted/. Input is float32 in 0..255 (the scaling
x / 127.5 - 1 is the first layer), the output of `taps` are feature maps by layer name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from keras import layers

V1_FILE = "google-coral/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite"
V2_FILE = "converted/mobilenet_v2_1.0_224_from_ptq.npz"
V1_BLOCKS = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
"""(filters, stride) of the thirteen depthwise-separable blocks (Howard, arXiv:1704.04861, table 1)."""
V2_GROUPS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""(expansion, filters, repeats, stride of the first) of the bottlenecks (Sandler, CVPR 2018, table 2)."""


class WeightsRefused(Exception):
    """The weights are missing or are not of this network; says which file."""


def mobilenet_v1(root: Path, side: int = 224) -> keras.Model:
    """MobileNetV1 1.0 with layers block_1 ... block_13 (the last: side/32, 1024 channels). Raises WeightsRefused."""
    image = keras.Input((side, side, 3), name="image")
    x = _relu6(layers.Conv2D(32, 3, 2, "same", name="conv_0")(scaled(image)), "block_0")
    for n, (filters, stride) in enumerate(V1_BLOCKS, start=1):
        x = _relu6(layers.DepthwiseConv2D(3, stride, "same", name=f"depthwise_{n}")(x), f"depthwise_relu_{n}")
        x = _relu6(layers.Conv2D(filters, 1, name=f"conv_{n}")(x), f"block_{n}")
    return _filled(keras.Model(image, x, name="mobilenet_v1"), _from_tflite(root / V1_FILE), V1_FILE)


def mobilenet_v2(root: Path, side: int = 224) -> keras.Model:
    """MobileNetV2 1.0 with layers block_0 ... block_16 and block_17 (the last: side/32, 1280 channels). Raises WeightsRefused."""
    image = keras.Input((side, side, 3), name="image")
    x, number = _relu6(layers.Conv2D(32, 3, 2, "same", name="conv_0")(scaled(image)), "stem"), 0
    for expansion, filters, repeats, first_stride in V2_GROUPS:
        for repeat in range(repeats):
            x = _bottleneck(x, number, expansion, filters, first_stride if repeat == 0 else 1)
            number += 1
    x = _relu6(layers.Conv2D(1280, 1, name="conv_17")(x), f"block_{number}")
    return _filled(keras.Model(image, x, name="mobilenet_v2"), _from_npz(root / V2_FILE), V2_FILE)


def scaled(image: keras.KerasTensor) -> keras.KerasTensor:
    """0..255 to -1..1, as the weights were trained."""
    return layers.Rescaling(1 / 127.5, offset=-1.0, name="scale")(image)


def taps(model: keras.Model, names: tuple[str, ...]) -> keras.Model:
    """The same network with the outputs of the layers named, in their order."""
    return keras.Model(model.input, [model.get_layer(name).output for name in names], name=f"{model.name}_taps")


def _relu6(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.ReLU(6.0, name=name)(x)


def _bottleneck(x: keras.KerasTensor, n: int, expansion: int, filters: int, stride: int) -> keras.KerasTensor:
    inside = x
    if expansion > 1:
        inside = _relu6(layers.Conv2D(expansion * x.shape[-1], 1, name=f"expand_{n}")(x), f"expand_relu_{n}")
    inside = _relu6(layers.DepthwiseConv2D(3, stride, "same", name=f"depthwise_{n}")(inside), f"depthwise_relu_{n}")
    same = stride == 1 and x.shape[-1] == filters
    out = layers.Conv2D(filters, 1, name=f"project_{n}" if same else f"block_{n}")(inside)
    return layers.Add(name=f"block_{n}")([x, out]) if same else out


def _filled(model: keras.Model, weights: Iterator[np.ndarray], name: str) -> keras.Model:
    """Fill kernels and biases in the order of the layers; a shape that does not fit refuses the file."""
    found = list(weights)
    wanted = model.weights
    if [tuple(one.shape) for one in found] != [tuple(one.shape) for one in wanted]:
        raise WeightsRefused(f"{name}: not the weights of {model.name}")
    model.set_weights(found)
    model.trainable = False
    return model


def _from_npz(path: Path) -> Iterator[np.ndarray]:
    if not path.is_file():
        raise WeightsRefused(f"{path.name}: missing")
    with np.load(path) as held:
        for name in held.files:
            values = held[name].astype(np.float32)
            if values.size and not name.startswith(("predictions", "Logits")):
                yield values


def _from_tflite(path: Path) -> Iterator[np.ndarray]:
    """Kernels and biases of every convolution, dequantised, in the order they run."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    if not path.is_file():
        raise WeightsRefused(f"{path.name}: missing")
    # without delegates: the interpreter then lists the single operations and keeps their weights readable
    asked = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    asked.allocate_tensors()
    details = {one["index"]: one for one in asked.get_tensor_details()}
    for step in asked._get_ops_details():
        if step["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            _, kernel, bias = (int(one) for one in step["inputs"])
            values = _dequantised(asked.get_tensor(kernel), details[kernel])
            # TFLite keeps (out, h, w, in) and, of depthwise ones, (1, h, w, channels); Keras (h, w, in, out) and (h, w, channels, 1)
            yield np.ascontiguousarray(values.transpose(1, 2, 3, 0))
            yield _dequantised(asked.get_tensor(bias), details[bias])


def _dequantised(values: np.ndarray, detail: dict) -> np.ndarray:
    held = detail["quantization_parameters"]
    scales, zeros = held["scales"], held["zero_points"]
    if not len(scales):
        return values.astype(np.float32)
    shape = [1] * values.ndim
    if len(scales) > 1:
        shape[held["quantized_dimension"]] = -1
    return ((values.astype(np.float32) - zeros.reshape(shape)) * scales.reshape(shape)).astype(np.float32)

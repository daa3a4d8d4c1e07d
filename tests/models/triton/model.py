"""This is the place where Triton's Python backend runs a model.onnx, since the wheel of nvidia-pytriton carries no ONNX backend. Read by the server, not by tests."""

import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
import triton_python_backend_utils as server


class TritonPythonModel:
    """What the backend looks for."""

    def initialize(self, given):
        config = json.loads(given["model_config"])
        self.name, self.outputs = config["input"][0]["name"], [one["name"] for one in config["output"]]
        self.wait = (
            float(config["parameters"].get("wait_ms", {}).get("string_value", 0)) / 1000
        )  # for the benchmark: a device of a fixed cost
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = Path(given["model_repository"]) / given["model_version"] / "model.onnx"
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def execute(self, requests):
        """All that the batcher put together, in one go."""
        batches = [server.get_input_tensor_by_name(one, self.name).as_numpy() for one in requests]
        time.sleep(self.wait)
        found = self.session.run(self.outputs, {self.name: np.concatenate(batches)})
        ends = np.cumsum([len(one) for one in batches])
        return [
            server.InferenceResponse(
                [
                    server.Tensor(name, np.ascontiguousarray(one[end - len(batch) : end]))
                    for name, one in zip(self.outputs, found, strict=True)
                ]
            )
            for batch, end in zip(batches, ends, strict=True)
        ]

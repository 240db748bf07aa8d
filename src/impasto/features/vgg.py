"""The first eight convolutions of VGG-19 (Simonyan and Zisserman 2014), Caffe family, frozen.

In: pictures B 3 H W, RGB in [0, 1]. The network owns its normalisation: BGR, 0..255, mean removed.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from impasto.errors import ModelError

LAYERS = ("1_1", "1_2", "pool", "2_1", "2_2", "pool", "3_1", "3_2", "3_3", "3_4")
MEAN = (103.939, 116.779, 123.68)


class VGG19(nn.Module):
    """Return a dict of features after ReLU at the named layers, as ``relu3_1``."""

    mean: Tensor

    def __init__(self, path: Path, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        try:
            weights = load_file(path)
            wanted = {
                n: (weights[f"conv{n}.weight"], weights[f"conv{n}.bias"])
                for n in LAYERS
                if n != "pool"
            }
        except Exception as error:
            raise ModelError(
                f"{path} does not hold VGG-19 weights conv1_1 to conv3_4 as safetensors ({error}). "
                "Give the teacher file with --teacher."
            ) from error
        for name, (kernel, bias) in wanted.items():
            kernel = kernel.to(dtype).contiguous(memory_format=torch.channels_last)
            self.register_buffer(f"kernel{name}", kernel, persistent=False)
            self.register_buffer(f"bias{name}", bias.to(dtype), persistent=False)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.dtype = dtype

    def forward(self, picture: Tensor, last: str = "relu3_4") -> dict[str, Tensor]:
        x = (picture.float().flip(1) * 255 - self.mean).to(self.dtype)
        x = x.contiguous(memory_format=torch.channels_last)
        found = {}
        for name in LAYERS:
            if name == "pool":
                x = F.max_pool2d(x, 2)
                continue
            kernel, bias = getattr(self, f"kernel{name}"), getattr(self, f"bias{name}")
            x = F.relu_(F.conv2d(x, kernel, bias, padding=1))
            found[f"relu{name}"] = x
            if f"relu{name}" == last:
                break
        return found

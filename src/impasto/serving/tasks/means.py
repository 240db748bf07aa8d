"""What a machine lends to tasks: the same for every client, and set by nobody but the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Means:
    """Device and threads to compute with, and a folder of data sets to train on."""

    device: str = "auto"
    threads: int = 0
    data: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the means as plain values."""
        data = None if self.data is None else str(self.data)
        return {"device": self.device, "threads": self.threads, "data": data}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Means":
        """Return the means of plain values."""
        data = values.get("data")
        return cls(values["device"], values["threads"], None if data is None else Path(data))

"""The role ``live`` of a worker process: paints previews, and sees the styles of paintings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from impasto.provenance.cards import StyleCard
from impasto.serving.live.previews import Previews, small_jpeg
from impasto.serving.workers.roles import Answer, Call, Handler

SIDE = 320  # long side of the picture that stands for a style


def open_role(settings: Mapping[str, Any]) -> Mapping[str, Handler]:
    """Open the painter, and return what the process answers: ``paint`` and ``encode``."""
    previews = Previews(**settings)
    previews.stylizer()  # not while somebody waits

    def paint(call: Call) -> Answer:
        return previews.paint(call.payload, call.blob)

    def encode(call: Call) -> Answer:
        return encoded(previews, call.payload)

    return {"paint": paint, "encode": encode}


def encoded(previews: Previews, wanted: Mapping[str, Any]) -> Answer:
    """Make a style of a painting: write it to `output`, return its card and a small JPEG.

    Args:
        wanted: `input` and `output` are paths, `card` has the name and what else is known.

    Raises PictureError.
    """
    name = wanted["card"]["name"]
    seen = previews.stylizer().style_of(Path(wanted["input"]), name)
    card = StyleCard(palette=seen.card.palette, **wanted["card"])
    replace(seen, card=card).save(wanted["output"])
    assert seen.painting is not None
    return {"card": card.to_json()}, small_jpeg(seen.painting, SIDE)

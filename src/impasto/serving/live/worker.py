"""The role ``live`` of a worker process: paints previews, and sees the styles of paintings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.provenance.cards import StyleCard
from impasto.serving.live.previews import Previews
from impasto.serving.tasks.asked import is_picture
from impasto.serving.workers.roles import Answer, Call, Handler
from impasto.styles.style import Style


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
    """Make a style of a painting or ``.style`` file: write it to `output`, and return its card.

    Args:
        wanted: `input` and `output` are paths, `card` has the name and what else is known.

    Raises PictureError, ModelError or EncoderMismatch.
    """
    stylizer, path = previews.stylizer(), Path(wanted["input"])
    seen = stylizer.style_of(path, "own") if is_picture(path) else Style.load(path)
    stylizer.check(seen)
    known: dict[str, Any] = {"palette": seen.card.palette, **wanted["card"]}
    style = Style(seen.vector, seen.encoder_id, StyleCard(**known), seen.moments)
    style.save(wanted["output"])
    return {"card": style.card.to_json()}, b""

"""The fast method: an exported network, prepared by a style vector, paints any picture."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from impasto.catalog.palette import palette
from impasto.engines.base import Engine, Network
from impasto.engines.registry import open_engine
from impasto.errors import EncoderMismatch, ModelError, UnknownStyle, UsageError, did_you_mean
from impasto.images.grain import add_grain
from impasto.images.resize import fit_long_side, resize
from impasto.images.source import Picture, Source, open_picture
from impasto.methods.base import Painter, Pixels, Region
from impasto.methods.fast_painter import FastPainter
from impasto.methods.regions import Composite
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style, Vector, mix
from impasto.styles.words import Words, kebab, open_styles, parse_word, words_of
from impasto.weights.models import SHIPPED as MODELS
from impasto.weights.models import Model, find_model, open_model

SHIPPED = MODELS / "painter"
THUMBNAIL = 512  # long side that styles and global statistics are seen at, as in training
OFFERED = 12  # names that an error lists


class FastStylizer(ABC):
    """Paint by style vectors; one instance may be used for many pictures and from many threads.

    Instance normalization by a style (Huang and Belongie 2017, Dumoulin et al. 2017) with
    statistics from a thumbnail. `open` gives the kind that a model is: `AnyStyle` or `OwnStyles`.
    """

    def __init__(self, model: Model, engine: Engine) -> None:
        self.model, self._engine = model, engine
        self._prepare, self._paint = engine.load(model.prepare), engine.load(model.paint)

    @staticmethod
    def open(
        model: str | Path | None = None,
        *,
        engine: str = "auto",
        device: str = "auto",
        threads: int = 0,
        precision: str = "auto",
    ) -> "FastStylizer":
        """Open a model on an engine: a model folder, a model's name, by default the painter.

        Args:
            engine: ``openvino``, ``onnxruntime``, ``torch``; ``auto`` is the first that knows the
                device.
            device: ``auto``, ``cpu``, ``cuda``, ... as `impasto doctor` lists them.
            threads: of the processor; 0 takes what is best.
            precision: ``f32``, ``bf16``, ``f16``; ``auto`` is what the device computes natively.

        Raises:
            ModelError: there is no such model, or it is damaged or too new.
            EngineError: this engine, device or precision is not here; MissingExtra if it can be
                installed.
        """
        runner = open_engine(engine, device=device, threads=threads, precision=precision)
        opened = open_model(SHIPPED if model is None else find_model(model))
        return (AnyStyle if opened.kind == "arbitrary" else OwnStyles)(opened, runner)

    @property
    def encoder_id(self) -> str:
        """Whose style vectors these are: styles with vectors of another one are refused."""
        return self.model.encoder_id

    @abstractmethod
    def style(self, words: Words) -> Style:
        """Return the one style that a style word means to this model, or several together.

        Raises UnknownStyle with the closest name, PictureError, ModelError or EncoderMismatch for
        a file that cannot be used, UsageError for weights that are negative or all 0.
        """

    @abstractmethod
    def check(self, style: Style) -> None:
        """Raise EncoderMismatch where a style has a vector of another model."""

    def encode(self, picture: Pixels) -> Vector:
        """Return the style vector, float32 V, of a picture, float32 H W 3 in [0, 1], any size.

        Raises ModelError where the model has no style encoder.
        """
        vectors = self._encode.run({"picture": _batch(self._thumbnail(picture))})["vector"]
        return np.asarray(vectors[0])

    @cached_property
    def _encode(self) -> Network:
        if self.model.encode is None:
            raise ModelError(
                f"{self.model.name} has no style encoder: it paints the styles that it was "
                "trained on. Use the painter for others: impasto.FastStylizer.open()"
            )
        return self._engine.load(self.model.encode)  # not at opening: gallery styles do without it

    def style_of(self, picture: Picture, name: str) -> Style:
        """Make a style of a painting: its vector, the painting, a card with its name and palette.

        The picture is anything that `open_picture` takes. Raises PictureError, or ModelError where
        the model has no style encoder.
        """
        painting = open_picture(picture)
        thumbnail = painting.thumbnail(THUMBNAIL)
        card = StyleCard(name, palette=tuple(palette(thumbnail)))
        return Style(self.encode(thumbnail), self.encoder_id, card, painting=painting)

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Measure the picture's thumbnail once, for this style and those of the regions."""
        styles = [style, *(region.style for region in regions if region.style is not None)]
        network = self._paint
        if regions:
            if self._paint_regions is None or len(styles) <= len(regions):  # some stay photo
                return Composite(self).prepare(source, style, regions)
            network = self._paint_regions
        thumbnail = _batch(self._thumbnail(source.thumbnail(THUMBNAIL)))
        add_grain(thumbnail, 0, 0)
        statistics = np.concatenate([self._measure(thumbnail, one) for one in styles])
        return FastPainter(self.model, network, source, statistics, regions)

    def _measure(self, thumbnail: Pixels, style: Style) -> Pixels:
        self.check(style)
        inputs = {"thumbnail": thumbnail, "vector": style.vector[None]}
        return self._prepare.run(inputs)["statistics"]

    @cached_property
    def _paint_regions(self) -> Network | None:
        graph = self.model.paint_regions
        return None if graph is None else self._engine.load(graph)

    def _thumbnail(self, picture: Pixels) -> Pixels:
        height, width = picture.shape[0], picture.shape[1]
        if max(height, width) > THUMBNAIL:
            height, width = fit_long_side(height, width, THUMBNAIL)
        multiple = self.model.multiple
        height = max(1, round(height / multiple)) * multiple
        width = max(1, round(width / multiple)) * multiple
        same = (height, width) == picture.shape[:2]
        return picture if same else resize(picture, height, width)


class AnyStyle(FastStylizer):
    """Paint in the style of any picture: the model has an encoder that sees styles."""

    def see(self, source: Source) -> Vector:
        """Return the vector of a picture's own style."""
        return self.encode(source.thumbnail(THUMBNAIL))

    def style(self, words: Words) -> Style:
        """Return what words mean: a gallery name, a painting, a ``.style`` file, with weights."""

        def style_of(path: Path) -> Style:
            return self.style_of(path, kebab(path.stem))

        return open_styles(words, style_of, self.encoder_id)

    def check(self, style: Style) -> None:
        """Raise EncoderMismatch where another encoder made the style's vector."""
        style.check_encoder(self.encoder_id)


class OwnStyles(FastStylizer):
    """Paint in the styles that a model was trained on; their vectors are rows of the identity.

    So mixing is the same arithmetic as for any style, but there is no vector of the photo: strength
    fades pixels.
    """

    @cached_property
    def styles(self) -> dict[str, Style]:
        """The model's styles by name."""
        cards = [StyleCard.from_json(json.dumps(card)) for card in self.model.styles]
        rows = np.eye(len(cards), dtype=np.float32)
        return {c.name: Style(row, self.encoder_id, c) for row, c in zip(rows, cards, strict=True)}

    def style(self, words: Words = ()) -> Style:
        """Return what names mean, each with a weight or not; no name where there is one style."""
        if len(self.styles) == 1 and words in ((), []):
            return next(iter(self.styles.values()))
        if words in ((), []):
            raise UsageError(f"Which style? {self._offer()}")
        parsed = [parse_word(word) for word in words_of(words)]
        return mix([self._find(word.name) for word in parsed], [word.weight for word in parsed])

    def _find(self, name: str) -> Style:
        if name not in self.styles:
            raise UnknownStyle(
                f'The model {self.model.name} was not trained on "{name}".'
                f"{did_you_mean(name, self.styles)} {self._offer()} "
                "Other styles need the painter: leave the model out."
            )
        return self.styles[name]

    def _offer(self) -> str:
        some = list(self.styles)[:OFFERED]
        more = "" if len(some) == len(self.styles) else f" and {len(self.styles) - len(some)} more"
        return f"{self.model.name} paints {', '.join(some)}{more}."

    def check(self, style: Style) -> None:
        """Raise EncoderMismatch where a style is none of the model's own."""
        if style.encoder_id != self.encoder_id:
            raise EncoderMismatch(
                f'The style "{style.name}" is not one that the model {self.model.name} was trained '
                f"on. {self._offer()} Other styles need the painter: leave the model out."
            )


def _batch(picture: Pixels) -> Pixels:
    """Return planes, 1 3 H W, always copied: a source may keep the thumbnail that it gave."""
    return np.array(picture.transpose(2, 0, 1)[None], order="C")

"""The fast method: an exported network that paints any picture in the style of a vector."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from impasto.catalog.palette import palette
from impasto.engines.base import Engine, Network
from impasto.engines.registry import open_engine
from impasto.errors import ModelError
from impasto.images.grain import add_grain
from impasto.images.resize import fit_long_side, resize
from impasto.images.source import Picture, Source, open_picture
from impasto.images.tiles import read_planes, widen
from impasto.images.window import Window
from impasto.methods.base import Painter, Pixels, Region
from impasto.methods.regions import Composite, shares
from impasto.provenance.cards import StyleCard
from impasto.styles.style import Style, Vector
from impasto.styles.words import Words, kebab, open_styles
from impasto.weights.models import Model, open_model

SHIPPED = Path(__file__).parent.parent / "models" / "painter"
THUMBNAIL = 512  # long side that styles and global statistics are seen at, as in training


class FastStylizer:
    """Paint by style vectors; one instance may be used for many pictures and from many threads.

    Adaptive instance normalization (Huang and Belongie 2017) with statistics from a thumbnail.
    """

    def __init__(self, model: Model, engine: Engine) -> None:
        self.model, self._engine = model, engine
        self._prepare, self._paint = engine.load(model.prepare), engine.load(model.paint)

    @classmethod
    def open(
        cls,
        model: str | Path | None = None,
        *,
        engine: str = "auto",
        device: str = "auto",
        threads: int = 0,
        precision: str = "auto",
    ) -> "FastStylizer":
        """Open a model folder, by default the painter that is shipped, on an engine.

        Args:
            engine: ``openvino``, ``onnxruntime``, ``torch``; ``auto`` is the first that knows the
                device.
            device: ``auto``, ``cpu``, ``cuda``, ... as `impasto doctor` lists them.
            threads: of the processor; 0 takes what is best.
            precision: ``f32``, ``bf16``, ``f16``; ``auto`` is what the device computes natively.

        Raises:
            ModelError: the folder is missing, damaged or too new.
            EngineError: this engine, device or precision is not here; MissingExtra if it can be
                installed.
        """
        runner = open_engine(engine, device=device, threads=threads, precision=precision)
        return cls(open_model(Path(model or SHIPPED)), runner)

    @property
    def encoder_id(self) -> str:
        """Which style encoder this is: styles made by another one are refused."""
        return self.model.encoder_id

    @cached_property
    def _encode(self) -> Network:
        if self.model.encode is None:
            raise ModelError(
                f"{self.model.name} has no style encoder: it paints its own style only."
            )
        return self._engine.load(self.model.encode)  # not at opening: gallery styles do without it

    def encode(self, picture: Pixels) -> Vector:
        """Return the style vector, float32 V, of a picture, float32 H W 3 in [0, 1], any size.

        Raises ModelError where the model has no style encoder.
        """
        vectors = self._encode.run({"picture": _batch(self._thumbnail(picture))})["vector"]
        return np.asarray(vectors[0])

    def see(self, source: Source) -> Vector:
        """Return the vector of a picture's own style."""
        return self.encode(source.thumbnail(THUMBNAIL))

    def style_of(self, picture: Picture, name: str) -> Style:
        """Make a style of a painting: its vector, the painting, a card with its name and palette.

        The picture is anything that `open_picture` takes. Raises PictureError, or ModelError where
        the model has no style encoder.
        """
        painting = open_picture(picture)
        thumbnail = painting.thumbnail(THUMBNAIL)
        card = StyleCard(name, palette=tuple(palette(thumbnail)))
        return Style(self.encode(thumbnail), self.encoder_id, card, painting=painting)

    def style(self, words: Words) -> Style:
        """Return the one style that a style word means, or several together: paths, names, weights.

        Raises UnknownStyle with the closest name, PictureError, ModelError or EncoderMismatch for
        a file that cannot be used, UsageError for weights that are negative or all 0.
        """

        def style_of(path: Path) -> Style:
            return self.style_of(path, kebab(path.stem))

        return open_styles(words, style_of, self.encoder_id)

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
        style.check_encoder(self.encoder_id)
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


class FastPainter:
    """A picture with its statistics; painting a window is purely local, so tiles are exact."""

    def __init__(
        self,
        model: Model,
        network: Network,
        source: Source,
        statistics: Pixels,
        regions: Sequence[Region] = (),
    ) -> None:
        self.source, self.regions = source, regions
        self._model, self._network, self._statistics = model, network, statistics

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]."""
        model, source = self._model, self.source
        outer = widen(window, source.height, source.width, model.halo, model.multiple)
        pixels = read_planes(source, outer, model.multiple)
        add_grain(pixels, outer.top, outer.left)
        inputs = {"window": pixels, "statistics": self._statistics}
        if self.regions:
            parts = shares(self.regions, outer, source.height, source.width)
            below, beside = -outer.height % model.multiple, -outer.width % model.multiple
            inputs["masks"] = np.pad(parts, ((0, 0), (0, below), (0, beside)), mode="edge")[None]
        painted = self._network.run(inputs)
        top, left = window.top - outer.top, window.left - outer.left
        inner = painted["painting"][0, :, top : top + window.height, left : left + window.width]
        return np.clip(inner, 0, 1, out=inner).transpose(1, 2, 0)


def _batch(picture: Pixels) -> Pixels:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None])

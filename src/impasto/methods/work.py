"""One picture from opening to signing, whatever the method."""

from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from impasto.device.progress import OnProgress
from impasto.images.scale import scaled
from impasto.images.sink import Place, create_picture
from impasto.images.source import Picture, open_picture
from impasto.methods.base import Painter, Stylizer
from impasto.methods.fingerprint import fingerprint
from impasto.methods.paint import painted_strips, painted_whole
from impasto.methods.region_words import OpensStyles, regions_from
from impasto.provenance.disclosure import disclosure
from impasto.settings.picture import PictureSettings
from impasto.styles.style import Style, describe
from impasto.version import __version__


class PictureWork:
    """One picture to paint: what was opened, and what it is to become; the base of each method's.

    Args:
        styles: tells what style words mean, for those of regions.
        size: long side of the result; None leaves it.
    """

    def __init__(
        self,
        styles: OpensStyles,
        picture: Picture,
        style: Style,
        settings: PictureSettings,
        size: int | None,
    ) -> None:
        self.style, self._settings = style, settings
        self.opened = open_picture(
            picture, max_pixels=settings.max_pixels, profile=settings.profile
        )
        self.source = scaled(self.opened, size)
        self.depth = self.opened.depth if settings.depth == "auto" else int(settings.depth)
        self.regions = regions_from(settings, styles, self.opened)

    def method(self) -> Stylizer:
        """Return the method with its wrappers."""
        raise NotImplementedError

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses."""
        raise NotImplementedError

    def common_record(self) -> Mapping[str, object]:
        """Return what every method discloses: content, style, regions, and a fingerprint."""
        parts = [one.style and describe(one.style) for one in self.regions]  # None: still the photo
        return {
            "content_sha256": self.opened.sha256,
            "fingerprint": fingerprint(self.style, self._settings),
            "style": describe(self.style),
            **({"regions": parts} if parts else {}),
        }

    def painter(self) -> Painter:
        """Look at the whole picture and return its painter."""
        return self.method().prepare(self.source, self.style, self.regions)

    def image(self, on_progress: OnProgress | None = None) -> Image.Image:
        """Paint and return an image of 8 bits: RGB, or RGBA if the picture has alpha."""
        image = Image.fromarray(painted_whole(self.painter(), 8, on_progress))
        kept = self.opened.metadata
        known = {"icc_profile": kept.profile, "dpi": kept.dpi}
        image.info |= {key: value for key, value in known.items() if value is not None}
        return image

    def write(
        self,
        output: Place,
        *,
        overwrite: bool = False,
        format: str | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Paint into a file, signed; as `stylize_file`."""
        source, settings, kept = self.source, self._settings, self.opened.metadata
        sink = create_picture(
            output,
            source.height,
            source.width,
            alpha=source.has_alpha,
            depth=self.depth,
            quality=settings.quality,
            chroma=settings.chroma,
            blend=settings.blend,
            overwrite=overwrite,
            metadata=disclosure(self.record(), version=__version__),
            kept=kept if settings.keep_metadata else replace(kept, exif=None),
            format=format,
        )
        sink.write(painted_strips(self.painter(), self.depth, on_progress))

"""Every number of an evaluation: what it is called, which way is better, how it is defined."""

from dataclasses import asdict, dataclass
from typing import Literal

CONTENT_ITSELF, STYLE_ITSELF = "content itself", "style itself"
ANCHORS = (CONTENT_ITSELF, STYLE_ITSELF)  # as if a model returned the photo, or the painting


@dataclass(frozen=True)
class Metric:
    """One number and its definition, in the words of the report."""

    key: str
    title: str
    better: Literal["lower", "higher", ""]
    compares: Literal["style", "content", "both", "alone"]  # what a painting is held against
    definition: str
    source: str = ""  # the paper
    unit: str = ""

    def to_mapping(self) -> dict[str, str]:
        """Return the metric as plain data."""
        return asdict(self)


METRICS = (
    Metric(
        "style", "Style loss", "lower", "style",
        "How far means and deviations of the encoder's features are from the style's, squared and "
        "over the style's own variance, summed over relu1_1, 2_1, 3_1 and 3_4. 0 is the style.",
        "After Huang and Belongie 2017",
    ),
    Metric(
        "style_half", "Style loss, half size", "lower", "style",
        "The style loss of both pictures at half size, where large strokes count more.",
        "After Huang and Belongie 2017",
    ),
    Metric(
        "content", "Content loss", "lower", "content",
        "Mean squared difference of the encoder's relu3_4 at half size, each channel brought to "
        "mean 0 and deviation 1 first: where things are, not their color. 0 is the photo, about 2 "
        "another photo.",
        "After Johnson et al. 2016",
    ),
    Metric(
        "style_paper", "Style loss, as published", "lower", "style",
        "Mean over layers of the squared differences of means and of deviations, not normalised, "
        "red and blue swapped as in the published tables.",
        "Wang et al. 2023 (MicroAST), calc_cs_loss",
    ),
    Metric(
        "content_paper", "Content loss, as published", "lower", "content",
        "Mean squared difference of the deepest features, not normalised, red and blue swapped.",
        "Wang et al. 2023 (MicroAST), calc_cs_loss",
    ),
    Metric(
        "ssim", "SSIM", "higher", "content",
        "Structural similarity to the photo, luminance, uniform windows of 7 pixels. 1 is the "
        "photo. It rewards doing little.",
        "Wang et al. 2004",
    ),
    Metric(
        "ms_ssim", "MS-SSIM", "higher", "content",
        "Structural similarity at five scales; needs 176 pixels a side. 1 is the photo.",
        "Wang, Simoncelli and Bovik 2003",
    ),
    Metric(
        "psnr", "PSNR", "higher", "content",
        "Peak signal-to-noise ratio against the photo; 100 where equal.",
        unit="dB",
    ),
    Metric(
        "lpips", "LPIPS", "lower", "content",
        "Perceptual distance to the photo, AlexNet, version 0.1. 0 is the photo, so it rewards "
        "doing little.",
        "Zhang et al. 2018",
    ),
    Metric(
        "color", "Color distance", "lower", "style",
        "How much the paint would have to change color, on average, to have the style's palette: "
        "earth mover's distance of palettes of 8 colors.",
        "Rubner et al. 2000; CIEDE2000",
        "ΔE00",
    ),
    Metric(
        "orientation", "Stroke direction", "lower", "style",
        "How far strokes would have to turn, on average, to run as the style's do: distance of "
        "histograms of the structure tensor's direction. At most 90.",
        "Bigun and Granlund 1987",
        "°",
    ),
    Metric(
        "scale", "Stroke scale", "lower", "style",
        "How far strokes would have to grow or shrink to be as large as the style's: distance of "
        "whitened power spectra. 1 is a factor of two.",
        "Field 1987",
        "octaves",
    ),
    Metric(
        "checkerboard", "Checkerboard", "lower", "alone",
        "Amplitude of a grid of period 2, 4 or 8 pixels that stands out of the spectrum, in levels "
        "of 255. Plain photos give 0.",
        "Odena et al. 2016",
        "levels",
    ),
    Metric(
        "fid", "FID", "lower", "style",
        "Fréchet distance between the Inception features of all paintings and of all their styles. "
        "It depends on the number of pairs: compare equal numbers only. Of a set, so there is no "
        "interval.",
        "Heusel et al. 2017",
    ),
    Metric(
        "art_fid", "ArtFID", "lower", "both",
        "(1 + LPIPS)(1 + FID). It rewards doing little where FID is large.",
        "Wright and Ommer 2022",
    ),
)  # fmt: skip

BY_KEY = {metric.key: metric for metric in METRICS}

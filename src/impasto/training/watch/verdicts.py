"""What numbers say about a training, in plain words: what is wrong, and what to change.

Each threshold was measured with the embedded encoder as loss network, at 256 pixels. "The painter"
is the shipped network on four photos and six paintings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

Terms = Mapping[str, float]

BEGUN = 0.4  # of a run: before, also a network that will be good paints a blur
# Style loss over the unpainted photos': the painter leaves 0.05 to 0.25 of it at strength 1, 0.32
# to 0.45 at one half, 0.60 to 0.69 at one quarter.
STYLE_LEFT = 0.55
# Content loss: the painter has 0.3 to 0.7 at strength 1, up to 1.0 at 1.5. Photos averaged over
# 16 x 16 pixels have 1.0, other photos in place of the right one 1.8, noise and grey 1.5 to 1.8.
CONTENT_LOST = 1.2
# Levels of 255: plain photos have 0, 204 paintings of the painter at most 0.7; 1 is a checkerboard
# of plus and minus one level.
CHECKERBOARD = 1.0
# Share of values at the ends of the range, above photo and painting: the painter has up to 0.07 at
# strength 1; at 1.5, where flat patches are seen, 0.16.
CLIPPED = 0.2
# Of the lowest loss so far, each a mean of RECENT events; larger crops begin anew. Of twenty styles
# in turn, in batches of 8, means of 3 events rose to 1.45 of the lowest, of 10 to 1.05.
DIVERGED = 1.5
RECENT = 10
OVERFIT = 1.1  # of the lowest loss that was held out, at the last two times
FALLING = 0.95  # of the loss that was held out before; at a rate 500 times too high it stays


@dataclass(frozen=True)
class Verdict:
    """One thing that is wrong with a run."""

    words: str
    advice: str

    def __str__(self) -> str:
        return f"{self.words} {self.advice}"


@dataclass(frozen=True)
class Measured:
    """All that verdicts are founded on; series are oldest first, losses are unweighted terms.

    Args:
        done: share of the run, 0 to 1.
        train: mean terms of the steps between two events, on the training photos.
        held_out: terms of the averaged network on photos kept apart.
        unpainted: terms of those photos as they are: what painting nothing would score.
        checkerboard: of the painted samples, above the photos' own, in levels of 255.
        clipped: share of values at the ends of the range, above photos' and paintings' own.
    """

    done: float
    train: Sequence[Terms] = ()
    held_out: Sequence[Terms] = ()
    unpainted: Terms = field(default_factory=dict)
    checkerboard: float = 0.0
    clipped: float = 0.0


Settings = Mapping[str, Any]  # a recipe's fields


def diverging(measured: Measured, settings: Settings) -> Verdict | None:
    """The training loss rises far above its lowest; where it is no number, the training ends."""
    now, lowest = _now_and_lowest(_losses(_same_size(measured.train)))
    if now <= DIVERGED * lowest:
        return None
    words = f"The loss rises: {now:.3g}, after {lowest:.3g} at best."
    return Verdict(words, f"{change(settings, 'learning_rate', 0.3)} and continue with --resume.")


def nothing_learned(measured: Measured, settings: Settings) -> Verdict | None:
    """The paintings show neither photo nor style; so it ends where steps are far too large."""
    if not (_far_from_content(measured) and _far_from_style(measured)):
        return None
    words = "Nothing is learned yet: the paintings show neither the photo nor the style."
    losses = _losses(measured.held_out[-2:])
    if len(losses) == 2 and losses[1] < FALLING * losses[0]:
        return Verdict(words, f"{change(settings, 'steps', 5)}: the loss still falls.")
    return Verdict(words, f"{change(settings, 'learning_rate', 0.3)} and begin anew.")


def style_barely_arriving(measured: Measured, settings: Settings) -> Verdict | None:
    """The style loss is nearly what the photos themselves have."""
    if not _far_from_style(measured) or _far_from_content(measured):
        return None
    left = style_left(measured)
    words = f"The style barely arrives: {left:.0%} of the photos' own distance to it is left."
    if left > 1:
        words = "The style does not arrive: the paintings are farther from it than the photos."
    advice = either(change(settings, "style_weight", 2 if left < 0.7 else 5), "train longer")
    return Verdict(words, advice)


def content_lost(measured: Measured, settings: Settings) -> Verdict | None:
    """The paintings do not show what the photos show."""
    if not _far_from_content(measured) or _far_from_style(measured):
        return None
    loss = measured.held_out[-1]["content"]
    words = f"The content is lost: a loss of {loss:.2g}, where any other photo has 1.8."
    advice = either(change(settings, "content_weight", 2), change(settings, "style_weight", 0.5))
    return Verdict(words, advice)


def checkerboard(measured: Measured, settings: Settings) -> Verdict | None:
    """A grid at the network's strides lies over the paintings."""
    if measured.done < BEGUN or measured.checkerboard <= CHECKERBOARD:
        return None
    words = f"A checkerboard of {measured.checkerboard:.1f} levels of 255 lies over the paintings."
    return Verdict(words, f"{change(settings, 'variation_weight', 2)}.")


def saturated(measured: Measured, settings: Settings) -> Verdict | None:
    """Much of the paintings is pure black, white or glaring."""
    if measured.done < BEGUN or measured.clipped <= CLIPPED:
        return None
    words = f"The colors are saturated: {measured.clipped:.0%} more of the values are clipped than "
    words += "in the photos and the painting."
    advice = either(change(settings, "range_weight", 2), change(settings, "style_weight", 0.7))
    return Verdict(words, advice)


def overfit(measured: Measured, settings: Settings) -> Verdict | None:
    """The loss rises on photos kept apart while it falls on those that are trained on."""
    held_out, train = _losses(measured.held_out), _losses(_same_size(measured.train))
    if len(held_out) < 4 or len(train) < 2 * RECENT:
        return None
    now, lowest = min(held_out[-2:]), min(held_out[:-2])
    if now <= OVERFIT * lowest or fmean(train[-RECENT:]) > fmean(train[-2 * RECENT : -RECENT]):
        return None
    words = f"The network learns its photos by heart: on others the loss is {now:.3g} again, after "
    words += f"{lowest:.3g}, while it falls on them."
    advice = "Give more photos with data, or stop here: fewer steps."
    return Verdict(words, advice)


Judge = Callable[[Measured, Settings], Verdict | None]
JUDGES: Mapping[str, Judge] = {  # the worst first
    "diverging": diverging,
    "nothing learned": nothing_learned,
    "content lost": content_lost,
    "style barely arriving": style_barely_arriving,
    "overfit": overfit,
    "checkerboard": checkerboard,
    "saturated": saturated,
}


def standing(events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the words of the verdicts that stand after the events of a run, by name."""
    told: dict[str, str] = {}
    for event in events:
        if event["kind"] == "verdict":
            for name, stands in event["values"].items():
                told.pop(name, None)
                told |= {name: event["words"]} if stands else {}
    return told


def style_left(measured: Measured) -> float:
    """Return the last style loss over that of the unpainted photos; 0 where it is not known."""
    if not measured.held_out:
        return 0.0
    whole, left = (
        terms.get("style", 0.0) + terms.get("coarse", 0.0)
        for terms in (measured.unpainted, measured.held_out[-1])
    )
    return left / whole if whole > 0 else 0.0


def change(settings: Settings, name: str, factor: float) -> str:
    """Say how a field is to be changed.

    >>> change({"style_weight": 2.5}, "style_weight", 2)
    'Raise style_weight from 2.5 to 5'
    """
    verb, now = "Raise" if factor > 1 else "Lower", settings.get(name)
    if not isinstance(now, int | float) or now == 0:
        return f"{verb} {name}"
    return f"{verb} {name} from {now:.3g} to {float(f'{now * factor:.2g}'):g}"


def either(first: str, second: str) -> str:
    """Return two pieces of advice as one sentence.

    >>> either("Raise batch", "Lower size")
    'Raise batch, or lower size.'
    """
    return f"{first}, or {second[0].lower()}{second[1:]}."


def _far_from_style(measured: Measured) -> bool:
    return measured.done >= BEGUN and style_left(measured) > STYLE_LEFT


def _far_from_content(measured: Measured) -> bool:
    known = measured.held_out[-1] if measured.held_out else {}
    return measured.done >= BEGUN and known.get("content", 0.0) > CONTENT_LOST


def _losses(events: Sequence[Terms]) -> list[float]:
    return [event["loss"] for event in events if "loss" in event]


def _same_size(events: Sequence[Terms]) -> Sequence[Terms]:
    """Return the last events, all at one size of crops: losses of another size do not compare."""
    size = events[-1].get("size") if events else None
    first = len(events)
    while first and events[first - 1].get("size") == size:
        first -= 1
    return events[first:]


def _now_and_lowest(losses: Sequence[float]) -> tuple[float, float]:
    means = [fmean(losses[end - RECENT : end]) for end in range(RECENT, len(losses) + 1)]
    return (means[-1], min(means)) if means else (0.0, 0.0)

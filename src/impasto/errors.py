"""Every error a user can meet, one tree, each with an exit code and an HTTP status.

ImpastoError                 1  500  base: catch this one
├── UsageError               2  400  an option or argument is wrong
│   ├── UnknownStyle         2  404  no gallery style, file or description of that name
│   └── SettingError         2  422  a setting is out of range or of the wrong kind
├── PictureError             3  422  a picture cannot be read
│   ├── NotAPicture          3  415  the file is in no format that is read here
│   ├── TruncatedPicture     3  422  the file ends before the picture does
│   └── PictureTooLarge      3  413  more pixels than allowed
├── OutputError              4  500  a result cannot be written
│   └── OutputExists         4  409  the file is there already
├── ModelError               5  500  a model or style file cannot be used
│   └── EncoderMismatch      5  409  a style file was made by another style encoder
├── EngineError              6  500  an engine or device cannot do what was asked
│   └── MissingExtra         6  501  an optional dependency is not installed
├── TrainingError            7  500  training cannot start or continue
│   └── Diverged             7  500  the loss is no number any more
└── Interrupted            130  499  stopped by the user

Every message says what came, what is allowed and what to do next::

    try:
        impasto.stylize("photo.jpg", "stary-night")
    except impasto.ImpastoError as error:
        print(error)  # There is no style "stary-night". Did you mean "starry-night"? ...
"""

import difflib
from collections.abc import Iterable


class ImpastoError(Exception):
    """Base of every error that Impasto raises on purpose.

    Each kind has the `exit_code` of the command line and an `http_status`.
    """

    exit_code = 1
    http_status = 500


class UsageError(ImpastoError):
    """An option or argument is wrong."""

    exit_code = 2
    http_status = 400


class UnknownStyle(UsageError):
    """No gallery style, file or description goes by that name."""

    http_status = 404


class SettingError(UsageError):
    """A setting is out of range or of the wrong kind."""

    http_status = 422


class PictureError(ImpastoError):
    """A picture cannot be read."""

    exit_code = 3
    http_status = 422


class NotAPicture(PictureError):
    """The file is in no format that is read here."""

    http_status = 415


class TruncatedPicture(PictureError):
    """The file ends before the picture does."""


class PictureTooLarge(PictureError):
    """The picture has more pixels than allowed."""

    http_status = 413


class OutputError(ImpastoError):
    """A result cannot be written."""

    exit_code = 4


class OutputExists(OutputError):
    """The output file is there already."""

    http_status = 409


class ModelError(ImpastoError):
    """A model or style file cannot be used."""

    exit_code = 5


class EncoderMismatch(ModelError):
    """A style file was made by another style encoder."""

    http_status = 409


class EngineError(ImpastoError):
    """An engine or device cannot do what was asked."""

    exit_code = 6


class MissingExtra(EngineError):
    """An optional dependency is not installed."""

    http_status = 501

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(
            f'{purpose} needs an optional part. Install it: pip install "impasto[{extra}]"'
        )
        self.extra = extra


class TrainingError(ImpastoError):
    """Training cannot start or continue."""

    exit_code = 7


class Diverged(TrainingError):
    """The loss of a training is no number any more."""


class Interrupted(ImpastoError):
    """The user stopped the work; raise it from a callback to do so."""

    exit_code = 130
    http_status = 499


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the closest of the known words, or an empty text.

    >>> did_you_mean("stary-night", ["starry-night", "great-wave"])
    ' Did you mean "starry-night"?'
    """
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""

"""Settings become options: every field of a settings class is a flag with its help and range."""

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Annotated, Any

import typer

from impasto.settings.fields import Setting, settings_of

# Not a setting: which network paints is said beside how it does.
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="A model: its folder, or a name of impasto models; without it the painter.",
        metavar="MODEL",
    ),
]

METAVARS = {bool: "", int: "NUMBER", float: "NUMBER", str: "TEXT"}


def options_of(
    cls: type, *others: type, only: Collection[str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a settings class; it gets them as typed, in one mapping.

    The command has a parameter ``typed``; ``from_texts(cls, typed)`` makes settings of it. What was
    not typed is None there. So one checker speaks for the command line, TOML and Python.

    Args:
        others: classes whose settings are options as well, behind those of the first.
        only: the names of the settings that the command has of the first; without it all of them.
    """
    settings = [one for one in settings_of(cls) if only is None or one.name in only]
    settings += [one for other in others for one in settings_of(other)]

    def adapt(command: Callable[..., None]) -> Callable[..., None]:
        names = [one.name for one in settings]

        def adapted(**given: Any) -> None:
            typed = {name: given.pop(name) for name in names}
            command(typed=typed, **given)

        signature = _signature(command, settings)
        adapted.__signature__ = signature  # type: ignore[attr-defined]
        adapted.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        adapted.__name__, adapted.__doc__ = command.__name__, command.__doc__
        return adapted

    return adapt


def _signature(command: Callable[..., None], settings: Sequence[Setting]) -> inspect.Signature:
    def parameters() -> Iterator[inspect.Parameter]:
        for parameter in inspect.signature(command, eval_str=True).parameters.values():
            if parameter.name != "typed":
                yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
                continue
            yield from (_parameter(one) for one in settings)

    return inspect.Signature(list(parameters()))


def _parameter(one: Setting) -> inspect.Parameter:
    option: Any
    kind: Any
    if one.kind is bool:
        kind = bool | None
        option = typer.Option(f"{one.flag}/--no-{one.flag.removeprefix('--')}", help=_help(one))
    else:
        kind = list[str] | None if one.many else str | None
        option = typer.Option(one.flag, help=_help(one), metavar=_metavar(one))
    return inspect.Parameter(
        one.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind, option],
    )


def _metavar(one: Setting) -> str:
    return "|".join(one.choices) if one.choices else METAVARS.get(one.kind, "PATH")


def _help(one: Setting) -> str:
    notes = [_range(one)] if one.choices is None else []
    if one.default not in (None, ()):
        notes.append(f"default: {one.default}")
    known = "; ".join(note for note in notes if note)
    return f"{one.help}  [{known}]" if known else one.help


def _range(one: Setting) -> str:
    low, high = one.minimum, one.maximum
    unit = f" {one.unit}" if one.unit else ""
    if low is not None and high is not None:
        return f"{low:.15g} to {high:.15g}{unit}"
    if low is not None:
        return f"at least {low:.15g}{unit}"
    return f"at most {high:.15g}{unit}" if high is not None else ""

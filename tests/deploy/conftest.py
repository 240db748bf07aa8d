"""The chart as manifests: by helm where it is installed, else by the part of it that we use."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "chart"
TAG = re.compile(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", re.DOTALL)
WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[()|]|[^\s()|]+')

Manifests = list[dict[str, Any]]
Scope = dict[str, Any]


class Refused(Exception):
    """The chart does not take these values."""


@pytest.fixture
def manifests() -> Callable[..., Manifests]:
    """What the chart makes of values: a list of manifests; raises Refused."""
    return _by_helm if shutil.which("helm") else _by_ourselves


def _by_helm(**values: Any) -> Manifests:
    command = ["helm", "template", "trial", str(CHART), "--values", "-"]
    done = subprocess.run(
        command, input=json.dumps(values), text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(done.stderr)
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def _by_ourselves(**values: Any) -> Manifests:
    known = yaml.safe_load((CHART / "values.yaml").read_text())
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    context = {
        "Values": _merged(known, values),
        "Chart": {key[0].upper() + key[1:]: value for key, value in chart.items()},
        "Release": {"Name": "trial", "Namespace": "default", "Service": "Helm"},
    }
    template = Template(context)
    paths = sorted((CHART / "templates").iterdir(), key=lambda path: path.suffix != ".tpl")
    texts = [template.render(path.read_text(), context) for path in paths]
    found = [
        list(yaml.safe_load_all(text))
        for path, text in zip(paths, texts, strict=True)
        if path.suffix == ".yaml"
    ]
    return [one for several in found for one in several if one]


def _merged(known: Any, given: Any) -> Any:
    if not isinstance(known, dict) or not isinstance(given, dict):
        return given
    return known | {key: _merged(known.get(key), value) for key, value in given.items()}


class Template:
    """The little of Go's templates and of helm's functions that the chart is written in.

    What it does not know is an error, so that the chart cannot outgrow it unnoticed.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root, self._parts = root, dict[str, list[Any]]()

    def render(self, text: str, dot: Any) -> str:
        """Return a text with its tags carried out."""
        tokens = self._tokens(text)
        tree, end = self._parsed(tokens)
        assert end == "", f"an end without a beginning: {end}"
        return self._written(tree, dot, {})

    def _tokens(self, text: str) -> list[str | tuple[str]]:
        """Return texts and tags in turn, with the white space gone that tags eat."""
        tokens: list[str | tuple[str]] = []
        place, eats = 0, False
        for tag in TAG.finditer(text):
            before = text[place : tag.start()]
            before = before.lstrip() if eats else before
            tokens += [before.rstrip() if tag[1] else before, (tag[2],)]
            place, eats = tag.end(), bool(tag[3])
        rest = text[place:]
        return [*tokens, rest.lstrip() if eats else rest]

    def _parsed(self, tokens: list[str | tuple[str]]) -> tuple[list[Any], str]:
        """Return what comes up to the next `end` or `else`, which is returned as well."""
        tree: list[Any] = []
        while tokens:
            token = tokens.pop(0)
            if isinstance(token, str):
                tree.append(token)
                continue
            word, _, rest = token[0].partition(" ")
            if word in ("end", "else"):
                return tree, word
            if word not in ("if", "with", "range", "define"):
                tree.append((token[0],))
                continue
            inside, end = self._parsed(tokens)
            other = self._parsed(tokens)[0] if end == "else" else []
            if word == "define":
                self._parts[json.loads(rest)] = inside
            else:
                tree.append((word, rest, inside, other))
        return tree, ""

    def _written(self, tree: list[Any], dot: Any, names: Scope) -> str:
        texts = []
        for node in tree:
            if isinstance(node, str):
                texts.append(node)
            elif len(node) == 1:
                texts.append(_text(self._value(node[0], dot, names)))
            else:
                texts.append(self._block(node, dot, names))
        return "".join(texts)

    def _block(self, node: Any, dot: Any, names: Scope) -> str:
        word, rest, inside, other = node
        if word == "range":
            given, _, rest = rest.partition(" := ")
            key, value = given.split(", ")
            items = sorted(self._value(rest, dot, names).items())
            scopes = [names | {key: name, value: item} for name, item in items]
            return "".join(self._written(inside, scope[value], scope) for scope in scopes)
        found = self._value(rest, dot, names)
        if not found:
            return self._written(other, dot, names)
        return self._written(inside, found if word == "with" else dot, names)

    def _value(self, words: str, dot: Any, names: Scope) -> Any:
        tokens = WORD.findall(words)
        value = self._pipeline(tokens, dot, names)
        assert not tokens, f"not understood: {words}"
        return value

    def _pipeline(self, tokens: list[str], dot: Any, names: Scope) -> Any:
        value = self._command(tokens, [], dot, names)
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            value = self._command(tokens, [value], dot, names)
        return value

    def _command(self, tokens: list[str], last: list[Any], dot: Any, names: Scope) -> Any:
        first = tokens.pop(0)
        function = FUNCTIONS.get(first)
        given = [] if function or first == "include" else [self._term(first, tokens, dot, names)]
        while tokens and tokens[0] not in ("|", ")"):
            given.append(self._term(tokens.pop(0), tokens, dot, names))
        if first == "include":
            return self._written(self._parts[given[0]], given[1], {}).strip("\n")
        if function:
            return function(*given, *last)
        assert len(given) == 1 and not last, f"no function of ours: {first}"
        return given[0]

    def _term(self, token: str, tokens: list[str], dot: Any, names: Scope) -> Any:
        if token == "(":
            value = self._pipeline(tokens, dot, names)
            assert tokens.pop(0) == ")"
            return value
        if token[0] == '"' or token.lstrip("-").isdigit():
            return json.loads(token)
        start, *path = token.split(".")
        value = {"": dot, "$": self._root, **names}[start]
        for name in filter(None, path):
            value = value[name]
        return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: Any) -> str:
    return json.dumps(_text(value))


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=False).strip("\n")


def _indented(count: int, text: str) -> str:
    return "\n" + "\n".join(" " * count + line for line in text.split("\n"))


def _refuse(words: str) -> str:
    raise Refused(words)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "and": lambda *all: next((one for one in all if not one), all[-1]),
    "or": lambda *all: next((one for one in all if one), all[-1]),
    "not": lambda one: not one,
    "eq": lambda one, other: one == other,
    "gt": lambda one, other: one > other,
    "int": int,
    "default": lambda usual, given: given or usual,
    "required": lambda words, given: given or _refuse(words),
    "fail": _refuse,
    "printf": lambda words, *given: words % given,
    "quote": _quoted,
    "toYaml": _yaml,
    "nindent": _indented,
    "trunc": lambda length, text: text[:length],
    "trimSuffix": lambda end, text: text.removesuffix(end),
}

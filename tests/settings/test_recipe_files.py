"""Recipe files: the shipped ones are read, what is wrong is told with its line."""

from pathlib import Path

import pytest

from impasto.errors import SettingError, UsageError
from impasto.settings.recipe_files import line_of, read_recipe, to_recipe
from impasto.settings.recipes import RECIPES, StylesSettings, name_of

SHIPPED = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_recipe_is_read(path: Path) -> None:
    settings = read_recipe(path)
    if path.stem in RECIPES:
        assert name_of(settings) == path.stem


def test_each_recipe_is_shipped() -> None:
    assert RECIPES.keys() <= {path.stem for path in SHIPPED}


def test_written_and_read_it_is_the_same(tmp_path: Path) -> None:
    settings = StylesSettings(paintings=("a.jpg", 'b "c".png'), steps=7, only_rows=True)
    (tmp_path / "recipe.toml").write_text(to_recipe(settings), encoding="utf-8")
    assert read_recipe(tmp_path / "recipe.toml") == settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('recipe = "style"\nstepps = 3\n', r"line 2: There is no setting .stepps.*steps"),
        ('recipe = "style"\n\n# no\nsteps = 0\n', r"line 4: steps must be a whole number of at"),
        ('recipe = "style"\nprecision="f64"\n', r"line 2: precision must be one of"),
        ('recipe = "style"\nbudget = "soon"\n', r"line 2: budget must be a time"),
        ('steps = 1\nrecipe = "stile"\n', r'line 2: there is no recipe "stile".*"style"'),
        ('recipe = "style"\n[colors]\nhue = 1\n', r"line 2: There is no setting .colors"),
        ("steps = 1\n", r"does not say which recipe"),
        ("steps = = 1\n", r"not valid TOML.*line 1"),
    ],
)
def test_the_field_and_its_line_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(SettingError, match=words) as raised:
        read_recipe(path)
    assert str(path) in str(raised.value)


def test_what_is_no_text_is_no_recipe(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("binary.toml", "gone.toml"):
        with pytest.raises(UsageError, match=f'recipe ".*{name}" cannot be read'):
            read_recipe(tmp_path / name)


def test_a_line_is_found_whatever_stands_around_it() -> None:
    text = '# size = 1\nlast_size = 2\n"size"= 3\n'
    assert line_of(text, "size") == 3
    assert line_of(text, "absent") == 1


def test_fields_that_suit_each_other_alone_are_read(tmp_path: Path) -> None:
    settings = StylesSettings(crop_scale_min=3, crop_scale_max=4)  # more than the default maximum
    path = tmp_path / "recipe.toml"
    path.write_text(to_recipe(settings), encoding="utf-8")
    assert read_recipe(path) == settings


@pytest.mark.parametrize("field", ["crop_scale_min = 3", "crop-scale-max = 0.5"])
def test_of_fields_that_contradict_one_is_named(tmp_path: Path, field: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'recipe = "style"\n\n{field}\n')
    with pytest.raises(SettingError, match=r"line 3: crop_scale_min must be at most crop_scale_m"):
        read_recipe(path)

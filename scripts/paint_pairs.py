"""Paint every content in every style, as <content>__<style>.png: what judging a painter needs."""

import argparse
from pathlib import Path

from impasto.methods.fast import SHIPPED, FastStylizer
from impasto.methods.stylize import stylize


def main() -> None:
    """Read the command line and paint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", type=Path, required=True, help="folder of photos")
    parser.add_argument("--style", type=Path, required=True, help="folder of paintings")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--every", type=int, default=1, help="paint one pair in so many")
    options = parser.parse_args()
    stylizer = FastStylizer.open(options.model)
    options.output.mkdir(parents=True, exist_ok=True)
    contents = sorted(options.content.glob("*.jpg"))
    for j, painting in enumerate(sorted(options.style.glob("*.jpg"))):
        style = stylizer.style([str(painting)])
        for i, photo in enumerate(contents):
            if (j - i) % options.every == 0:
                result = stylize(photo, style, stylizer=stylizer, strokes="native")
                result.save(options.output / f"{photo.stem}__{painting.stem}.png")


if __name__ == "__main__":
    main()

"""Paint the photos that come with scikit-image in several styles of the gallery."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import skimage.data

PHOTOS = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"]
STYLES = ["starry-night", "great-wave", "seurat-circus", "roman-mosaic", "water-lilies"]


def main(folder: Path) -> None:
    """Copy the photos, paint them with the command line, and say where they are."""
    photos = folder / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    inside = Path(skimage.data.__file__).parent  # these four ship inside the wheel
    for name in PHOTOS:
        shutil.copyfile(inside / name, photos / name)
    started = time.monotonic()
    for style in STYLES:
        words = ["stylize", str(photos), "--style", style, "-o", str(folder), "--overwrite"]
        print("impasto", *words, flush=True)
        subprocess.run(
            [sys.executable, "-m", "impasto", *words], check=True, stdout=subprocess.DEVNULL
        )
    sheet = folder / "styles.jpg"
    words = ["styles", "--images", str(sheet), "--overwrite"]
    print("impasto", *words, flush=True)
    subprocess.run([sys.executable, "-m", "impasto", *words], check=True, stdout=subprocess.DEVNULL)
    count = len(PHOTOS) * len(STYLES)
    print(f"\n{count} paintings in {time.monotonic() - started:.0f} s: {folder.resolve()}")
    print(f"All styles at a glance: {sheet.resolve()}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))

"""Pictures that were made to hurt, and odd ones that are in order."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageCms


def noise(height: int = 48, width: int = 64, channels: int = 3) -> Image.Image:
    """A picture of random pixels."""
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, channels), np.uint8)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(width: int, height: int, *chunks: tuple[bytes, bytes], pixels: bytes = b"") -> bytes:
    """A PNG whose header says a size, whatever follows."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels or zlib.compress(bytes(100)))]
    parts.append((b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def tiff(width: int, height: int, data: bytes, compression: int = 8) -> bytes:
    """A grey TIFF of one strip, deflated, whose header says a size."""
    tags = [(256, width), (257, height), (258, 8), (259, compression), (262, 1), (273, 8)]
    tags += [(277, 1), (278, height), (279, len(data))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory


def gif_of(frames: int) -> bytes:
    """A GIF of very many tiny frames."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 16, 16, 0) + b"\x02\x02\x44\x01\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + frame * frames + b"\x3b"


def progressive(width: int, height: int) -> bytes:
    """A progressive JPEG whose header says a size."""
    data = bytearray(saved(noise(), "JPEG", progressive=True))
    at = data.index(b"\xff\xc2")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def zipped() -> bytes:
    """A zip file that unpacks to much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(10_000_000))
    return file.getvalue()


ZEROS = zlib.compress(bytes(100_000_000), 9)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'

# Name: the file, and the statuses of the answers that are right; 200 is a painting.
REFUSED: dict[str, tuple[bytes, set[int]]] = {
    "a PNG of 65535 x 65535": (png(65535, 65535), {413}),
    "a PNG of 2^31 - 1 a side": (png(2**31 - 1, 2**31 - 1), {413, 422}),
    "a PNG of no pixels": (png(0, 0), {422}),
    "a PNG of 1 x 1": (saved(noise(1, 1), "PNG"), {422}),
    "a PNG of 1 x 100000": (png(1, 100_000), {413, 422}),
    "a PNG of 100000 x 8": (png(100_000, 8), {413, 422}),
    "a PNG of 8 x 2000": (saved(noise(8, 2000), "PNG"), {422}),
    "a PNG with a text of 100 MB": (png(64, 48, (b"zTXt", b"a\0\0" + ZEROS)), {422, 200}),
    "a PNG with a profile of 100 MB": (png(64, 48, (b"iCCP", b"a\0\0" + ZEROS)), {422, 200}),
    "a PNG whose pixels are 100 MB": (png(64, 48, pixels=ZEROS), {422, 200}),
    "a PNG without pixels": (png(64, 48), {422}),
    "a TIFF of 60000 x 60000": (tiff(60_000, 60_000, ZEROS), {413}),
    "a TIFF whose strip is 100 MB": (tiff(64, 48, ZEROS), {422, 200}),
    "a TIFF that is a zip file": (tiff(64, 48, zipped()), {422}),
    "a TIFF that leads to itself": (b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + bytes(99), {422}),
    "a GIF of 10000 frames": (gif_of(10_000), {422}),
    "a GIF of 65535 x 65535": (b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(99), {413, 422}),
    "a progressive JPEG of 64 MP": (progressive(8000, 8000), {413}),
    "a JPEG of 65500 x 65500": (
        saved(noise(), "JPEG").replace(b"\x00\x30\x00\x40", b"\xff\xdc\xff\xdc", 1), {413},
    ),
    "a BMP of 2^30 a side": (b"BM" + struct.pack("<IHHIIiiHH", 99, 0, 0, 54, 40, 2**30, 2**30, 1,
                                                24) + bytes(99), {413, 422}),
    "half a JPEG": (saved(noise(480, 640), "JPEG")[:20_000], {422}),
    "half a PNG": (saved(noise(), "PNG")[:2000], {422}),
    "half a WebP": (saved(noise(), "WEBP")[:200], {422}),
    "half an AVIF": (saved(noise(), "AVIF")[:200], {422}),
    "an SVG": (SVG, {415}),
    "an SVG behind spaces": (b"\n  " + SVG, {415}),
    "a PDF": (b"%PDF-1.7\n" + bytes(99), {415}),
    "a PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(99), {415}),
    "an EPS in a DOS header": (b"\xc5\xd0\xd3\xc6" + bytes(99), {415}),
    "a Photoshop file": (b"8BPS\0\1" + bytes(99), {415}),
    "a page": (b"<!doctype html><script>alert(1)</script>" + bytes(99), {415}),
    "a zip": (zipped(), {415}),
    "a program": (b"\x7fELF" + bytes(99), {415}),
    "a video": (b"\0\0\0\x20ftypisom" + bytes(99), {415}),
    "a JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99), {415}),
    "a HEIC": (b"\0\0\0\x18ftypheic" + bytes(99), {415}),
    "a FITS": (b"SIMPLE  =                    T" + bytes(99), {415}),
    "a PPM": (b"P6 9 9 255\n" + bytes(300), {415}),
    "an icon": (b"\0\0\1\0\1\0" + bytes(99), {415}),
    "a pickle": (b"\x80\x04\x95" + bytes(99), {415}),
    "a text": (b"hello, world " * 9, {415}),
    "an ImageMagick script": (b"push graphic-context\nimage over 0,0 1,1 'msl:/etc/passwd'", {415}),
    "nothing": (b"", {415, 422}),
}  # fmt: skip


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _deep() -> bytes:
    """A PNG of 16 bits."""
    file = io.BytesIO()
    Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64) * 20).save(file, "PNG")
    return file.getvalue()


ODD: dict[str, bytes] = {
    "16 bits of grey": _deep(),
    "CMYK": saved(noise().convert("CMYK"), "JPEG"),
    "one bit": saved(noise().convert("1"), "PNG"),
    "a palette with alpha": saved(noise().convert("P"), "PNG", transparency=3),
    "grey and alpha": saved(noise().convert("LA"), "PNG"),
    "alpha": saved(noise(channels=4), "WEBP"),
    "a profile": saved(noise(), "JPEG", icc_profile=_profile()),
    "a broken profile": saved(noise(), "JPEG", icc_profile=b"acsp" * 99),
    "a profile that is cut": saved(noise(), "PNG", icc_profile=_profile()[:200]),
    "a profile of another mode": saved(noise().convert("L"), "JPEG", icc_profile=_profile()),
    "a progressive JPEG": saved(noise(), "JPEG", progressive=True),
    "an interlaced PNG header": saved(noise(), "PNG", optimize=True),
    "three frames": saved(noise(), "GIF", save_all=True, append_images=[noise(), noise()]),
    "broken EXIF": saved(noise(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
    "LZW": saved(noise(), "TIFF", compression="tiff_lzw"),
    "a JPEG in a TIFF": saved(noise(), "TIFF", compression="jpeg"),
    "bytes behind the end": saved(noise(), "PNG") + b"<script>alert(1)</script>" * 99,
}

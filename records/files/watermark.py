"""A copy for one reader, with who opened it, when and what for across it. The stored file is not touched.

The file is in memory while its copy is made: its own bytes, the copy's, and of an image its pixels, which the longest side bounds.
"""

import io
import subprocess
from functools import cache

from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation

from records.files.reading import opened
from records.models import StoredFile

# Large enough to read small print on a scan of a whole page.
LONGEST_SIDE = 3000
# Light and dark, side by side: on a picture of any shade one of them can be seen.
LIGHT, DARK, OPACITY = (255, 255, 255), (60, 60, 60), 90
SLANT = 30
# Lines across a page of any size, and how often they come again.
ROWS = 6
# Its file, and which of the faces in it.
Font = tuple[str, int]
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


class CannotBeMarked(Exception):
    """Why no copy was made, as a sentence."""


def marked(stored: StoredFile, words: str) -> bytes:
    font, content = _chinese_font(), b"".join(opened(stored))
    try:
        if stored.content_type == "application/pdf":
            return _marked_pdf(content, words)
        return _marked_image(content, FORMATS[stored.content_type], words, font)
    except KeyError:
        raise CannotBeMarked(f"“{stored}”这种文件加不上水印，不能打开。联系经办人换成 PDF 或图片。") from None


def _marked_pdf(content: bytes, words: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        page.transfer_rotation_to_content()
        box = page.mediabox
        overlay = _overlay(round(float(box.width)), round(float(box.height)), words)
        page.merge_transformed_page(overlay, Transformation().translate(float(box.left), float(box.bottom)))
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _overlay(width: int, height: int, words: str) -> PageObject:
    return PdfReader(io.BytesIO(_overlay_pdf(width, height, words))).pages[0]


def _overlay_pdf(width: int, height: int, words: str) -> bytes:
    # Takes half a second to load, which no other page should wait for.
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    size = max(8, min(width, height) // 28)
    step = height // ROWS
    style = f"""@page {{ size: {width}pt {height}pt; margin: 0 }}
        p {{ position: absolute; margin: 0; left: -{width // 4}pt; width: {width * 3 // 2}pt; text-align: center;
            white-space: nowrap; font: {size}pt sans-serif; color: rgb(60 60 60 / 0.3); transform: rotate(-{SLANT}deg) }}
        .light {{ color: rgb(255 255 255 / 0.3); padding: 1pt 0 0 1pt }}
        {"".join(f".r{row} {{ top: {step * row + step // 2}pt }}" for row in range(ROWS))}"""
    # As often as fills the row, and once more for its slant.
    line = "　　".join([_escaped(words)] * (width * 3 // 2 // (size * len(words)) + 2))
    lines = "".join(f'<p class="light r{row}">{line}</p><p class="r{row}">{line}</p>' for row in range(ROWS))
    nowhere = URLFetcher(allowed_protocols=())
    document = HTML(string=f"<html lang=zh>{lines}</html>", url_fetcher=nowhere)
    made: bytes = document.write_pdf(stylesheets=[CSS(string=style)])
    return made


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _marked_image(content: bytes, kind: str, words: str, font: Font) -> bytes:
    with Image.open(io.BytesIO(content), formats=[kind]) as image:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        whole = ImageOps.exif_transpose(image).convert("RGB")
    line = _line(words, font, max(14, min(whole.size) // 28))
    step, shift = max(line.height, whole.height // ROWS), max(1, min(whole.size) // 500)
    for top in range(-line.height // 2, whole.height, step):
        for left in range(-line.width // 4, whole.width, line.width):
            whole.paste(LIGHT, (left + shift, top + shift), line)
            whole.paste(DARK, (left, top), line)
    sink = io.BytesIO()
    whole.save(sink, kind)
    return sink.getvalue()


def _line(words: str, chosen: Font, size: int) -> Image.Image:
    """The words as a mask, slanted."""
    font = ImageFont.truetype(chosen[0], size, chosen[1])
    left, top, right, bottom = (int(side) for side in font.getbbox(words))
    mask = Image.new("L", (right - left + 2 * size, bottom - top + size), 0)
    ImageDraw.Draw(mask).text((size - left, size // 2 - top), words, fill=OPACITY, font=font)
    return mask.rotate(SLANT, expand=True)


@cache
def _chinese_font() -> Font:
    """Without one the words would be empty boxes, and the copy is not made at all."""
    command = ["fc-match", "--format=%{file}\n%{index}\n%{lang}", "sans-serif:lang=zh-cn"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        done = None
    path, index, languages = (done.stdout if done else "\n\n").split("\n", 2)
    if "zh-cn" not in languages.split("|"):
        raise CannotBeMarked("这台服务器没有中文字体，加不上水印，不能打开。联系系统管理员安装中文字体。")
    return path, int(index)

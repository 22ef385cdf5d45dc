"""What comes out of the wash, and what never goes in."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gongzhi.base.errors import Refused
from gongzhi.files import pictures
from gongzhi.files.sniffing import FileType, sniff
from tests.files import pictures_made as made


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code and error.field == "photo")


@pytest.mark.parametrize("upload", [made.jpeg(), made.png(), made.webp(), made.several_in_one()])
def test_nothing_the_camera_wrote_survives(upload: bytes):
    cleaned = pictures.clean(upload)
    for data in (cleaned.full, cleaned.thumbnail):
        image = opened(data)
        assert image.format == "JPEG"
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        for word in (made.SECRET.encode(), b"Exif", b"ICC_PROFILE", b"xmp", b"MPF"):
            assert word not in data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_the_way_it_was_taken(orientation: int):
    cleaned = pictures.clean(made.jpeg(640, 480, orientation=orientation))
    lies = orientation <= 4
    assert (cleaned.width, cleaned.height) == ((640, 480) if lies else (480, 640))
    red_at = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[
        orientation
    ]
    spots = {"left": (20, 200), "right": (-20, 200), "top": (200, 20), "bottom": (200, -20)}
    x, y = spots[red_at]
    red, green, _blue = opened(cleaned.full).getpixel((x % cleaned.width, y % cleaned.height))
    assert red > 200 and green < 60


def test_large_photos_shrink_and_small_ones_stay_as_they_are():
    large = pictures.clean(made.jpeg(4000, 3000))
    assert (large.width, large.height) == (2048, 1536)
    assert max(opened(large.thumbnail).size) == 320
    small = pictures.clean(made.jpeg(200, 100))
    assert (small.width, small.height) == (200, 100)
    assert opened(small.thumbnail).size == (200, 100)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_picture(mode: str):
    assert opened(pictures.clean(made.png(mode)).full).mode == "RGB"


def test_transparency_becomes_white():
    assert opened(pictures.clean(made.png("RGBA")).full).getpixel((5, 5)) == (255, 255, 255)


def test_a_moving_picture_becomes_its_first_frame():
    assert getattr(opened(pictures.clean(made.animated()).full), "n_frames", 1) == 1


def test_a_zip_named_jpg_and_other_files_are_no_photos():
    for data in (made.zip_file(), b"%PDF-1.7 ...", b"GIF89a" + b"\0" * 50, b"<svg xmlns='x'/>", b"\0" * 50):
        with refused("photo_type"):
            pictures.clean(data)


def test_a_heic_is_refused_with_a_way_out():
    with refused("photo_heic"):
        pictures.clean(made.heic())


def test_an_empty_upload_is_refused():
    with refused("photo_empty"):
        pictures.clean(b"")


@pytest.mark.parametrize("upload", [made.jpeg(), made.png(), made.webp()])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_photo_cut_short_is_refused(upload: bytes, share: float):
    with refused("photo_broken"):
        pictures.clean(upload[: max(20, int(len(upload) * share))])


def test_a_few_bytes_that_unpack_into_gigabytes_are_refused_unopened():
    for width, height in ((60_000, 60_000), (20_001, 10), (8_000, 8_000)):
        with refused("photo_pixels"):
            pictures.clean(made.png_that_claims(width, height))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 5000),
    st.binary(min_size=1, max_size=12),
    st.sampled_from([made.jpeg(), made.png(), made.webp()]),
)
def test_whatever_bytes_are_spoiled_it_is_cleaned_or_refused(at: int, noise: bytes, upload: bytes):
    at %= len(upload)
    try:
        cleaned = pictures.clean(upload[:at] + noise + upload[at + len(noise) :])
    except Refused:
        return
    assert made.SECRET.encode() not in cleaned.full


def test_types_are_told_by_content():
    assert sniff(made.jpeg()[:32]) is FileType.JPEG
    assert sniff(made.several_in_one()[:32]) is FileType.JPEG
    assert sniff(b"RIFF\0\0\0\0WAVEfmt ") is FileType.OTHER

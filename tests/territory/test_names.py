"""Names: the committee taken off, the pinyin key."""

import pytest

from gongzhi.territory.names import pinyin_key, same_place, short_name


@pytest.mark.parametrize(
    ("published", "short"),
    [
        ("多福巷社区居委会", "多福巷社区"),
        ("望坛新苑社区居民委员会", "望坛新苑社区"),
        ("旧县村村委会", "旧县村"),
        ("田村村民委员会", "田村"),
        ("柴埠村民委员会", "柴埠村"),
        ("桐君街道", "桐君街道"),
        ("居委会", "居委会"),
    ],
)
def test_the_place_is_named_without_its_committee(published, short):
    assert short_name(published) == short


def test_two_ways_to_write_a_committee_are_the_same_place():
    assert same_place("东门社区居委会", "东门社区居民委员会")
    assert not same_place("东门社区居委会", "东门村村委会")


def test_the_pinyin_key_has_a_syllable_for_every_character():
    assert pinyin_key("桐庐县") == "tong lu xian"
    assert pinyin_key("重庆市") == "chong qing shi"

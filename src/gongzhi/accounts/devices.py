"""Rough words for a browser, so that people recognise their own sessions: a system and a browser, no version."""

SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def in_words(agent: str) -> str:
    """“Windows · Chrome”, as far as the browser says; empty if it says nothing known."""
    found = [next((name for mark, name in names if mark in agent), "") for names in (SYSTEMS, BROWSERS)]
    return " · ".join(name for name in found if name)

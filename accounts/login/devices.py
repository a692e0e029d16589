"""What a browser says of itself, in a person's words."""

# The first that fits: browsers name others besides themselves.
SYSTEMS = (
    ("OpenHarmony", "鸿蒙"),
    ("HarmonyOS", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("360", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def named(agent: str) -> str:
    """Such as `Windows，Edge`; nothing that the browser wrote is repeated."""
    found = (_first(SYSTEMS, agent), _first(BROWSERS, agent))
    return "，".join(filter(None, found)) or "没有说明的设备"


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in table if mark in agent), "")

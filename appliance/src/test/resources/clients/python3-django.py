"""Django's cache framework over both of its memcached backends, as an application uses it. Text."""
from suite import BYTES, SERVER, SIZES, UNICODE, check, finish, is_gone, raises, value_of
import django
from django.conf import settings

BACKENDS = ("PyMemcacheCache", "PyLibMCCache")
settings.configure(
    CACHES={("default" if not i else name): {
        "BACKEND": "django.core.cache.backends.memcached." + name,
        "LOCATION": SERVER, "KEY_PREFIX": "app", "VERSION": 3,
    } for i, name in enumerate(BACKENDS)},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    INSTALLED_APPS=["django.contrib.sessions"],
    USE_TZ=True,
)
django.setup()
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache, caches
from django.core.cache.utils import make_template_fragment_key

for name in BACKENDS:
    c, label = (cache if name == BACKENDS[0] else caches[name]), " " + name
    check("clear" + label, lambda: c.clear(), None)
    check("set short timeout" + label, lambda: c.set("ttl", "x", 1), None)
    check("get miss" + label, lambda: c.get("a"), None)
    check("get default" + label, lambda: c.get("a", "other"), "other")
    check("add" + label, lambda: c.add("a", "1"), True)
    check("add exists" + label, lambda: c.add("a", "2"), False)
    check("get" + label, lambda: c.get("a"), "1")
    check("has_key" + label, lambda: (c.has_key("a"), "nothere" in c), (True, False))
    check("get_or_set" + label, lambda: (c.get_or_set("g", lambda: [1, 2]), c.get_or_set("g", 3)), ([1, 2], [1, 2]))
    check("set_many" + label, lambda: c.set_many({"m1": 1, "m2": "zwei", "m3": 3.5}), [])
    check("get_many" + label, lambda: c.get_many(["m1", "m2", "nothere"]), {"m1": 1, "m2": "zwei"})
    check("delete_many" + label, lambda: (c.delete_many(["m1", "m3"]), c.get_many(["m1", "m2", "m3"])), (None, {"m2": "zwei"}))
    check("incr" + label, lambda: (c.set("n", 10), c.incr("n"), c.incr("n", 5)), (None, 11, 16))
    check("decr" + label, lambda: c.decr("n", 6), 10)
    check("get number" + label, lambda: c.get("n"), 10)
    check("incr_version" + label, lambda: (c.incr_version("n"), c.get("n"), c.get("n", version=4)), (4, None, 10))
    check("touch" + label, lambda: (c.touch("a", 100), c.touch("nothere", 100)), (True, False))
    check("delete" + label, lambda: (c.delete("a"), c.delete("a")), (True, False))
    check("negative timeout" + label, lambda: (c.set("e", "x", -1), c.get("e")), (None, None))
    check("no timeout" + label, lambda: (c.set("e", "x", None), c.get("e")), (None, "x"))
    check("month and more" + label, lambda: (c.set("e", "y", 2592000 * 2), c.get("e")), (None, "y"))
    for size in SIZES:
        check("set and get %d%s" % (size, label), lambda: (c.set("size", value_of(size)), c.get("size") == value_of(size))[1], True)
    check("set too large" + label, lambda: raises(lambda: c.set("size", b"x" * (1024 * 1024 + 1)), Exception), True)
    check("get after too large" + label, lambda: c.get("size"), None)
    for kind, value in (("text", UNICODE), ("bytes", BYTES), ("None", None), ("dict", {"a": [1, (2, 3)]})):
        check("%s%s" % (kind, label), lambda: (c.set("v", value), c.get("v", "miss"))[1], value)
    check("unicode key" + label, lambda: (c.set("ключ", 1), c.get("ключ")), (None, 1))
    check("version" + label, lambda: (c.set("v", 1, version=1), c.get("v", version=1), c.get("v", version=2)), (None, 1, None))
    check("fragment key" + label, lambda: (c.set(make_template_fragment_key("side", ["ada"]), "<b>"),
                                           c.get(make_template_fragment_key("side", ["ada"])))[1], "<b>")
    check("close" + label, lambda: (c.close(), c.get("g")), (None, [1, 2]))
    check("short timeout ends" + label, lambda: is_gone(lambda: c.get("ttl")), True)

session = SessionStore()
session["cart"] = [1, "two"]
check("session save", lambda: session.save(), None)
check("session load", lambda: SessionStore(session.session_key)["cart"], [1, "two"])
check("session exists", lambda: (session.exists(session.session_key), session.exists("no-such-session")), (True, False))
check("session delete", lambda: (session.delete(), SessionStore(session.session_key).get("cart")), (None, None))
check("clear all", lambda: (cache.clear(), cache.get("g")), (None, None))
finish()

"""Every operation of bmemcached: binary and SASL."""
from suite import BYTES, DIALECT, PASSWORD, SERVER, SIZES, UNICODE, USER
from suite import check, finish, is_gone, one_winner, raises, value_of
import bmemcached
from bmemcached.exceptions import AuthenticationNotSupported, InvalidCredentials, MemcachedException


def connect(kind=bmemcached.Client):
    return kind((SERVER,), USER, PASSWORD, socket_timeout=20)


for label, kind in (("", bmemcached.Client), (" distributed", bmemcached.DistributedClient)):
    c = connect(kind)
    check("flush_all" + label, lambda: c.flush_all(), True)
    check("set short ttl" + label, lambda: c.set("ttl", "x", time=1), True)
    check("get miss" + label, lambda: c.get("a"), None)
    check("get default" + label, lambda: c.get("a", "other"), "other")
    check("replace miss" + label, lambda: c.replace("a", "0"), False)
    check("add" + label, lambda: c.add("a", "1"), True)
    check("add exists" + label, lambda: c.add("a", "2"), False)
    check("replace" + label, lambda: c.replace("a", "3"), True)
    check("get" + label, lambda: c.get("a"), "3")
    check("set_multi" + label, lambda: c.set_multi({"m1": "1", "m2": "2", "m3": "3"}), [])
    check("get_multi" + label, lambda: c.get_multi(["m1", "nothere", "m3"]), {"m1": "1", "m3": "3"})
    check("get_multi with cas" + label, lambda: [v for v, cas in c.get_multi(["m2"], get_cas=True).values() if cas > 0], ["2"])
    check("get_multi of 1000" + label, lambda: (c.set_multi({"k%d" % i: "v%d" % i for i in range(1000)}),
                                                len(c.get_multi(["k%d" % i for i in range(1500)])))[1], 1000)
    check("delete_multi" + label, lambda: (c.delete_multi(["m1", "m2"]), c.get_multi(["m1", "m2", "m3"])), (True, {"m3": "3"}))
    check("incr creates" + label, lambda: c.incr("n", 5, default=10), 10)
    check("incr" + label, lambda: c.incr("n", 5), 15)
    check("decr" + label, lambda: c.decr("n", 7), 8)
    check("decr below zero" + label, lambda: c.decr("n", 100), 0)
    check("decr creates" + label, lambda: c.decr("n2", 1, default=7), 7)
    check("incr text" + label, lambda: raises(lambda: (c.set("text", "abc"), c.incr("text", 1)), MemcachedException), True)
    check("gets miss" + label, lambda: c.gets("cas"), (None, None))
    check("cas of none creates" + label, lambda: c.cas("cas", "1", None), True)
    value, token = c.gets("cas")
    check("gets" + label, lambda: (value, token > 0), ("1", True))
    check("get with cas" + label, lambda: c.get("cas", get_cas=True), ("1", token))
    check("cas" + label, lambda: c.cas("cas", "2", token), True)
    check("cas stale" + label, lambda: c.cas("cas", "3", token), False)
    check("cas of none exists" + label, lambda: c.cas("cas", "3", None), False)
    check("delete with stale cas" + label, lambda: (c.delete("cas", cas=token), c.get("cas")), (False, "2"))
    check("delete with cas" + label, lambda: (c.delete("cas", cas=c.gets("cas")[1]), c.get("cas")), (True, None))
    check("delete" + label, lambda: c.delete("a"), True)
    check("delete miss" + label, lambda: c.delete("a"), True)
    c.set("race", "0")
    writers = [connect(kind), connect(kind)]
    check("cas race" + label, lambda: one_winner([(lambda w=w: w.gets("race")[1], lambda v, token, w=w: w.cas("race", v, token))
                                                  for w in writers]), True)
    check("add race" + label, lambda: one_winner([(lambda w=w: w.delete("race"), lambda v, _, w=w: w.add("race", v))
                                                  for w in writers]), True)
    check("set long ttl" + label, lambda: (c.set("e", "x", time=1000), c.get("e")), (True, "x"))
    check("set with absolute exptime" + label, lambda: (c.set("e", "x", time=2592001), c.get("e")), (True, None))
    for size in SIZES:
        check("set and get %d%s" % (size, label), lambda: (c.set("size", value_of(size), compress_level=0),
                                                           c.get("size") == value_of(size)), (True, True))
    check("set too large" + label, lambda: raises(lambda: c.set("size", b"x" * (1024 * 1024 + 1), compress_level=0),
                                                  MemcachedException), True)
    check("get after too large" + label, lambda: c.get("size"), None)
    check("compressed" + label, lambda: (c.set("z", "again " * 10000), c.get("z")), (True, "again " * 10000))
    for name, value in (("text", UNICODE), ("list", [1, "zwei", 3.0]), ("int", 42), ("bytes", BYTES)):
        check("set and get %s%s" % (name, label), lambda: (c.set("v", value), c.get("v")), (True, value))
    check("unicode key" + label, lambda: (c.set("ключ", UNICODE), c.get("ключ"), c.get_multi(["ключ"]), c.delete("ключ")),
          (True, UNICODE, {"ключ": UNICODE}, True))
    check("key of 250" + label, lambda: (c.set("k" * 250, "v"), c.get("k" * 250)), (True, "v"))
    check("stats" + label, lambda: {"pid", "uptime", "curr_items", "evictions", "threads"} <= set(c.stats()[SERVER]), True)
    for group in ("settings", "items", "slabs"):
        check("stats %s%s" % (group, label), lambda: len(c.stats(group)[SERVER]) > 0, True)
    check("short ttl ends" + label, lambda: is_gone(lambda: c.get("ttl")), True)
    check("disconnect_all" + label, lambda: (c.disconnect_all(), c.get("z")), (None, "again " * 10000))
    check("flush_all again" + label, lambda: (c.flush_all(), c.get("z")), (True, None))

if DIALECT == "sasl":
    stranger = bmemcached.Client((SERVER,), USER, "not " + PASSWORD)
    check("wrong password", lambda: raises(lambda: stranger.set("x", "1"), InvalidCredentials, MemcachedException), True)
    nobody = bmemcached.Client((SERVER,))
    check("no password", lambda: raises(lambda: nobody.set("x", "1"), MemcachedException), True)
else:
    unasked = bmemcached.Client((SERVER,), "somebody", "secret")
    check("password where none is asked for", lambda: unasked.set("x", "1"), True)
finish()

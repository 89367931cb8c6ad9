"""Every operation of pylibmc, which is libmemcached: text, binary and SASL."""
from suite import BYTES, DIALECT, PASSWORD, SERVER, SIZES, UNICODE, USER
from suite import check, finish, is_gone, one_winner, raises, value_of
import pylibmc

BINARY = DIALECT != "text"


def connect(**behaviors):
    login = {"username": USER, "password": PASSWORD} if DIALECT == "sasl" else {}
    return pylibmc.Client([SERVER], binary=BINARY, behaviors={"cas": True, **behaviors}, **login)


def is_refused(body):
    """Whether it says no: over text by False, over binary by an exception."""
    try:
        return body() is False
    except pylibmc.NotFound:
        return True


c = connect()
check("flush_all", lambda: c.flush_all(), True)
check("set short ttl", lambda: c.set("ttl", "x", time=1), True)
for label, behaviors in (("", {}), (" nodelay ketama", {"tcp_nodelay": True, "ketama": True}),
                         (" no_block", {"no_block": True})):
    c = connect(**behaviors)
    check("get miss" + label, lambda: c.get("a"), None)
    check("get default" + label, lambda: c.get("a", "other"), "other")
    check("replace miss" + label, lambda: is_refused(lambda: c.replace("a", "0")), True)
    check("add" + label, lambda: c.add("a", "1"), True)
    check("add exists" + label, lambda: c.add("a", "2"), False)
    check("replace" + label, lambda: c.replace("a", "3"), True)
    check("append" + label, lambda: c.append("a", "4"), True)
    check("prepend" + label, lambda: c.prepend("a", "2"), True)
    check("append miss" + label, lambda: c.append("nothere", "4"), False)
    check("prepend miss" + label, lambda: c.prepend("nothere", "4"), False)
    check("get" + label, lambda: c.get("a"), "234")
    check("contains" + label, lambda: ("a" in c, "nothere" in c), (True, False))
    check("item access" + label, lambda: (c.__setitem__("i", 1), c["i"], c.__delitem__("i"), c.get("i")), (None, 1, None, None))
    check("set_multi" + label, lambda: c.set_multi({"m1": 1, "m2": "zwei", "m3": 3.5}), [])
    check("set_multi prefix" + label, lambda: c.set_multi({"1": 1, "2": 2}, key_prefix="p:"), [])
    check("add_multi" + label, lambda: c.add_multi({"m1": "x", "m4": "y"}), ["m1"])
    check("get_multi" + label, lambda: c.get_multi(["m1", "m2", "nothere", "m3", "m4"]),
          {"m1": 1, "m2": "zwei", "m3": 3.5, "m4": "y"})
    check("incr_multi prefix" + label, lambda: (c.incr_multi(["1", "2"], key_prefix="p:", delta=5),
                                                c.get_multi(["1", "2"], key_prefix="p:"))[1], {"1": 6, "2": 7})
    check("delete_multi" + label, lambda: (c.delete_multi(["m1", "m3"]), c.get_multi(["m1", "m3", "m4"])),
          (True, {"m4": "y"}))
    check("get_multi of 1000" + label, lambda: (c.set_multi({"k%d" % i: "v%d" % i for i in range(1000)}),
                                                len(c.get_multi(["k%d" % i for i in range(1500)])))[1], 1000)
    check("incr miss" + label, lambda: raises(lambda: c.incr("n", 1), pylibmc.NotFound), True)
    check("set number" + label, lambda: c.set("n", 10), True)
    check("incr" + label, lambda: c.incr("n", 5), 15)
    check("decr" + label, lambda: c.decr("n", 7), 8)
    check("decr below zero" + label, lambda: c.decr("n", 100), 0)
    check("touch" + label, lambda: c.touch("a", 100), True)
    check("touch miss" + label, lambda: c.touch("nothere", 100), False)
    check("delete" + label, lambda: c.delete("a"), True)
    check("delete miss" + label, lambda: c.delete("a"), False)
    check("delete number" + label, lambda: c.delete_multi(["n", "m2", "m4"]), True)

c = connect()
c.set("text", "abc")
check("incr text", lambda: raises(lambda: c.incr("text", 1), pylibmc.Error), True)
check("gets miss", lambda: c.gets("cas"), (None, None))
c.set("cas", "1")
value, token = c.gets("cas")
check("gets", lambda: (value, token > 0), ("1", True))
check("cas", lambda: c.cas("cas", "2", token), True)
check("cas stale", lambda: c.cas("cas", "3", token), False)
check("get after cas", lambda: c.get("cas"), "2")
writers = [connect(), connect()]
check("cas race", lambda: one_winner([(lambda w=w: w.gets("cas")[1], lambda v, token, w=w: w.cas("cas", v, token))
                                      for w in writers]), True)
check("add race", lambda: one_winner([(lambda w=w: w.delete("race"), lambda v, _, w=w: w.add("race", v))
                                      for w in writers]), True)

check("set long ttl", lambda: (c.set("e", "x", time=1000), c.get("e")), (True, "x"))
check("set with absolute exptime", lambda: (c.set("e", "x", time=2592001), c.get("e")), (True, None))
check("touch into the past", lambda: (c.set("e", "x"), c.touch("e", 2592001), c.get("e")), (True, True, None))

for size in SIZES:
    check("set and get %d" % size, lambda: (c.set("size", value_of(size)), c.get("size") == value_of(size)), (True, True))
check("set too large", lambda: raises(lambda: c.set("size", b"x" * (1024 * 1024 + 1)), pylibmc.Error), True)
check("get after too large", lambda: connect().get("size"), None)
c = connect()
check("compressed", lambda: (c.set("z", "again " * 10000, min_compress_len=100), c.get("z")), (True, "again " * 10000))
for name, value in (("text", UNICODE), ("list", [1, "zwei", 3.0]), ("int", 42), ("long", 2 ** 70), ("bool", True),
                    ("float", 0.1), ("bytes", BYTES)):
    check("set and get " + name, lambda: (c.set("v", value), c.get("v")), (True, value))
check("unicode key", lambda: (c.set("ключ", UNICODE), c.get("ключ"), c.delete("ключ")), (True, UNICODE, True))
check("key of 249", lambda: (c.set("k" * 249, "v"), c.get("k" * 249)), (True, "v"))
check("key too long", lambda: raises(lambda: c.set("k" * 251, "v"), pylibmc.Error, ValueError), True)

if not BINARY:
    quiet = connect(cas=False, _noreply=True)
    check("noreply", lambda: (quiet.set("r", "1"), quiet.append("r", "2"), quiet.delete("nothere"), quiet.get("r")),
          (True, True, True, "12"))
pool = pylibmc.ThreadMappedPool(c)
with pool.reserve() as reserved:
    check("pool", lambda: (reserved.set("pool", "1"), reserved.get("pool")), (True, "1"))
check("clone", lambda: c.clone().get("pool"), "1")
check("stats", lambda: {"pid", "uptime", "curr_items", "evictions", "threads"} <= set(c.get_stats()[0][1]), True)
for group in ("settings", "items", "slabs", "sizes"):
    check("stats " + group, lambda: len(c.get_stats(group)[0][1]) > 0, True)
check("short ttl ends", lambda: is_gone(lambda: c.get("ttl")), True)
check("flush_all again", lambda: (c.flush_all(), c.get("pool")), (True, None))
check("disconnect_all", lambda: (c.disconnect_all(), c.get("pool")), (None, None))
if DIALECT == "sasl":
    stranger = pylibmc.Client([SERVER], binary=True, username=USER, password="not " + PASSWORD)
    check("wrong password", lambda: raises(lambda: stranger.set("x", "1"), pylibmc.Error), True)
    nobody = pylibmc.Client([SERVER], binary=True)
    check("no password", lambda: raises(lambda: nobody.set("x", "1"), pylibmc.Error), True)
finish()

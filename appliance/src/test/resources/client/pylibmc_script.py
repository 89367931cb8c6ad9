"""Every operation of pylibmc (libmemcached) over the text protocol."""
from witness import PORT, SIZES, let_pass, show, value_of
import time

import pylibmc

c = pylibmc.Client(["127.0.0.1:%d" % PORT], binary=False)
show("flush_all", lambda: c.flush_all())

for behaviors in ({}, {"tcp_nodelay": True, "ketama": True}, {"no_block": True}, {"no_block": False}):
    print("behaviors", sorted(behaviors))
    c.behaviors.update(behaviors)
    show("get miss", lambda: c.get("a"))
    show("get default", lambda: c.get("a", "other"))
    show("replace miss", lambda: c.replace("a", "0"))
    show("add", lambda: c.add("a", "1"))
    show("add again", lambda: c.add("a", "2"))
    show("get", lambda: c.get("a"))
    show("replace", lambda: c.replace("a", "3"))
    show("append", lambda: c.append("a", "4"))
    show("prepend", lambda: c.prepend("a", "2"))
    show("append miss", lambda: c.append("nothere", "4"))
    show("prepend miss", lambda: c.prepend("nothere", "4"))
    show("get", lambda: c.get("a"))
    show("set_multi", lambda: c.set_multi({"m1": 1, "m2": "zwei", "m3": 3.5}))
    show("set_multi prefix", lambda: c.set_multi({"1": 1, "2": 2}, key_prefix="p:"))
    show("add_multi", lambda: c.add_multi({"m1": "x", "m4": "y"}))
    show("get_multi", lambda: c.get_multi(["m1", "m2", "nothere", "m3", "m4"]))
    show("get_multi prefix", lambda: c.get_multi(["1", "2"], key_prefix="p:"))
    show("incr_multi", lambda: c.incr_multi(["1", "2"], key_prefix="p:", delta=5))
    show("get_multi prefix", lambda: c.get_multi(["1", "2"], key_prefix="p:"))
    show("delete_multi", lambda: c.delete_multi(["m1", "m3", "nothere"]))
    show("get_multi", lambda: c.get_multi(["m1", "m2", "m3"]))
    show("get_multi of many", lambda: (c.set_multi({"k%d" % i: "v%d" % i for i in range(1000)}),
                                       len(c.get_multi(["k%d" % i for i in range(1500)]))))
    show("set number", lambda: c.set("n", 10))
    show("incr", lambda: c.incr("n", 5))
    show("decr", lambda: c.decr("n", 7))
    show("decr below zero", lambda: c.decr("n", 100))
    show("incr miss", lambda: c.incr("nothere", 1))
    show("touch", lambda: c.touch("a", 100))
    show("touch miss", lambda: c.touch("nothere", 100))
    show("delete", lambda: c.delete("a"))
    show("delete miss", lambda: c.delete("a"))
    show("flush_all", lambda: c.flush_all())
    let_pass(2)
    show("get flushed", lambda: c.get("m2"))

show("set text", lambda: c.set("text", "abc"))
show("incr text", lambda: c.incr("text", 1))

cas = pylibmc.Client(["127.0.0.1:%d" % PORT], binary=False, behaviors={"cas": True})
show("gets miss", lambda: cas.gets("cas"))
show("set", lambda: cas.set("cas", "1"))
value, token = cas.gets("cas")
show("gets value", lambda: value)
show("cas", lambda: cas.cas("cas", "2", token))
show("cas stale", lambda: cas.cas("cas", "3", token))
show("get", lambda: cas.get("cas"))

show("expire", lambda: c.set("e1", "x", time=2))
show("expire add", lambda: c.add("e2", "x", time=2))
show("expire long", lambda: c.set("e3", "x", time=1000))
show("expire touch", lambda: (c.set("e4", "x"), c.touch("e4", 2)))
show("expire touch away", lambda: (c.set("e5", "x", time=2), c.touch("e5", 0)))
show("before", lambda: c.get_multi(["e1", "e2", "e3", "e4", "e5"]))
let_pass(4)
show("after", lambda: c.get_multi(["e1", "e2", "e3", "e4", "e5"]))

for size in SIZES:
    show("set %d" % size, lambda: c.set("size%d" % size, value_of(size)))
    show("get %d" % size, lambda: c.get("size%d" % size))
show("set too large", lambda: c.set("large", b"x" * (1024 * 1024 + 1)))
show("after too large", lambda: c.get("large"))
show("compressed", lambda: c.set("z", "compress me " * 10000, min_compress_len=100))
show("compressed get", lambda: c.get("z"))

for name, value in (("text", "значение ☃ 😀"), ("list", [1, "zwei", 3.0]), ("int", 42), ("long", 2 ** 70),
                    ("bool", True), ("float", 0.1), ("none", None), ("bytes", b"\r\nEND\r\n\x00\xff")):
    show("set " + name, lambda: c.set("v" + name, value))
    show("get " + name, lambda: c.get("v" + name))

show("key too long", lambda: c.get("k" * 251))
show("key of 249", lambda: (c.set("k" * 249, "v"), c.get("k" * 249)))
noreply = pylibmc.Client(["127.0.0.1:%d" % PORT], binary=False, behaviors={"_noreply": True})
show("noreply", lambda: (noreply.set("r", "1"), noreply.append("r", "2"), noreply.delete("nothere")))
noreply.disconnect_all()
# Another connection: nothing says when the server reads it.
for attempt in range(500):
    if c.get("r") == "12":
        break
    time.sleep(0.01)
show("noreply get", lambda: c.get("r"))

pool = pylibmc.ThreadMappedPool(c)
with pool.reserve() as reserved:
    show("pool", lambda: (reserved.set("pool", "1"), reserved.get("pool")))
clone = c.clone()
show("clone", lambda: clone.get("pool"))
stats = c.get_stats()[0][1]
show("stats", lambda: all(k in stats for k in ("pid", "uptime", "curr_items", "evictions", "threads")))
for group in ("settings", "items", "slabs", "sizes"):
    show("stats " + group, lambda: len(c.get_stats(group)[0][1]) > 0)
show("disconnect_all", lambda: c.disconnect_all())
show("again", lambda: c.get("pool"))

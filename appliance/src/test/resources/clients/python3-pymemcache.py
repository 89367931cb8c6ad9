"""Every operation of pymemcache, answered and with noreply. Text only."""
from suite import BYTES, HOST, PORT, SIZES, UNICODE, check, finish, is_gone, one_winner, raises, value_of
from pymemcache import serde
from pymemcache.client.base import Client, PooledClient
from pymemcache.client.hash import HashClient
from pymemcache.exceptions import MemcacheClientError, MemcacheIllegalInputError, MemcacheServerError


def connect(**options):
    return Client((HOST, PORT), default_noreply=False, timeout=20, **options)


c = connect()
check("flush_all", lambda: c.flush_all(), True)
check("set short ttl", lambda: c.set("ttl", "x", expire=1), True)
check("get miss", lambda: c.get("a"), None)
check("get default", lambda: c.get("a", "other"), "other")
check("replace miss", lambda: c.replace("a", "0"), False)
check("add", lambda: c.add("a", "1"), True)
check("add exists", lambda: c.add("a", "2"), False)
check("replace", lambda: c.replace("a", "3"), True)
check("append", lambda: c.append("a", "4"), True)
check("prepend", lambda: c.prepend("a", "2"), True)
check("append miss", lambda: c.append("nothere", "4"), False)
check("prepend miss", lambda: c.prepend("nothere", "4"), False)
check("get", lambda: c.get("a"), b"234")
check("set", lambda: c.set("a", "5"), True)
check("set_many", lambda: c.set_many({"m1": "1", "m2": "2", "m3": "3"}), [])
check("set_multi", lambda: c.set_multi({"m4": "4"}), [])
check("get_many", lambda: c.get_many(["m1", "nothere", "m2", "m3"]), {"m1": b"1", "m2": b"2", "m3": b"3"})
check("get_multi", lambda: c.get_multi(["m4"]), {"m4": b"4"})
check("get_many of 1000", lambda: (c.set_many({"k%d" % i: str(i) for i in range(1000)}),
                                   len(c.get_many(["k%d" % i for i in range(1500)])))[1], 1000)
check("delete_many", lambda: c.delete_many(["m1", "nothere", "m3"]), True)
check("delete_multi", lambda: c.delete_multi(["m4"]), True)
check("get after delete_many", lambda: c.get_many(["m1", "m2", "m3", "m4"]), {"m2": b"2"})
check("incr miss", lambda: c.incr("n", 1), None)
check("decr miss", lambda: c.decr("n", 1), None)
c.set("n", "10")
check("incr", lambda: c.incr("n", 5), 15)
check("decr", lambda: c.decr("n", 7), 8)
check("get after decr", lambda: c.get("n"), b"8 ")
check("decr below zero", lambda: c.decr("n", 100), 0)
c.set("n", "18446744073709551615")
check("incr wraps", lambda: c.incr("n", 2), 1)
c.set("text", "abc")
check("incr text", lambda: raises(lambda: c.incr("text", 1), MemcacheClientError), True)
check("touch", lambda: c.touch("a", 100), True)
check("touch miss", lambda: c.touch("nothere", 100), False)
check("delete", lambda: c.delete("a"), True)
check("delete miss", lambda: c.delete("a"), False)

check("gets miss", lambda: c.gets("cas"), (None, None))
check("cas miss", lambda: c.cas("cas", "1", b"1"), None)
c.set("cas", "1")
value, token = c.gets("cas")
check("gets", lambda: (value, token.isdigit()), (b"1", True))
check("cas", lambda: c.cas("cas", "2", token), True)
check("cas stale", lambda: c.cas("cas", "3", token), False)
check("get after cas", lambda: c.get("cas"), b"2")
check("gets_many", lambda: sorted(c.gets_many(["cas", "nothere"])), ["cas"])
writers = [connect(), connect()]
check("cas race", lambda: one_winner([(lambda w=w: w.gets("cas")[1], lambda v, token, w=w: w.cas("cas", v, token))
                                      for w in writers]), True)
check("add race", lambda: one_winner([(lambda w=w: w.delete("race"), lambda v, _, w=w: w.add("race", v))
                                      for w in writers]), True)

check("set expired", lambda: (c.set("e", "x", expire=-1), c.get("e")), (True, None))
check("add expired", lambda: (c.add("e", "x", expire=-1), c.get("e")), (True, None))
check("set long ttl", lambda: (c.set("e", "x", expire=1000), c.get("e")), (True, b"x"))
check("touch away", lambda: (c.touch("e", -1), c.get("e")), (True, None))

for size in SIZES:
    check("set and get %d" % size, lambda: (c.set("size", value_of(size)), c.get("size") == value_of(size)), (True, True))
check("set too large", lambda: raises(lambda: c.set("size", b"x" * (1024 * 1024 + 1)), MemcacheServerError), True)
check("get after too large", lambda: c.get("size"), None)
check("set bytes", lambda: (c.set("bytes", BYTES), c.get("bytes")), (True, BYTES))
check("set flags", lambda: c.set("flags", "x", flags=4294967295), True)

pickled = connect(serde=serde.pickle_serde, allow_unicode_keys=True, encoding="utf-8")
check("unicode key", lambda: (pickled.set("ключ", UNICODE), pickled.get("ключ")), (True, UNICODE))
check("unicode keys of many", lambda: pickled.get_many(["ключ", "鍵"]), {"ключ": UNICODE})
check("unicode key delete", lambda: pickled.delete("ключ"), True)
check("pickled", lambda: (pickled.set("list", [1, "zwei", 3.0]), pickled.get("list")), (True, [1, "zwei", 3.0]))
check("integer", lambda: (pickled.set("int", 42), pickled.get("int")), (True, 42))

check("key of 250", lambda: (c.set("k" * 250, "v"), c.get("k" * 250)), (True, b"v"))
check("key of 251", lambda: raises(lambda: c.get("k" * 251), MemcacheIllegalInputError), True)

quiet = Client((HOST, PORT), default_noreply=True, timeout=20)
check("noreply set", lambda: (quiet.set("q", "1"), quiet.get("q")), (True, b"1"))
check("noreply add", lambda: (quiet.add("q", "2"), quiet.get("q")), (True, b"1"))
check("noreply replace", lambda: (quiet.replace("q", "3"), quiet.get("q")), (True, b"3"))
check("noreply append", lambda: (quiet.append("q", "4"), quiet.get("q")), (True, b"34"))
check("noreply prepend", lambda: (quiet.prepend("q", "2"), quiet.get("q")), (True, b"234"))
check("noreply cas", lambda: (quiet.cas("q", "9", quiet.gets("q")[1], noreply=True), quiet.get("q")), (True, b"9"))
check("noreply incr", lambda: (quiet.incr("q", 1, noreply=True), quiet.get("q")), (None, b"10"))
check("noreply decr", lambda: (quiet.decr("q", 2, noreply=True), quiet.get("q")), (None, b"8 "))
check("noreply touch", lambda: (quiet.touch("q", -1), quiet.get("q")), (True, None))
check("noreply set_many", lambda: (quiet.set_many({"q1": "1", "q2": "2"}), len(quiet.get_many(["q1", "q2"]))), ([], 2))
check("noreply delete", lambda: (quiet.delete("q1"), quiet.get("q1")), (True, None))
check("noreply delete_many", lambda: (quiet.delete_many(["q1", "q2"]), quiet.get_many(["q1", "q2"])), (True, {}))

prefixed = connect(key_prefix=b"p:")
check("prefix", lambda: (prefixed.set("a", "1"), prefixed.get("a"), c.get("p:a"), prefixed.get_many(["a"])),
      (True, b"1", b"1", {"a": b"1"}))
pool = PooledClient((HOST, PORT), max_pool_size=4, default_noreply=False)
check("pooled", lambda: (pool.set("pool", "1"), pool.incr("pool", 1), pool.gets("pool")[0]), (True, 2, b"2"))
ring = HashClient([(HOST, PORT)], default_noreply=False)
check("hashed", lambda: (ring.set("hash", "1"), ring.get_many(["hash", "pool"])), (True, {"hash": b"1", "pool": b"2"}))

check("stats", lambda: {b"pid", b"uptime", b"curr_items", b"evictions", b"threads"} <= set(c.stats()), True)
for group in ("settings", "items", "slabs", "sizes", "conns"):
    check("stats " + group, lambda: len(c.stats(group)) > 0, True)
check("version", lambda: c.version()[:2], b"1.")
check("cache_memlimit", lambda: c.cache_memlimit(64), True)
check("flush_all noreply", lambda: (c.flush_all(noreply=True), c.get("m2")), (True, None))
check("short ttl ends", lambda: is_gone(lambda: c.get("ttl")), True)
check("quit", lambda: c.quit(), None)
check("get after quit", lambda: c.get("a"), None)
finish()

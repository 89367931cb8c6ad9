"""Sets the keys on stdin to 1 through pylibmc, which is libmemcached: weighted ketama, dead servers ejected."""
import sys
import pylibmc

client = pylibmc.Client([word.replace("=", ":") for word in sys.argv[1:]], behaviors={
    "ketama_weighted": True, "auto_eject": True, "failure_limit": 1, "retry_timeout": 3600, "tcp_nodelay": True})
for line in sys.stdin:
    key = line.rstrip("\n")
    # The set that finds the server dead fails; the ring is then built anew. A fixed number of times, so that this ends.
    for attempt in range(20):
        try:
            if client.set(key, "1"):
                break
        except pylibmc.Error:
            pass
    else:
        sys.exit("libmemcached: %s cannot be set" % key)
with open("/var/lib/dpkg/status") as status:
    package = status.read().split("Package: libmemcached11\n", 1)[1].split("\nVersion: ", 1)[1].split("\n", 1)[0]
print("libmemcached %s (pylibmc %s), KETAMA_WEIGHTED, AUTO_EJECT_HOSTS" % (package, pylibmc.__version__))
for word in sys.argv[1:]:
    print(word.split("=")[0].removesuffix(":11211"))

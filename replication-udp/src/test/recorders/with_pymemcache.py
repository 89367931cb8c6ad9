"""Sets the keys on stdin to 1 through pymemcache's HashClient."""
import sys
import pymemcache
from pymemcache.client.hash import HashClient

servers = []
for word in sys.argv[1:]:
    host, port = word.split("=")[0].split(":")
    servers.append((host, int(port)))
client = HashClient(servers, retry_attempts=0, dead_timeout=3600)
for line in sys.stdin:
    key = line.rstrip("\n")
    # The set that finds the server dead raises and takes it off the list.
    for attempt in range(2):
        try:
            client.set(key, "1", noreply=False)
            break
        except OSError:
            pass
    else:
        sys.exit("pymemcache: %s cannot be set" % key)
print("pymemcache %s, HashClient" % pymemcache.__version__)

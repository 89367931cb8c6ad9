"""Writes keys, waits for a line on stdin, and reads them again, through pymemcache's HashClient."""
import sys
from pymemcache.client.hash import HashClient
from pymemcache.exceptions import MemcacheServerError

servers = [(word.split(":")[0], int(word.split(":")[1])) for word in sys.argv[2:]]
client = HashClient(servers, retry_attempts=0, dead_timeout=3600)
keys = ["key:%d" % i for i in range(int(sys.argv[1]))]
for key in keys:
    client.set(key, "value of " + key, noreply=False)
print("written", flush=True)
sys.stdin.readline()
for key in keys:
    value = None
    # The request that finds a server dead raises and takes it off the list.
    for attempt in range(3):
        try:
            value = client.get(key)
            break
        except (OSError, MemcacheServerError):
            pass
    print(value.decode() if value else "-")

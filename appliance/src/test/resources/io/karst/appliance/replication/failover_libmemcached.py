"""Writes keys, waits for a line on stdin, and reads them again, through pylibmc: weighted ketama, dead servers ejected."""
import sys
import pylibmc

client = pylibmc.Client(sys.argv[2:], behaviors={
    "ketama_weighted": True, "auto_eject": True, "failure_limit": 1, "retry_timeout": 3600, "tcp_nodelay": True})
keys = ["key:%d" % i for i in range(int(sys.argv[1]))]


def attempt(action):
    # The request that finds a server dead fails; the ring is then built anew.
    for i in range(20):
        try:
            return action()
        except pylibmc.Error:
            pass
    return None


for key in keys:
    if not attempt(lambda: client.set(key, "value of " + key)):
        sys.exit(key + " cannot be set")
print("written", flush=True)
sys.stdin.readline()
for key in keys:
    print(attempt(lambda: client.get(key)) or "-")

"""What both client scripts share: they print one line per operation, so that two servers can be compared by their output.

Usage: <script>.py PORT [--debugtime]. With --debugtime the server's clock is moved, else the script waits.
"""
import hashlib
import socket
import sys
import time

PORT = int(sys.argv[1])
HAS_DEBUGTIME = "--debugtime" in sys.argv

# Values of every size: empty, around the powers of two, up to a mebibyte less the item's overhead.
SIZES = [0, 1, 2, 10, 99, 255, 256, 1000, 1023, 1024, 1400, 4096, 8192, 10000, 16384, 65535, 65536, 100000,
         250000, 524288, 1000000, 1048576 - 512]


def value_of(size):
    block = hashlib.sha256(str(size).encode()).digest()
    return (block * (size // len(block) + 1))[:size]


def shape(value):
    if isinstance(value, (bytes, str)) and len(value) > 80:
        raw = value if isinstance(value, bytes) else value.encode()
        return "%s of %d, md5 %s" % (type(value).__name__, len(value), hashlib.md5(raw).hexdigest())
    if isinstance(value, dict):
        return "{" + ", ".join("%r: %s" % (k, shape(value[k])) for k in sorted(value)) + "}"
    return repr(value)


def show(name, operation):
    """Runs one operation; prints what came of it, an exception included."""
    try:
        print(name, "->", shape(operation()))
    except Exception as e:
        print(name, "-> raised", type(e).__name__, str(e)[:160])


def let_pass(seconds):
    if HAS_DEBUGTIME:
        with socket.create_connection(("127.0.0.1", PORT)) as s:
            s.sendall(b"debugtime %d\r\n" % seconds)
            assert s.recv(100) == b"OK\r\n"
    else:
        time.sleep(seconds)

"""What the Python client scripts share: one line per operation, `ok <operation>` or `FAIL <operation>: <why>`.

Usage: <client>.py HOST PORT text|binary|sasl [USER PASSWORD]; exit status 1 when an operation failed.
"""
import hashlib
import sys
import threading
import time

HOST, PORT, DIALECT = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SERVER = "%s:%d" % (HOST, PORT)
USER, PASSWORD = sys.argv[4:6] if DIALECT == "sasl" else (None, None)

# From empty to a mebibyte less the item's overhead.
SIZES = [0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512]
BYTES = bytes(range(256)) + b"\r\nEND\r\n"
UNICODE = "значение ☃ 😀"

failures = []


def value_of(size):
    block = hashlib.sha256(str(size).encode()).digest()
    return (block * (size // len(block) + 1))[:size]


def check(operation, body, expected):
    """Runs one operation; `expected` is its result, or a predicate on it."""
    try:
        actual = body()
        good = expected(actual) if callable(expected) else actual == expected and type(actual) is type(expected)
        why = "got %s" % repr(actual)[:160]
    except Exception as e:
        good, why = False, "raised %s %s" % (type(e).__name__, str(e)[:160])
    if good:
        print("ok", operation)
    else:
        failures.append(operation)
        print("FAIL %s: %s" % (operation, why.replace("\n", " ")))


def raises(body, *kinds):
    """Whether the operation is refused by one of these exceptions."""
    try:
        body()
    except kinds:
        return True
    return False


def one_winner(writers, rounds=25):
    """
    Whether of two writers with one token exactly one wins, each round. A writer is (prepare, write): what it reads before,
    and what it then writes, which says whether it won.
    """
    for number in range(rounds):
        prepared = [prepare() for prepare, _ in writers]
        barrier = threading.Barrier(len(writers))
        wins = []

        def write(index):
            barrier.wait()
            if writers[index][1]("round %d of %d" % (number, index), prepared[index]):
                wins.append(index)

        threads = [threading.Thread(target=write, args=(index,)) for index in range(len(writers))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(wins) != 1:
            return False
    return True


def is_gone(get):
    """Whether an item with a time to live of 1 second is a miss before long."""
    for _ in range(50):
        if get() is None:
            return True
        time.sleep(0.1)
    return False


def finish():
    sys.stdout.flush()
    sys.exit(1 if failures else 0)

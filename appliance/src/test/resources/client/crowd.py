"""Opens connections, has each say a word, and keeps them until its input ends.

    crowd.py <port> <count>

More than the 28,000 that one source address has ports for: 20,000 from each of 127.0.0.2, 127.0.0.3, and so on. Prints "ready" when
every one has been answered, and "alive" when, at the end, every one was answered again.
"""
import socket
import sys

PER_ADDRESS = 20_000


def main(port, count):
    crowd = []
    for i in range(count):
        address = "127.0.0.%d" % (2 + i // PER_ADDRESS)
        crowd.append(socket.create_connection(("127.0.0.1", port), 60, (address, 0)))
        ask(crowd[-1:])
    print("ready", flush=True)
    sys.stdin.read()
    ask(crowd)
    print("alive", flush=True)


def ask(connections):
    for connection in connections:
        connection.sendall(b"mn\r\n")
    for connection in connections:
        answer = connection.recv(4)
        if answer != b"MN\r\n":
            sys.exit("answered %r" % answer)


main(int(sys.argv[1]), int(sys.argv[2]))

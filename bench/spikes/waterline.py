#!/usr/bin/python3
"""Does memory come back when the upper part of every segment of an arena is given up?

    bench/spikes/waterline.py                      # the table of docs/decisions/0004
    bench/spikes/waterline.py --khugepaged 300     # and whether khugepaged fills the holes, watched for so many seconds

Maps a region as an arena is mapped, writes to all of it, gives up the last part of each segment in several ways, and
prints what /proc/self/smaps says and what the machine really got back. That is everybody's memory: run it several times.
Needs Linux, transparent huge pages at madvise or always, 2 GiB free, and for --lock the right to lock memory.
"""
import argparse
import ctypes
import mmap
import os
import sys
import time

PAGE = 4096
HUGE = 2 << 20
MIB = 1 << 20
ADVICE = {"dontneed": 4, "free": 8, "hugepage": 14, "nohugepage": 15, "pageout": 21, "dontneed_locked": 24, "collapse": 25}

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
for function in (libc.madvise, libc.munmap, libc.mlock):
    function.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + ([ctypes.c_int] if function is libc.madvise else [])


def map_region(length):
    """An address at a multiple of 2 MiB, plus the 16 bytes of malloc and Chronicle's header, as an arena has it."""
    address = libc.mmap(None, length + 2 * HUGE, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        sys.exit("mmap: " + os.strerror(ctypes.get_errno()))
    return address, (address + HUGE - 1) & -HUGE


def advise(start, end, advice):
    """0, or the errno's name."""
    if end <= start or libc.madvise(start, end - start, ADVICE[advice]) == 0:
        return 0
    return os.strerror(ctypes.get_errno())


def touch(start, end, step=PAGE):
    view = (ctypes.c_ubyte * (end - start)).from_address(start)
    for offset in range(0, end - start, step):
        view[offset] = 1


def fill(start, length):
    began = time.perf_counter()
    ctypes.memset(start, 1, length)
    return time.perf_counter() - began


def free_mib():
    """The machine's free memory. MemFree leaves out what waits in the free lists of the CPUs, hundreds of MiB here."""
    pages = 0
    for line in open("/proc/zoneinfo"):
        words = line.split()
        if words[0] == "nr_free_pages" or words[0] == "count:":
            pages += int(words[1])
    return pages * PAGE / MIB


def smaps(start, end):
    """MiB of Rss and AnonHugePages in the mappings that meet the range, and how many mappings those are."""
    rss = huge = count = 0
    inside = False
    for line in open("/proc/self/smaps"):
        first = line.split(None, 1)[0]
        if "-" in first:
            low, high = (int(part, 16) for part in first.split("-"))
            inside = low < end and high > start
            count += inside
        elif inside and first == "Rss:":
            rss += int(line.split()[1])
        elif inside and first == "AnonHugePages:":
            huge += int(line.split()[1])
    return rss / 1024, huge / 1024, count


def holes(base, length, segment, share, granule):
    """What lies above the water line, segment by segment, in whole granules."""
    for low in range(base, base + length, segment):
        high = low + segment
        line = low + int(segment * (1 - share))
        line = (line + granule - 1) & -granule
        yield line, high & -granule


def run(args, segment, share, huge, how, granule):
    length = args.mib * MIB
    mapped, base = map_region(length)
    start = base + (0 if granule == HUGE else 16 * PAGE)  # Small segments do not begin where huge pages do.
    length -= HUGE
    if huge:
        error = advise(base, base + args.mib * MIB, "hugepage")
        if error:
            sys.exit("MADV_HUGEPAGE: " + error)
    if args.lock and libc.mlock(base, args.mib * MIB):
        print("mlock:", os.strerror(ctypes.get_errno()))
    filled = fill(base, args.mib * MIB)
    rss0, huge0, _ = smaps(base, base + args.mib * MIB)
    free0 = free_mib()
    began = time.perf_counter()
    calls = errors = wanted = 0
    if "nohugepage" in how:
        advise(base, base + args.mib * MIB, "nohugepage")
    for low, high in holes(start, length, segment, share, granule):
        wanted += max(0, high - low)
        for advice in how:
            if advice != "nohugepage":
                calls += 1
                error = advise(low, high, advice)
                if error:
                    errors += 1
                    last = error
    took = time.perf_counter() - began
    rss1, huge1, maps = smaps(base, base + args.mib * MIB)
    free1 = free_mib()
    row = [
        f"{segment // MIB} MiB", f"{share:.0%}", "2 MiB" if huge else "4 KiB", "+".join(how), f"{wanted / MIB:.0f}",
        f"{rss0 - rss1:.0f}", f"{free1 - free0:.0f}", f"{huge0:.0f} → {huge1:.0f}", f"{took / calls * 1e6:.1f}",
    ]
    began = time.perf_counter()
    for low, high in holes(start, length, segment, share, granule):
        if high > low:
            touch(low, high)
    refault = time.perf_counter() - began
    row.append(f"{refault / max(1, wanted / PAGE) * 1e6:.2f}")
    if errors:
        row.append(f"{errors} of {calls} calls: {last}")
    print("| " + " | ".join(row) + " |", flush=True)
    libc.munmap(mapped, args.mib * MIB + 2 * HUGE)


def watch_khugepaged(seconds):
    """64 MiB of 1 MiB segments, half given up: what khugepaged makes of the holes."""
    for how in (["dontneed"], ["free", "dontneed"], ["nohugepage", "free", "dontneed"]):
        length = 64 * MIB
        mapped, base = map_region(length)
        advise(base, base + length, "hugepage")
        fill(base, length)
        if "nohugepage" in how:
            advise(base, base + length, "nohugepage")
        for low, high in holes(base + 16 * PAGE, length - HUGE, MIB, 0.5, PAGE):
            for advice in how:
                if advice != "nohugepage":
                    advise(low, high, advice)
        began = time.time()
        print("+".join(how))
        while True:
            rss, huge, _ = smaps(base, base + length)
            print(f"  after {time.time() - began:4.0f} s: Rss {rss:.0f} MiB, AnonHugePages {huge:.0f} MiB", flush=True)
            if time.time() - began >= seconds:
                break
            time.sleep(seconds / 5)
        libc.munmap(mapped, length + 2 * HUGE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024, help="region, MiB")
    parser.add_argument("--lock", action="store_true", help="mlock the region first")
    parser.add_argument("--khugepaged", type=int, default=0, metavar="SECONDS", help="watch the holes for so long")
    args = parser.parse_args()
    if args.khugepaged:
        watch_khugepaged(args.khugepaged)
        return
    print("| segment | given up | pages | advice | asked, MiB | Rss less, MiB | free more, MiB | AnonHugePages | µs a call"
          " | µs to touch a page again, in Python |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    plain = [["dontneed"]]
    if args.lock:
        plain = [["dontneed"], ["dontneed_locked"]]
    for segment, granule in ((MIB, PAGE), (64 * MIB, HUGE)):
        for share in (0.06, 0.5):
            for how in plain:
                run(args, segment, share, False, how, PAGE)
            for how in plain + ([] if args.lock else [["free", "dontneed"], ["nohugepage", "free", "dontneed"]]):
                run(args, segment, share, True, how, granule)


main()

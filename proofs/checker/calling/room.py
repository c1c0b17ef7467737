"""How much memory a process may take: runaway code is to fail, and not the machine."""

import os

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment,unused-ignore]

UNBOUNDED = "how much memory it takes is not limited on this system"


def half() -> int:
    """Half of the memory of this machine, in bytes; 0 where that is not told."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return 0


def limit(most: int) -> bool:
    """Let this process take no more than these bytes for its data; False where that cannot be done.

    Address space is not counted: libraries reserve a great deal of it, and never use it.
    """
    if resource is None or most <= 0:
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (least, hard))
    except (ValueError, OSError):
        return False
    return True

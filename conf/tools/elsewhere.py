"""What `nox -s elsewhere` runs: README's commands and the formal check, on a bare Debian.

The system is made with mmdebstrap in build/elsewhere, the project is cloned into it as a newcomer
would, and what this machine knows of pip, certificates and names of hosts is copied in.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "elsewhere"
NEWEST = "trixie"
PACKAGES = "ca-certificates,git,python3,python3-venv,coq,libcoq-mathcomp-analysis"
FORMAL = ".venv/bin/nox -s formal -- --check"

COPIED = ["/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/xdg/pip", "/root/.config/pip"]
COPIED += ["/etc/ssl/certs/ca-certificates.crt"]
KEPT = re.compile(r"PIP_|UV_|.*(_CERT|_CERT_FILE|_CA_BUNDLE|_proxy|_PROXY)$")
"""The variables that tell pip and others how to reach a registry."""


def commands() -> list[str]:
    """The commands of README, as they stand, and the formal check."""
    blocks = re.findall(
        r"^```console\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    return [*re.findall(r"^\$ (.*)$", "".join(blocks), re.MULTILINE), FORMAL]


def system(suite: str) -> Path:
    """The folder of a bare system, made if it is not there."""
    folder = BUILD / suite
    if not (folder / "etc" / "debian_version").exists():
        shutil.rmtree(folder, ignore_errors=True)
        BUILD.mkdir(parents=True, exist_ok=True)
        made = ["mmdebstrap", "--variant=apt", f"--include={PACKAGES}", suite, str(folder)]
        subprocess.run(made, check=True)
    return folder


def equip(folder: Path) -> None:
    """Copy this machine's settings into the system, and clone the project into it anew."""
    for name in COPIED:
        source, target = Path(name), folder / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            target.unlink(missing_ok=True)  # it may be a link that leads nowhere in there
            shutil.copy(source, target)
    project = folder / "root" / "project"
    shutil.rmtree(project, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(project)], check=True)


def run(folder: Path, command: str) -> bool:
    """Whether a command succeeds in the system; what is mounted for it is gone afterwards."""
    mounts = 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev"'
    inside = 'exec chroot "$0" bash -euo pipefail -c "cd /root/project && $1"'
    kept = {name: value for name, value in os.environ.items() if KEPT.match(name)}
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    here = {"HOME": "/root", "LANG": "C.UTF-8", "NO_COLOR": "1", "PATH": path}
    program = ["unshare", "--mount", "sh", "-c", f"{mounts} && {inside}", str(folder), command]
    print(f"$ {command}", flush=True)
    return subprocess.run(program, env=kept | here, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """Run everything, also after a failure, which is named; the exit status."""
    if os.geteuid() != 0:
        print("A system in a folder can only be entered by root.")
        return 1
    suite = arguments[0] if arguments else NEWEST
    folder = system(suite)
    equip(folder)
    succeeded = {command: run(folder, command) for command in commands()}
    for command, passed in succeeded.items():
        print(f"{'passed' if passed else 'failed'} on {suite}: {command}")
    failed = list(succeeded.values()).count(False)
    print(f"{len(succeeded) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

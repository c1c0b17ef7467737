"""Run the scripts of findings/, one after the other, and print those that no longer hold."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FINDINGS = Path(__file__).parents[2] / "findings"


def changed(scripts: list[Path]) -> Iterator[str]:
    """Each script that fails, with what it printed last."""
    for script in scripts:
        done = subprocess.run(["sh", script], capture_output=True, text=True, check=False)
        print(f"{'no longer holds' if done.returncode else 'holds'}: {script.stem}", flush=True)
        if done.returncode:
            yield f"{script.name}\n{(done.stdout + done.stderr).strip()}"


def main(names: list[str]) -> int:
    """Run these findings, or all of them; 1 if one does not hold."""
    found = sorted(FINDINGS.glob("*.sh"))
    unknown = set(names) - {script.stem for script in found}
    if unknown:
        sys.exit(f"there is no finding {', '.join(sorted(unknown))}")
    failed = list(changed([script for script in found if not names or script.stem in names]))
    print("\n\n".join(["", f"{len(failed)} no longer hold", *failed]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

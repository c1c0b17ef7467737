"""Everything there is to run: the site, the tests, the style, the lock."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["docs", "tests", "lint"]

PROJECT = nox.project.load_toml("pyproject.toml")
LOCK = "conf/lock/lock.txt"
# Groups with torch in them, which uv would lock with a CUDA build for every platform.
HEAVY = ["frameworks", "bench"]
HEAVY_LOCK = "conf/lock/lock-frameworks.txt"
SITE = "build/html"
BROWSER = "tests/browser"
LINKS = "build/links"
WHEEL = "build/wheel"
DOCTREES = "build/doctrees"
PASSED = Path(DOCTREES, "passed")
SPHINX = ["-c", "conf", "-W", "-n", "-j", "auto", "-d", DOCTREES, "docs", SITE]
# What a build asks the environment for.
ADDRESS = ["SITE_URL", "READTHEDOCS_CANONICAL_URL", "SITE_PDF", "SOURCE_DATE_EPOCH"]
# A set printed on a page would otherwise change its order from build to build; and where Python is
# told to keep no compiled modules, each process that a session starts would compile all it imports.
STEADY = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": ""}
# Where every core has its work, further threads only wait for each other.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# XLA takes longer to compile small functions well than to run them.
HASTY = {
    "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true "
    "--xla_cpu_use_fusion_emitters=false"
}
# pip would compile ten thousand files, of which a session imports one in six; uv compiles none.
UNCOMPILED = ["--no-compile"]
# A worker has whole files: no other waits for the site that one of them builds.
WORKERS = ["-n", "logical", "--dist", "loadfile"]


def install(session: nox.Session, group: str) -> None:
    """Install a dependency group and the package, in the versions of the lock."""
    session.install("-c", LOCK, "-e", ".", *nox.project.dependency_groups(PROJECT, group))


def need(session: nox.Session, *programs: str) -> None:
    """Stop with a hint if a program is missing that pip cannot install."""
    for program in programs:
        if not shutil.which(program):
            session.error(f"{program} is needed; on Debian: apt install {program}")


def sources() -> str:
    """What the site is made of, as one number: files, the day of the commit and its address."""
    parts = [file for part in ("conf", "docs", "proofs") for file in Path(part).rglob("*")]
    parts += map(Path, ("pyproject.toml", "README.md", "LICENSE"))
    commit = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, check=False)
    said = [os.environ.get(name) for name in ADDRESS]
    state = hashlib.sha256(commit.stdout + repr(said).encode())
    # What Python compiles meanwhile is no source, nor are the files in which it begins to.
    for file in sorted(f for f in parts if "__pycache__" not in f.parts and f.is_file()):
        state.update(file.as_posix().encode() + file.read_bytes())
    return state.hexdigest()


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site, strictly; `-- --serve` rebuilds and shows it at every change."""
    install(session, "docs")
    made_of = sources()
    passed = PASSED.exists() and Path(SITE).exists() and PASSED.read_text() == made_of
    if passed and not session.posargs:
        print(f"nothing has changed since it was built\n{SITE}/index.html")
        return
    # Sphinx does not repeat the warnings of pages it has read: only a build that passed is reused.
    if not PASSED.exists():
        shutil.rmtree(DOCTREES, ignore_errors=True)
    # Pages are written anew, so that links, titles and removed pages are those of today.
    shutil.rmtree(SITE, ignore_errors=True)
    PASSED.unlink(missing_ok=True)
    if "--serve" in session.posargs:
        watched = ["--watch", "proofs", "--watch", "conf"]
        session.run("sphinx-autobuild", *watched, *SPHINX, env=STEADY)
        return
    # The tests build it once more, their sets in another order: nothing may follow from that.
    session.run("sphinx-build", *SPHINX, env=STEADY | ALONE | {"PYTHONHASHSEED": "1"})
    PASSED.write_text(made_of)
    print(f"{SITE}/index.html")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on all cores; `-- -k name` and the like go to pytest."""
    install(session, "tests")
    session.run("pytest", *WORKERS, *session.posargs, env=STEADY | ALONE)


@nox.session(requires=["docs"])
def pdf(session: nox.Session) -> None:
    """Print the built site as one PDF, build/backpropagation.pdf, with Chromium."""
    need(session, "chromium")
    install(session, "pdf")
    session.run("python", "conf/tools/pdf.py")


@nox.session(requires=["docs"])
def browser(session: nox.Session) -> None:
    """Look at the built site in two browsers; `-- --whole` asks all of every page, and the PDF.

    `-- -k name` and the like go to pytest.
    """
    need(session, "chromium", "npm")
    install(session, "browser")
    session.run("npm", "ci", "--prefix", BROWSER, "--silent", external=True)
    asked = [word for word in session.posargs if word != "--whole"]
    # With `-- -k name` one of the two may have nothing to do, which pytest answers with 5.
    options = {"env": STEADY | ALONE, "success_codes": [0, 5] if asked else [0]}
    if asked != session.posargs:
        session.run("python", "conf/tools/pdf.py")
    else:
        asked = ["-m", "not by_hand", *asked]
    # What ran beside Lighthouse would count as the page's slowness.
    alone = f"{BROWSER}/test_lighthouse.py"
    session.run("pytest", BROWSER, f"--ignore={alone}", "-n", "logical", *asked, **options)
    session.run("pytest", alone, *asked, **options)


@nox.session
def links(session: nox.Session) -> None:
    """Ask the network whether every link that leaves the site still leads somewhere."""
    install(session, "docs")
    source = ["-c", "conf", "-j", "auto", "-d", f"{LINKS}/doctrees", "docs", LINKS]
    session.run("sphinx-build", "-q", "-b", "linkcheck", *source, success_codes=[0, 1])
    told = str(session.run("python", "conf/tools/links.py", f"{LINKS}/output.json", silent=True))
    if told.startswith("No network"):
        session.skip(told)
    print(told)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and types."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def lock(session: nox.Session) -> None:
    """Pin every dependency for every Python; `-- --upgrade` takes newer releases."""
    session.install("uv")
    groups = [f"--group={group}" for group in PROJECT["dependency-groups"] if group not in HEAVY]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
    universal = ["--universal", "--python-version", "3.11"]
    source = ["pyproject.toml", "--all-extras", *groups]
    session.run("uv", "pip", "compile", *universal, *plain, *source, "-o", LOCK, *session.posargs)


# pip takes a build of torch that is at hand, such as one without CUDA; uv would not.
@nox.session(venv_backend="virtualenv")
def frameworks(session: nox.Session) -> None:
    """Check torch's, JAX's and scikit-learn's passes; `-- torch==2.14.1` in another release."""
    wanted = nox.project.dependency_groups(PROJECT, "frameworks")
    session.install(*UNCOMPILED, "-c", HEAVY_LOCK, "-e", ".", *wanted)
    releases = [word for word in session.posargs if "==" in word]
    if releases:
        session.install(*UNCOMPILED, *releases)
    rest = [word for word in session.posargs if word not in releases]
    session.run("pytest", "tests/frameworks", *rest, env=STEADY | ALONE | HASTY)


@nox.session(venv_backend="virtualenv", reuse_venv=False)
def lock_frameworks(session: nox.Session) -> None:
    """Pin what the frameworks need; `-- torch==2.13.0` for one with a build without CUDA."""
    wanted = [r for group in HEAVY for r in nox.project.dependency_groups(PROJECT, group)]
    session.install(*wanted, *session.posargs)
    found = session.run("pip", "freeze", silent=True)
    # 2.13.0+cpu is one build of 2.13.0; the lock takes any.
    Path(HEAVY_LOCK).write_text(re.sub(r"\+\S+$", "", str(found), flags=re.MULTILINE))


@nox.session(venv_backend="virtualenv")
def mutate(session: nox.Session) -> None:
    """Change the project on purpose and see what notices; `-- PART`, `-- --sample 40`."""
    install(session, "mutation")
    # Their tests judge the adapters.
    session.install("-c", LOCK, *nox.project.dependency_groups(PROJECT, "frameworks"))
    session.run("python", "tests/mutation/run.py", *session.posargs, env=STEADY)


@nox.session(venv_backend="virtualenv")
def bench(session: nox.Session) -> None:
    """Race our checks against others; `-- --layers` layers, `-- --against REV` the project.

    `-- --write` keeps the table that a page shows.
    """
    if "--against" in session.posargs:
        install(session, "tests")
        session.run("python", "tests/bench/against.py", *session.posargs)
        return
    wanted = nox.project.dependency_groups(PROJECT, "bench")
    session.install("-c", HEAVY_LOCK, "-e", ".", *wanted)
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    script = "layers" if "--layers" in session.posargs else "run"
    rest = [word for word in session.posargs if word != "--layers"]
    session.run(
        "python", f"tests/bench/{script}.py", *rest, env=ALONE | STEADY | {"XLA_FLAGS": flags}
    )


@nox.session
def soak(session: nox.Session) -> None:
    """Check 10,000 right networks in both modes; `-- 500`, or `-- --fault 1e-6` for wrong ones."""
    install(session, "tests")
    session.run("python", "tests/soak.py", *session.posargs, env=STEADY | ALONE)


@nox.session
def formal(session: nox.Session) -> None:
    """Have Coq check the formal proofs and record what it says; `-- --check` only compares."""
    session.install("-c", LOCK, "-e", ".")
    session.run("python", "conf/tools/coq.py", *session.posargs)


@nox.session(venv_backend="virtualenv")
def others(session: nox.Session) -> None:
    """Ask other libraries again; `-- torch` for one, `-- --check` compares with the record."""
    session.install("-c", LOCK, "-e", ".")
    session.run("python", "conf/tools/others/measure.py", *session.posargs, env=STEADY)


# Some of what strangers wrote needs torch or JAX.
@nox.session(venv_backend="virtualenv")
def strangers(session: nox.Session) -> None:
    """Check public repositories again; `-- --check` compares with the record.

    `-- NAME` for one, `-- --mirrors DIR` where GitHub is out of reach.
    """
    wanted = nox.project.dependency_groups(PROJECT, "frameworks")
    session.install(*UNCOMPILED, "-c", HEAVY_LOCK, "-e", ".", *wanted)
    script = "conf/tools/strangers/measure.py"
    session.run("python", script, *session.posargs, env=STEADY | ALONE)


@nox.session(python=False)
def findings(session: nox.Session) -> None:
    """Run every script of findings/ and print those that no longer hold; `-- NAME` for one."""
    session.run("python3", "conf/tools/findings.py", *session.posargs)


@nox.session(python="3.11", venv_backend="virtualenv")
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions that pyproject.toml allows; arguments go to pytest."""
    session.install("uv")
    wanted = ["-e", ".", "--group", "tests"]
    session.run("uv", "pip", "install", "--quiet", "--resolution", "lowest-direct", *wanted)
    session.run("pytest", *WORKERS, *session.posargs, env=STEADY | ALONE)


@nox.session(venv_backend="virtualenv", reuse_venv=False)
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it where there is no checkout, and check claims from it."""
    shutil.rmtree(WHEEL, ignore_errors=True)
    session.run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", WHEEL, ".")
    [built] = Path(WHEEL).glob("*.whl")
    session.install(*UNCOMPILED, "-c", LOCK, str(built), "pytest")
    here = str(Path.cwd())
    with session.chdir(session.create_tmp()):
        where = str(
            session.run("python", "-c", "import proofs; print(proofs.__file__)", silent=True)
        )
        if Path(where.strip()).is_relative_to(Path(here, "proofs")):
            session.error(f"the package came from the checkout: {where}")
        # Every claim is collected; that each of them holds, `tests` asks of the same files.
        session.run("pytest", "-q", "--pyargs", "proofs", "-p", "no:cacheprovider", "-k", "BP")
        session.run("python", "-m", "proofs", "--claim", "BP2")


@nox.session(venv_backend="none")
def elsewhere(session: nox.Session) -> None:
    """Run README and the formal check on a bare Debian 13; `-- bookworm` for Debian 12."""
    need(session, "mmdebstrap", "unshare")
    session.run("python3", "conf/tools/elsewhere.py", *session.posargs)


@nox.session(venv_backend="none")
def page(session: nox.Session) -> None:
    """Begin a page: `-- NAME` writes docs/NAME.md to be filled in, and its line in the contents."""
    session.run("python3", "conf/tools/page.py", *session.posargs)

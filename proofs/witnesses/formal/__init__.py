"""The formal witness: theorems of a proof assistant (Coq), and the record of what it said.

The sources beside this file are checked by `nox -s formal`, which writes the record. To read the
record nobody needs Coq: it holds the hashes of the sources that were checked, and `verify` says
what does not fit.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORD = HERE / "record.json"

THEOREMS = {
    "chain": "chain_rule",
    "local": "locality",
    "J1": "elementwise_derive",
    "J2": "softmax_derive",
    "37": "BP1_sum",
    "38": "BP1_local",
    "39": "BP1",
    "BP1": "BP1",
    "BP1a": "BP1a",
    "33": "BP1_diagonal",
    "Q": "quadratic_derive",
    "30": "BP1_quadratic",
    "J": "BP1_jacobian",
    "S": "softmax_error",
    "LL": "log_likelihood_derive",
    "S-LL": "softmax_log_likelihood",
    "84": "softmax_log_likelihood_delta",
    "41": "BP2_sum",
    "42": "BP2_sum",
    "44": "BP2_weight",
    "45": "BP2_entry",
    "BP2": "BP2",
    "34": "BP2_diagonal",
    "za": "weighted_input_derive",
    "BP2J": "BP2_jacobian",
    "53-3": "BP2_activation",
    "zb": "bias_derive",
    "BP3": "BP3",
    "31": "BP3_column",
    "zw": "weight_derive",
    "BP4": "BP4",
    "32": "BP4_matrix",
    "BP3m": "BP3_batch",
    "BP4m": "BP4_batch",
    "dV": "values_error",
    "dP": "shares_error",
    "A-J": "shares_derive",
    "dS-1": "scores_chain",
    "dS-2": "scores_sum",
    "dS": "scores_error",
    "dQ": "queries_error",
    "dK": "keys_error",
    "N-J": "normalised_derive",
    "N-1": "BP1_sum",
    "N": "normalised_error",
    "N-h": "scaled_error",
    "RMS": "rms_error",
    "BN": "batch_norm_error",
    "BN-g": "batch_norm_scale",
    "BN-b": "batch_norm_shift",
    "conv-b": "convolution_bias",
    "conv-w": "convolution_weight",
    "conv-a": "convolution_flipped",
    "img-b": "convolution_bias",
    "img-w": "convolution_weight",
    "img-a": "convolution_flipped",
    "emb": "embedding_error",
    "res": "residual_error",
    "tie": "tied_gradient",
    "BPTT": "recurrent_error",
    "drop": "scaled_error",
    "SiLU": "silu_derive",
    "SiLU-d": "silu_error",
    "GLU-u": "swiglu_error",
    "GLU-z": "swiglu_error",
    "GELU": "gelu_error",
    "GELU-t": "gelu_tanh_error",
    "RoPE": "turned_error",
    "RoPE-u": "turned_error",
    "LSTM-c": "cell_error",
    "LSTM-f": "gate_error",
    "BPTT-w": "weights_in_time",
    "BPTT-T": "turn_gradient",
    "text": "text_error",
    "ch-b": "channels_bias",
    "ch-w": "channels_weight",
    "ch-a": "channels_input",
    "pool": "pooled_error",
    "avg": "pooled_error",
    "BN-i": "image_norm_error",
    "BN-ig": "image_norm_scale",
}
"""The theorem that proves a claim, by the claim's tag."""

FALSE = {"(38) without locality": "BP1_local_false_for_softmax"}
"""The theorem that a wrong equation is false, by the name of the refutation."""

FURTHER = (
    "average_derive",
    "program_gradient",
    "layer_back",
    "wired_gradient",
    "sum_over_readers",
    "BP4_shared",
    "BP2_shared",
    "BP3_shared",
    "convolution_input",
    "loop_gradient",
    "time_gradient",
    "backprop_delta",
    "backprop_gradient",
    "backprop_output",
    "backprop_hidden",
    "backprop_batch",
    "softmax_38_misses",
    "softmax_38_wrong",
    "sigmoid_derive",
    "tanh_derive",
    "backprop_sigmoid_quadratic",
    "backprop_softmax_log_likelihood",
)
"""Theorems about the algorithm and its networks, which are no equation of the book."""

AXIOMS = {
    "propositional_extensionality": "statements that follow from each other are equal",
    "functional_extensionality_dep": "functions with the same values are equal",
    "constructive_indefinite_description": "if there is such a thing, one can be chosen",
}
"""What the library takes for granted, and all that a theorem may rest on."""


@dataclass(frozen=True)
class Theorem:
    """What the proof assistant said of a theorem."""

    name: str
    file: str
    about: tuple[str, ...]
    """The claims that it proves, by their tags, or the wrong equation that it refutes."""
    statement: tuple[str, ...]
    """As Coq prints it, line by line."""
    assumed: str
    """Its hypotheses in words, from the comment above it in the source."""


def names() -> list[str]:
    """Every theorem that the record must hold."""
    return list(dict.fromkeys([*THEOREMS.values(), *FALSE.values(), *FURTHER]))


def about(name: str) -> tuple[str, ...]:
    """What a theorem is named for in the lists above."""
    return tuple(key for key, theorem in {**THEOREMS, **FALSE}.items() if theorem == name)


def named(name: str) -> str:
    """That, in words."""
    return ", ".join(key if " " in key else f"({key})" for key in about(name)) or "nothing"


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def sources(folder: Path = HERE) -> dict[str, str]:
    """The hash of every Coq source, whatever this system's line endings are."""
    return {f.name: digest(f.read_text(encoding="utf-8")) for f in sorted(folder.glob("*.v"))}


def seal(record: dict[str, Any]) -> str:
    """The hash of all that a record says."""
    said = {key: value for key, value in record.items() if key != "seal"}
    return digest(json.dumps(said, sort_keys=True))


def problems(record: dict[str, Any], folder: Path = HERE) -> list[str]:
    """What does not fit between a record, the sources in a folder and the lists above."""
    checked, found = record["sources"], sources(folder)
    theorems = {theorem["name"]: theorem for theorem in record["theorems"]}
    wrong = [
        f"{name} was {'changed' if name in found else 'removed'} after Coq had checked it"
        for name in checked
        if found.get(name) != checked[name]
    ]
    wrong += [f"{name} was never checked by Coq" for name in found if name not in checked]
    wrong += [
        f"there is no theorem {name} in the record" for name in names() if name not in theorems
    ]
    wrong += [
        f"the record has a theorem {name} of no claim" for name in theorems if name not in names()
    ]
    wrong += [
        f"theorem {name} is now named for {named(name)}, which is not what is recorded"
        for name in theorems
        if name in names() and tuple(theorems[name]["about"]) != about(name)
    ]
    wrong += [
        f"the theorems rest on the axiom {axiom}, which is not one of the library's"
        for axiom in record["axioms"]
        if axiom not in AXIOMS
    ]
    if not re.fullmatch(r"(Coq|Rocq) \d[\d.]*", record["prover"]):
        wrong.append(f"it was written by no prover, but by {record['prover']!r}")
    if record["seal"] != seal(record):
        wrong.append("what the record says was changed by hand")
    return wrong


def differences(record: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What two runs say differently, of whichever versions of the prover they were.

    Every version breaks its lines in its own way, so only the words count.
    """
    ours, theirs = _words(record), _words(other)
    return [
        f"{what}: {ours.get(what, 'nothing')!r} in {record['prover']}, "
        f"{theirs.get(what, 'nothing')!r} in {other['prover']}"
        for what in sorted(ours | theirs)
        if ours.get(what) != theirs.get(what)
    ]


OWN_NAMES = {
    "matrix_matrix__canonical__normedtype_NormedModule": "matrix_normedModType",
    "fintype_ordinal__canonical__eqtype_Equality": "ordinal_finType",
    "numFieldNormedType.Real_sort__canonical__normedtype_NormedModule R": "R",
    "trigo.cos.body": "trigo.cos",
    "trigo.sin.body": "trigo.sin",
}
"""What the library of a newer version calls a structure or function that the older has too."""


def _words(record: dict[str, Any]) -> dict[str, str]:
    """What a run says of its theorems and axioms, each in one line, in the older names."""
    said = {
        f"{part} of {theorem['name']}": theorem[part]
        for theorem in record["theorems"]
        for part in ("file", "statement", "assumed")
    }
    lines = {"axioms": sorted(record["axioms"])} | said
    words = {
        what: " ".join((text if isinstance(text, str) else " ".join(text)).split())
        for what, text in lines.items()
    }
    for newer, older in OWN_NAMES.items():
        words = {what: text.replace(newer, older) for what, text in words.items()}
    return words


def write(record: dict[str, Any]) -> None:
    """Write the record of a run to its file."""
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path = HERE) -> dict[str, Any]:
    """The record as it stands."""
    record: dict[str, Any] = json.loads((folder / RECORD.name).read_text(encoding="utf-8"))
    return record


def verify(folder: Path = HERE) -> list[str]:
    """What is wrong with the formal proofs in a folder, in sentences; none if all is well."""
    try:
        wrong = problems(read(folder), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = [f"it cannot be read ({type(error).__name__}: {error})"]
    return [f"formal proofs, {RECORD.name}: {text}; run `nox -s formal`" for text in wrong]


@cache
def theorems() -> dict[str, Theorem]:
    """Every theorem by its name, as recorded; ValueError if the record does not fit the sources."""
    wrong = verify()
    if wrong:
        raise ValueError("\n".join(wrong))
    return {
        theorem["name"]: Theorem(
            **theorem | {part: tuple(theorem[part]) for part in ("about", "statement")}
        )
        for theorem in read()["theorems"]
    }

"""The same networks on every run and on every machine: a red test is red for everyone."""

from hypothesis import Phase, settings

settings.register_profile(
    "proofs",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=30,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
settings.load_profile("proofs")

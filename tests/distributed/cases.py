"""Images and answers for the tests of closo-composite-mpi, and how it is run."""

import json
import os
import pathlib
import subprocess

# Ranks share the cores of a test machine, and a container's only user may be root; other MPIs ignore these.
ENVIRONMENT = {
    **os.environ,
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
}
SIZE = (16, 14, 18)
# S/m of the three labels of random_labels: contrast 1e9 between neighbours.
CONDUCTIVITY = "1,1e3,1e-6"


def random_labels(size=SIZE, seed=1):
    """60 % label 0, 20 % label 1, 20 % label 2, from a linear congruential sequence."""
    labels = bytearray()
    for _ in range(size[0] * size[1] * size[2]):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        share = (seed >> 11) / 2.0**53
        labels.append(0 if share < 0.6 else 1 if share < 0.8 else 2)
    return bytes(labels)


def size_text(size):
    return "x".join(str(n) for n in size)


def run(command, timeout=300):
    return subprocess.run(
        [str(word) for word in command], env=ENVIRONMENT, capture_output=True, text=True, timeout=timeout, check=False
    )


def answer(finished):
    """The JSON object of a run that ended well; what it said otherwise."""
    if finished.returncode != 0:
        raise AssertionError(f"exit code {finished.returncode}: {finished.stdout}{finished.stderr}")
    return json.loads(finished.stdout)


def shared_image(name):
    """A file of the shared data folder, or None where there is none."""
    path = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / name
    return path if path.is_file() else None

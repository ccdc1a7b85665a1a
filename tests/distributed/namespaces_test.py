"""closo-composite-mpi on separate hosts: network namespaces on one bridge, ranks that talk TCP over virtual links.

Needs Open MPI and the right to make network namespaces; says so and skips (exit code 77) where either is missing.

Usage: namespaces_test.py <closo-composite-mpi> <mpiexec>
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cases

SKIPPED = 77
AGENT = pathlib.Path(__file__).resolve().with_name("namespace_agent.sh")
# A block for documentation (RFC 5737): no real network is hidden behind it.
NETWORK = "192.0.2"


class Hosts:
    """Namespaces <prefix>1 … on a bridge that lies in namespace <prefix>0, from which mpirun is started."""

    def __init__(self, count):
        self.prefix = f"closo{os.getpid()}h"
        self.count = count

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        switch = self.name(0)
        ip("netns", "add", switch)
        inside(switch, "link", "set", "lo", "up")
        inside(switch, "link", "add", "bridge", "type", "bridge")
        inside(switch, "addr", "add", f"{NETWORK}.254/24", "dev", "bridge")
        inside(switch, "link", "set", "bridge", "up")
        for host in range(1, self.count + 1):
            ip("netns", "add", self.name(host))
            inside(switch, "link", "add", f"port{host}", "type", "veth", "peer", "name", "eth0", "netns", self.name(host))
            inside(switch, "link", "set", f"port{host}", "master", "bridge", "up")
            inside(self.name(host), "link", "set", "lo", "up")
            inside(self.name(host), "addr", "add", f"{self.address(host)}/24", "dev", "eth0")
            inside(self.name(host), "link", "set", "eth0", "up")

    def __exit__(self, *_):
        for host in range(self.count + 1):
            ip("netns", "del", self.name(host), check=False)

    def name(self, host):
        return f"{self.prefix}{host}"

    def address(self, host):
        return f"{NETWORK}.{host}"

    def traffic(self, host):
        """Bytes that the host has sent over its link."""
        path = "/sys/class/net/eth0/statistics/tx_bytes"
        # `ip netns exec` mounts the namespace's own /sys.
        shown = subprocess.run(["ip", "netns", "exec", self.name(host), "cat", path], capture_output=True, text=True, check=True)
        return int(shown.stdout)

    def launcher(self, mpiexec):
        """mpirun inside the bridge's namespace, one rank a host."""
        hosts = ",".join(f"{self.address(host)}:1" for host in range(1, self.count + 1))
        network = f"{NETWORK}.0/24"
        return [
            "ip", "netns", "exec", self.name(0), "env", f"CLOSO_NAMESPACE_PREFIX={self.prefix}", mpiexec,
            "--host", hosts, "-n", str(self.count), "--map-by", "node",
            "--mca", "plm_rsh_agent", str(AGENT), "--mca", "plm_rsh_no_tree_spawn", "1",
            "--mca", "btl", "tcp,self", "--mca", "pml", "ob1",
            "--mca", "btl_tcp_if_include", network, "--mca", "oob_tcp_if_include", network,
        ]  # fmt: skip


def ip(*words, check=True):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=check)


def inside(namespace, *words):
    return ip("-n", namespace, *words)


def reason_to_skip(mpiexec):
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    for program in ("ip", "unshare"):
        if shutil.which(program) is None:
            return f"the program {program} is not installed"
    version = cases.run([mpiexec, "--version"]).stdout
    if "Open MPI" not in version and "OpenRTE" not in version:
        return "the launch agent is written for Open MPI"
    try:
        with Hosts(1) as hosts:
            subprocess.run(
                ["ip", "netns", "exec", hosts.name(1), "unshare", "--uts", "hostname", "probe"], check=True, capture_output=True
            )
    except subprocess.CalledProcessError as error:
        said = error.stderr if isinstance(error.stderr, str) else (error.stderr or b"").decode(errors="replace")
        return f"network namespaces are not permitted here: {said.strip()}"
    return None


def check(program, mpiexec):
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        image = pathlib.Path(folder) / "image.raw"
        image.write_bytes(cases.random_labels())
        arguments = [
            program, image, "--size", cases.size_text(cases.SIZE), "--conductivity", cases.CONDUCTIVITY, "--tolerance", "1e-8",
            "--json",
        ]  # fmt: skip
        alone = cases.answer(cases.run([mpiexec, "-n", "1", *arguments]))
        for count in (2, 3, 4):
            with Hosts(count) as hosts:
                before = [hosts.traffic(host) for host in range(1, count + 1)]
                found = cases.answer(cases.run([*hosts.launcher(mpiexec), *arguments]))
                sent = [hosts.traffic(host) - before[host - 1] for host in range(1, count + 1)]
                bad = cases.run([*hosts.launcher(mpiexec), program, image, "--size", "3x3x3", "--conductivity", "1,1,1"])
            difference = abs(found["conductivity_S_per_m"] / alone["conductivity_S_per_m"] - 1)
            # Every iteration sends a halo: far more than starting the ranks takes.
            least = found["iterations"] * 8 * 14 * 4
            good = (
                found["status"] == "converged" and found["ranks"] == count and difference <= 1e-7
                and min(sent) > least and bad.returncode == 3
            )  # fmt: skip
            failures += not good
            print(
                f"{'ok' if good else 'FAILED'}: {count} hosts, relative difference {difference:.1e}, {found['iterations']} iterations, "
                f"{found['solve_s']:.2f} s, bytes sent {sent}, exit code of bad input {bad.returncode}"
            )
    return failures


def main():
    program, mpiexec = sys.argv[1:3]
    reason = reason_to_skip(mpiexec)
    if reason is not None:
        print(f"skipped: {reason}")
        return SKIPPED
    return 1 if check(program, mpiexec) else 0


if __name__ == "__main__":
    sys.exit(main())

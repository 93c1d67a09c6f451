# SPDX-License-Identifier: BSD-2-Clause
"""Hosts that are made on this machine, for `make check-hosts`.

A host is a network namespace with an address of its own and a host name of its
own, which unshare(1) gives to each daemon that runs there. Where namespaces are
forbidden, a host is an address of the loopback interface, and its daemons have
this machine's name.
"""
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True,
                          capture_output=True, text=True, **more)


def wait_for(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: nothing after {seconds} s")
        time.sleep(0.1)


def answers(address, port):
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


class Host:
    """One host; `number` is in its address and in its name."""

    def __init__(self, number):
        self.name = f"node{number}"
        self.space = f"rb{os.getpid()}-{number}"
        self.link = f"rb{os.getpid() % 100000}x{number}"
        self.isolated = self._make_space(number)
        self.address = (f"10.213.{number}.2" if self.isolated
                        else f"127.213.{number}.2")
        self.home = f"10.213.{number}.1" if self.isolated else "127.0.0.1"

    def _make_space(self, number):
        inside = ("ip", "-n", self.space)
        try:
            run("ip", "netns", "add", self.space)
            run("ip", "link", "add", self.link, "type", "veth", "peer", "name",
                "eth0", "netns", self.space)
            run("ip", "address", "add", f"10.213.{number}.1/24", "dev",
                self.link)
            run("ip", "link", "set", self.link, "up")
            run(*inside, "address", "add", f"10.213.{number}.2/24", "dev",
                "eth0")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "link", "set", "lo", "up")
            run(*inside, "route", "add", "default", "via",
                f"10.213.{number}.1")
            run(*self._inside(), "true")
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no network namespaces ({error}"
                  f"{getattr(error, 'stderr', '')}); using the loopback "
                  "interface", flush=True)
            self.remove()
            return False
        return True

    def _inside(self):
        # `ip netns exec` would hide the control groups, which slurmd needs.
        return ("nsenter", f"--net=/run/netns/{self.space}", "unshare",
                "--uts", "sh", "-c", f'hostname {self.name}; exec "$@"', "sh")

    def start(self, *words, log):
        """A daemon on the host, which stays in the foreground."""
        inside = self._inside() if self.isolated else ()
        with open(log, "wb") as file:
            return subprocess.Popen(
                [*inside, *map(str, words)], stdin=subprocess.DEVNULL,
                stdout=file, stderr=subprocess.STDOUT)

    def remove(self):
        for words in (("ip", "netns", "delete", self.space),
                      ("ip", "link", "delete", self.link)):
            if shutil.which("ip"):
                subprocess.run(words, check=False, capture_output=True)


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Sshd:
    """An sshd on a host that accepts the key of `folder`."""

    PORT = 2222

    def __init__(self, host, folder):
        self.host = host
        key = folder / "host_key"
        if not key.exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                folder / "key")
        Path("/run/sshd").mkdir(exist_ok=True)
        config = folder / f"{host.name}.sshd"
        config.write_text(f"ListenAddress {host.address}\n"
                          f"Port {self.PORT}\nHostKey {key}\n"
                          f"AuthorizedKeysFile {folder}/key.pub\n"
                          "StrictModes no\nUsePAM no\nPidFile none\n"
                          "PermitRootLogin prohibit-password\n", "utf-8")
        self.process = host.start(shutil.which("sshd") or "/usr/sbin/sshd",
                                  "-D", "-e", "-f", config,
                                  log=folder / f"{host.name}.sshd.log")
        try:
            wait_for(lambda: answers(host.address, self.PORT), "sshd")
        except TimeoutError:
            self.stop()
            raise

    def stop(self):
        stop(self.process)

    @classmethod
    def client(cls, folder, hosts):
        """The ssh command that finds these hosts by their names."""
        config = folder / "ssh_config"
        config.write_text("".join(
            f"Host {host.name}\n  HostName {host.address}\n"
            for host in hosts) +
            f"Host *\n  Port {cls.PORT}\n  IdentityFile {folder}/key\n"
            "  IdentitiesOnly yes\n  StrictHostKeyChecking no\n"
            "  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
            "  BatchMode yes\n  ConnectTimeout 3\n", "utf-8")
        return f"ssh -F {config}"


class Slurm:
    """Slurm's daemons: munged and slurmctld here, a slurmd on each host."""

    def __init__(self, hosts, folder):
        self.processes = []
        self.conf = folder / "slurm.conf"
        self.folder = folder
        try:
            self._start(hosts)
        except Exception:
            self.stop()
            raise

    def _start(self, hosts):
        folder = self.folder
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        munge = folder / "munge.socket"
        here = run("hostname", "-s").stdout.strip()
        self.conf.write_text(
            "ClusterName=ringbench\n"
            f"SlurmctldHost={here}({hosts[0].home})\n"
            "SlurmctldPort=16817\nSlurmdPort=16818\n"
            "SlurmUser=root\nAuthType=auth/munge\n"
            f"AuthInfo=socket={munge}\n"
            "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n"
            "SelectType=select/cons_tres\nReturnToService=2\n"
            "MpiDefault=none\nSwitchType=switch/none\n"
            f"StateSaveLocation={folder}/state\n"
            f"SlurmdSpoolDir={folder}/spool.%n\n"
            f"SlurmctldPidFile={folder}/slurmctld.pid\n"
            f"SlurmdPidFile={folder}/slurmd.%n.pid\n"
            "SlurmctldTimeout=300\nSlurmdTimeout=300\n" + "".join(
                f"NodeName={host.name} NodeAddr={host.address} "
                f"CPUs={os.cpu_count()} State=UNKNOWN\n" for host in hosts) +
            f"PartitionName=all Nodes={','.join(h.name for h in hosts)} "
            "Default=YES MaxTime=INFINITE State=UP\n", "utf-8")
        for name in ("state", *(f"spool.{host.name}" for host in hosts)):
            (folder / name).mkdir()
        self._daemon("munged", "--foreground", "--force", f"--key-file={key}",
                     f"--socket={munge}", f"--pid-file={folder}/munged.pid",
                     f"--log-file={folder}/munged.txt",
                     f"--seed-file={folder}/munge.seed")
        wait_for(munge.exists, "munged")
        self._daemon("slurmctld", "-D", "-f", self.conf)
        for host in hosts:
            self.processes.append(host.start(
                "/usr/sbin/slurmd", "-D", "-f", self.conf, "-N", host.name,
                log=folder / f"slurmd.{host.name}.log"))
        wait_for(lambda: self._idle() == len(hosts), "slurmd", 60)

    def _daemon(self, name, *words):
        with open(self.folder / f"{name}.log", "wb") as file:
            self.processes.append(subprocess.Popen(
                [f"/usr/sbin/{name}", *map(str, words)],
                stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT))

    def _idle(self):
        seen = subprocess.run(
            ["sinfo", "--noheader", "--Node", "--states=idle",
             "--format=%N"], check=False, capture_output=True, text=True,
            env=self.environment())
        return len(seen.stdout.split())

    def environment(self):
        return {**os.environ, "SLURM_CONF": str(self.conf)}

    def stop(self):
        for process in reversed(self.processes):
            stop(process)

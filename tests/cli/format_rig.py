# SPDX-License-Identifier: BSD-2-Clause
"""Shared by the tests of output formats: runs, schemas, a terminal."""
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios

import made_up
from program import PATIENCE_S, REPO, ProgramTest, tree

try:
    import jsonschema
except ImportError:
    jsonschema = None


def noisy(median, share=0.01):
    return [median * (1 + share * (-1) ** i * i / 12) for i in range(12)]


class FormatTest(ProgramTest):
    def write_run(self, name="run", ratio=1.0):
        rows = []
        for backend, value in (("mutex", 1e7), ("ck_spsc", 2.1e7),
                               ("spinlock", 1.4e7)):
            for wait in ("poll", "block"):
                rows += made_up.rounds(noisy(value * ratio), backend=backend,
                                       wait=wait)
        made_up.write(self.cwd / name, rows)

    def check_schema(self, name, document):
        if not jsonschema:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((REPO / f"docs/schemas/{name}.json").read_text(
            "utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(document)

    def json(self, schema, *words):
        out, _ = self.ringbench(*words, "--json")
        told = json.loads(out)
        self.check_schema(schema, told)
        return told

    def on_terminal(self, columns, *words, variables=()):
        """Returns the output on a terminal of that width."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items()
                       if name != "COLUMNS"}
        with subprocess.Popen([tree() / "bin/ringbench", *map(str, words)],
                              cwd=self.cwd, stdin=subprocess.DEVNULL,
                              stdout=theirs, stderr=subprocess.DEVNULL,
                              env={**environment, **dict(variables)}
                              ) as process:
            os.close(theirs)
            shown = b""
            try:
                while part := os.read(ours, 65536):
                    shown += part
            except OSError:
                pass  # the program has ended
            self.assertEqual(process.wait(PATIENCE_S), 0)
        os.close(ours)
        return shown.decode().replace("\r\n", "\n")

    def assert_width(self, text, columns):
        for line in text.splitlines():
            if not line.startswith(("    ringbench ", "         try: ")):
                self.assertLessEqual(len(line), columns, line)

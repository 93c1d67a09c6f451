# SPDX-License-Identifier: BSD-2-Clause
"""A small repository for tests of ab.

Its program calls the real ringbench, and replaces the rate in the output of
`observe` by a constant, so that verdicts do not depend on the speed of the
machine. It writes the order of its linked objects to a file.
"""
import os
import subprocess
import tempfile
from pathlib import Path

from program import QUICK, ProgramTest, tree

MAKEFILE = """\
BUILD ?= build
OBJECTS := $(patsubst %,$(BUILD)/%.o,main one two three)
all: $(BUILD)/ringbench
$(BUILD)/ringbench: $(OBJECTS)
	@echo LINK
	@$(CC) -o $@ $^
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) -Wall -c -o $@ $<
"""

MAIN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
void one(void), two(void), three(void);
int main(int argc, char **argv)
{
	char line[65536], note[512];
	long long messages = 0;
	int in_threads = 0;
	FILE *real, *notes;
	(void)argc;
	if (strcmp(argv[1], "observe") != 0) {
		execv(REAL, argv);
		return 9;
	}
	OLD
	notes = fopen(getenv("NOTES"), "a");
	snprintf(note, sizeof(note), "%s %d%d%d\n", argv[0],
		 one < two, two < three, one < three);
	fputs(note, notes);
	fclose(notes);
	/* Its result goes through our standard output. */
	unsetenv("RINGBENCH_RESULT_FD");
	real = popen(REAL " observe", "r");
	while (fgets(line, sizeof(line), real)) {
		in_threads |= strncmp(line, "thread ", 7) == 0;
		if (!in_threads && strncmp(line, "messages ", 9) == 0)
			printf("messages %lld\n",
			       messages = atoll(line + 9));
		else if (!in_threads && strncmp(line, "elapsed_ns ", 11) == 0)
			printf("elapsed_ns %lld\n",
			       messages * 100 * 1000000 / RATE);
		else
			fputs(line, stdout);
	}
	pclose(real);
	return 0;
}
"""

CELL = ("--backend", "mutex", "--wait", "block", "--placement", "any",
        *QUICK)


class Repository(ProgramTest):
    """self.cwd is the repository. Temporary files are in self.scratch."""

    def setUp(self):
        super().setUp()
        self.scratch = Path(tempfile.mkdtemp(prefix="ringbench-scratch-"))
        self.addCleanup(lambda: self.scratch.exists() and
                        subprocess.run(["rm", "-r", self.scratch],
                                       check=True))
        self.notes = self.scratch.with_suffix(".notes")
        self.addCleanup(lambda: self.notes.unlink(missing_ok=True))
        self.environment = {
            **os.environ, "TMPDIR": str(self.scratch), "NOTES":
            str(self.notes), "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_{who}_{what}": "nobody@example.org"
               for who in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")}}
        self.git("init", "-q")
        self.write(Makefile=MAKEFILE)
        for part in ("one", "two", "three"):
            self.write(**{f"{part}.c": f"void {part}(void); "
                                       f"void {part}(void) {{ }}\n"})
        self.write(**{".gitignore": "/results/\n", "main.c": self.main()})
        self.commit("base")

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.cwd, text=True,
                              env=self.environment, check=True,
                              stdout=subprocess.PIPE).stdout.strip()

    def write(self, **files):
        for name, text in files.items():
            (self.cwd / name).write_text(text, "ascii")

    @staticmethod
    def main(rate=1000000, old=""):
        """The source of the program. `old` is C code that may end the program
        early."""
        real = f'#define REAL "{tree() / "bin/ringbench"}"\n'
        return (real + f"#define RATE {rate}\n" + MAIN).replace("OLD", old)

    def commit(self, tag):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", tag)
        self.git("tag", tag)

    def change(self, tag, **files):
        self.write(**files)
        self.commit(tag)

    def ab(self, *words, code=0, cell=CELL):
        return self.ringbench("ab", *words, *cell, code=code,
                              env=self.environment)

    def assert_nothing_is_left(self):
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.assertEqual(len(self.git("worktree", "list").splitlines()), 1)
        self.assertEqual(self.git("status", "--porcelain"), "")

    def refuse_ab(self, *words, code, says, cell=CELL):
        self.refuse("ab", *words, *cell, code=code, says=says,
                    env=self.environment)
        self.assertEqual(list(self.scratch.iterdir()), [])

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "gnuplot.h"
#include "process.h"

enum {
	PATIENCE_S = 60, /* longest time for one picture; a picture of 500 cells
			    takes about 1 s */
	SAID_MAX = 512,
};

static const struct format {
	const char *extension;
	const char *end; /* the last bytes of a complete file */
	size_t end_length;
} formats[GNUPLOT_FORMATS] = {
	[GNUPLOT_SVG] = { "svg", "</svg>", 6 },
	[GNUPLOT_PNG] = { "png", "IEND\xae\x42\x60\x82", 8 },
	[GNUPLOT_PDF] = { "pdf", "%%EOF", 5 },
};

const char *gnuplot_extension(enum gnuplot_format format)
{
	return formats[format].extension;
}

bool gnuplot_complete(const char *path, enum gnuplot_format format)
{
	size_t wanted = formats[format].end_length;
	char tail[16] = "";
	FILE *file = fopen(path, "re");
	size_t length = 0;

	if (!file)
		return false;
	/* The SVG ends in two newlines. */
	if (fseek(file, -(long)(wanted + 2), SEEK_END) == 0)
		length = fread(tail, 1, wanted + 2, file);
	fclose(file);
	while (length > 0 && tail[length - 1] == '\n')
		length--;
	return length >= wanted &&
	       memcmp(tail + length - wanted, formats[format].end, wanted) == 0;
}

/* Starts gnuplot in data_dir. Returns 0 or -errno. */
static int start(const char *script, const char *data_dir,
		 enum gnuplot_format format, int errors, pid_t *pid)
{
	const char *const argv[] = {
		"gnuplot", "-d", "-c", script, formats[format].extension, NULL,
	};
	const struct process process = { .argv = argv,
					 .dir = data_dir,
					 .err = errors };

	return process_start(&process, pid);
}

/*
 * Reads the output of gnuplot until gnuplot exits, and keeps the last lines.
 * Returns false if gnuplot does not exit in time.
 */
static bool hear(int from, char said[SAID_MAX])
{
	int64_t end = ringbench_now_ns() + PATIENCE_S * RINGBENCH_NS_PER_S;
	struct pollfd ready = { .fd = from, .events = POLLIN };
	size_t length = 0;
	ssize_t got = 1;

	while (got != 0) {
		int64_t now = ringbench_now_ns();

		if (now >= end ||
		    poll(&ready, 1, (int)((end - now) / RINGBENCH_NS_PER_MS)) ==
			    0)
			return false;
		if (length > SAID_MAX / 2) {
			length -= SAID_MAX / 4;
			memmove(said, said + SAID_MAX / 4, length);
		}
		got = read(from, said + length, SAID_MAX - 1 - length);
		if (got < 0 && errno != EINTR)
			break;
		length += got > 0 ? (size_t)got : 0;
		said[length] = '\0';
	}
	return true;
}

/* The last message of gnuplot, as one line. */
static const char *last_words(char said[SAID_MAX])
{
	char *line = said;
	size_t length = strlen(said);

	while (length > 0 && said[length - 1] <= ' ' && said[length - 1] > 0)
		said[--length] = '\0';
	line = strrchr(said, '\n');
	line = line ? line + 1 : said;
	line += strspn(line, " ");
	return *line ? line : "no message";
}

static int start_fault(int error, const char *data_dir, struct fault *fault)
{
	if (error == ENOENT || error == ENOTDIR || error == EACCES)
		return fault_set(fault, EXIT_CHILD,
				 "no plots: gnuplot is not installed; the "
				 "data is in %s; install it with `make deps`, "
				 "then `ringbench plot RUN`",
				 data_dir);
	return fault_set(fault, EXIT_CHILD,
			 "no plots: cannot start gnuplot: %s; the data "
			 "is in %s; run `ringbench plot RUN` again",
			 strerror(error), data_dir);
}

/* Returns 0 when gnuplot ended with exit code 0. */
static int run(const char *script, const char *data_dir,
	       enum gnuplot_format format, struct fault *fault)
{
	char said[SAID_MAX] = "";
	int pipes[2], error, status;
	bool ended;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		return start_fault(errno, data_dir, fault);
	error = start(script, data_dir, format, pipes[1], &pid);
	close(pipes[1]);
	if (error) {
		close(pipes[0]);
		return start_fault(-error, data_dir, fault);
	}
	ended = hear(pipes[0], said);
	close(pipes[0]);
	if (!ended)
		kill(pid, SIGKILL);
	status = process_reap(pid);
	if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return fault_set(fault, EXIT_CHILD,
			 "no plot: gnuplot %s on %s: %s; the data is in %s; "
			 "check `gnuplot --version` (gnuplot 5.4 is known to "
			 "work)",
			 ended ? "failed" : "hung", script, last_words(said),
			 data_dir);
}

int gnuplot_draw(const char *script, const char *data_dir,
		 enum gnuplot_format format, const char *to,
		 struct fault *fault)
{
	char made[PATH_MAX];
	int result;

	snprintf(made, sizeof(made), "%s/picture.%s", data_dir,
		 formats[format].extension);
	unlink(made); /* remove an older file, which could be mistaken for the
			 new file */
	result = run(script, data_dir, format, fault);
	if (!result && !gnuplot_complete(made, format))
		result = fault_set(fault, EXIT_OUTPUT,
				   "%s: gnuplot wrote an incomplete file, "
				   "perhaps the disk is full; free some space, "
				   "then run `ringbench plot RUN`",
				   to);
	if (!result && rename(made, to))
		result = fault_set(fault, EXIT_OUTPUT,
				   "cannot write %s: %s; check the folder, "
				   "then run `ringbench plot RUN`",
				   to, strerror(errno));
	if (result)
		unlink(made);
	return result;
}

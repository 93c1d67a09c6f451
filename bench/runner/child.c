/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "ringbench_clock.h"
#include "interrupt.h"
#include "paths.h"

/* Patience beyond the time that the cell asks for. */
#define PATIENCE_NS	    (5 * RINGBENCH_NS_PER_S)
#define PATIENCE_COUNTED_NS (120 * RINGBENCH_NS_PER_S)
/* And with those that tidy up after it. */
#define PATIENCE_ORPHANS_NS RINGBENCH_NS_PER_S

enum {
	WORDS_MAX = 16,
	OUTPUT_MAX = 1 << 20, /* of a child, in bytes */
};

/* A child's three standard files, in memory: nobody has to drain a pipe. */
struct files {
	int in;
	int out;
	int err;
};

static int open_files(struct files *files, const struct cell *cell)
{
	FILE *in;
	int copy;

	files->in = memfd_create("cell", MFD_CLOEXEC);
	files->out = memfd_create("observation", MFD_CLOEXEC);
	files->err = memfd_create("complaints", MFD_CLOEXEC);
	copy = files->in < 0 ? -1 : fcntl(files->in, F_DUPFD_CLOEXEC, 0);
	if (files->out < 0 || files->err < 0 || copy < 0)
		return -errno;
	in = fdopen(copy, "w");
	if (!in)
		return -errno;
	cell_write(cell, in);
	fclose(in);
	lseek(files->in, 0, SEEK_SET);
	return 0;
}

static void close_files(struct files *files)
{
	close(files->in);
	close(files->out);
	close(files->err);
}

static char *read_file(int fd)
{
	char *text = malloc(OUTPUT_MAX);
	ssize_t length;

	if (!text)
		abort();
	length = pread(fd, text, OUTPUT_MAX - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

/* A word of a command: a file of the program's gets its whole path. */
static void find_word(const char *word, const struct program *program,
		      char found[PATHS_MAX])
{
	if (program &&
	    snprintf(found, PATHS_MAX, "%s/%s", program->tree, word) <
		    PATHS_MAX &&
	    access(found, R_OK) == 0)
		return;
	if (program || *word == '/' || paths_find(word, found) != 0)
		snprintf(found, PATHS_MAX, "%s", word);
}

static char **command_words(const struct cell *cell,
			    const struct program *program)
{
	static char words[WORDS_MAX][PATHS_MAX];
	static char *argv[WORDS_MAX + 1];
	const char *command = "observe";
	int count = 0;

	if (cell->contender.external)
		command = cell->contender.external->command;
	else
		argv[count++] = program ? (char *)program->executable
					: "/proc/self/exe";
	do {
		size_t length = strcspn(command, " ");
		char word[PATHS_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)length, command);
		if (cell->contender.external)
			find_word(word, program, words[count]);
		else
			snprintf(words[count], PATHS_MAX, "%s", word);
		argv[count] = words[count];
		count++;
		command += length + strspn(command + length, " ");
	} while (*command && count < WORDS_MAX);
	argv[count] = NULL;
	return argv;
}

static int start(pid_t *pid, const struct files *files, char **argv)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, files->in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, files->out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, files->err, STDERR_FILENO);
	/* A group of its own: Ctrl-C is for the runner, which kills it. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setpgroup(&attributes, 0);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
						      POSIX_SPAWN_SETSIGMASK);
	error = posix_spawnp(pid, argv[0], &actions, &attributes, argv,
			     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

/* The state of a thread in a word, from its stat file. */
static const char *thread_state(const char *stat)
{
	const char *state = strrchr(stat, ')');

	switch (state && state[1] ? state[2] : '?') {
	case 'R':
		return "running";
	case 'S':
		return "asleep";
	case 'D':
		return "in uninterruptible sleep";
	case 'T':
	case 't':
		return "stopped";
	default:
		return "in an unknown state";
	}
}

static void read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, line, size - 1);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Describes every thread of the process: "A-0 running, B-1 asleep". */
static void name_threads(pid_t pid, char *text, size_t size)
{
	char folder[64], path[512], name[64], stat[512];
	size_t length = 0;
	struct dirent *entry;
	DIR *tasks;

	snprintf(folder, sizeof(folder), "/proc/%d/task", (int)pid);
	tasks = opendir(folder);
	text[0] = '\0';
	while (tasks && (entry = readdir(tasks)) && length < size) {
		/* The main thread only waits for the others. */
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    atoi(entry->d_name) == (int)pid)
			continue;
		snprintf(path, sizeof(path), "%s/%s/comm", folder,
			 entry->d_name);
		read_line(path, name, sizeof(name));
		snprintf(path, sizeof(path), "%s/%s/stat", folder,
			 entry->d_name);
		read_line(path, stat, sizeof(stat));
		length += (size_t)snprintf(text + length, size - length,
					   "%s%s %s", length ? ", " : "", name,
					   thread_state(stat));
	}
	if (tasks)
		closedir(tasks);
}

/* Waits until the process ends: 1, or 0 at the deadline or when interrupted. */
static int wait_for_end(pid_t pid, int64_t deadline_ns)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	int result = 0;

	while (!result && !interrupted) {
		int64_t left_ms = (deadline_ns - ringbench_now_ns()) /
				  RINGBENCH_NS_PER_MS;

		if (left_ms < 0)
			break;
		result = poll(&ended, 1, (int)(left_ms < 100 ? left_ms : 100)) >
			 0;
	}
	close(fd);
	return result;
}

/* Judges how the process ended, beyond what it wrote. */
static void judge_end(int status, struct files *files,
		      struct observation *observation)
{
	char *complaints = read_file(files->err);

	complaints[strcspn(complaints, "\n")] = '\0';
	if (WIFSIGNALED(status))
		observation_fail(observation, "crashed",
				 "ended by signal %d (%s)%s%s",
				 WTERMSIG(status), strsignal(WTERMSIG(status)),
				 *complaints ? ": " : "", complaints);
	else if (WEXITSTATUS(status) != 0)
		observation_fail(observation, "crashed",
				 "ended with exit code %d%s%s",
				 WEXITSTATUS(status), *complaints ? ": " : "",
				 complaints);
	free(complaints);
}

static void end_hung(pid_t pid, struct observation *observation)
{
	char threads[256];

	name_threads(pid, threads, sizeof(threads));
	observation_fail(observation, "hung", "still not finished: %s",
			 *threads ? threads : "no threads left to name");
}

static int64_t patience_ns(const struct cell *cell)
{
	const struct scenario *scenario = cell->scenario;
	int64_t waits = 4 * cell->wait.ns;

	if (scenario->ending_ns)
		waits += scenario->ending_ns(cell);

	if (cell->messages)
		return cell->warmup_ns + waits + PATIENCE_COUNTED_NS;
	return cell->warmup_ns + cell->duration_ns + waits + PATIENCE_NS;
}

/* What a dead child had started is ours now, and tidies up: a website removes
 * its files. Nobody should find them when we have ended. */
static void wait_for_orphans(void)
{
	int64_t deadline_ns = ringbench_now_ns() + PATIENCE_ORPHANS_NS;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 &&
	       ringbench_now_ns() < deadline_ns)
		if (pid == 0)
			ringbench_sleep_until(ringbench_now_ns() +
					      RINGBENCH_NS_PER_MS);
}

int child_observe(const struct cell *cell, const struct program *program,
		  struct observation *observation)
{
	int64_t deadline_ns = ringbench_now_ns() + patience_ns(cell);
	struct files files = { -1, -1, -1 };
	int status = 0, ended;
	char *text;
	pid_t pid = 0;
	int error = open_files(&files, cell);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!error)
		error = start(&pid, &files, command_words(cell, program));
	if (error) {
		observation_fail(observation, "error",
				 "cannot start a process: %s",
				 strerror(-error));
		close_files(&files);
		return 0;
	}
	ended = wait_for_end(pid, deadline_ns);
	if (!ended) {
		end_hung(pid, observation);
		kill(-pid, SIGKILL);
	}
	waitpid(pid, &status, 0);
	if (!ended || status != 0)
		wait_for_orphans();
	if (ended) {
		text = read_file(files.out);
		observation_read(observation, text);
		free(text);
		judge_end(status, &files, observation);
	}
	close_files(&files);
	return interrupted && !ended ? -1 : 0;
}

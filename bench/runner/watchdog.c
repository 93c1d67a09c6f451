/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "watchdog.h"

/* A text with a limited size. */
struct description {
	char *text;
	size_t size;
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct description *to,
						      const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(to->text + to->length, to->size - to->length, format,
			   arguments);
	va_end(arguments);
	to->length += length > 0 ? (size_t)length : 0;
	if (to->length >= to->size)
		to->length = to->size - 1;
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

/* The state of a thread or process as text. */
static const char *state_of(const char *task)
{
	char path[512], stat[512];
	const char *state;

	snprintf(path, sizeof(path), "%s/stat", task);
	read_line(path, stat, sizeof(stat));
	state = strrchr(stat, ')');
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
	case 'Z':
		return "ended";
	default:
		return "gone";
	}
}

/* The operation of a thread that is not waiting. */
static const char *operation(const struct worker *worker)
{
	if (!worker->in && !worker->out)
		return "working";
	if (!worker->in)
		return "pushing";
	return worker->out ? "popping or pushing" : "popping";
}

/*
 * A wait is timed if it sleeps in the kernel, or from the 64th attempt. Only a
 * timed wait has a start time.
 */
static void add_operation(struct description *to, const struct worker *worker,
			  int64_t now_ns)
{
	int64_t empty_ns = worker->empty.start_ns;
	int64_t full_ns = worker->full.start_ns;

	if (empty_ns)
		add(to, "waiting %.1f s for a message",
		    (double)(now_ns - empty_ns) / RINGBENCH_NS_PER_S);
	else if (full_ns)
		add(to, "waiting %.1f s for room",
		    (double)(now_ns - full_ns) / RINGBENCH_NS_PER_S);
	else
		add(to, "%s", operation(worker));
}

static void add_thread(struct description *to, pid_t pid,
		       const struct board *board, int number)
{
	const struct board_thread *thread = &board->thread[number];
	const struct worker *worker = &board->workers[number];
	char task[64];

	add(to, "%s%.*s-%d", number ? "; " : "", (int)sizeof(thread->role) - 1,
	    thread->role, number);
	if (thread->cpu >= 0)
		add(to, " on CPU %d", thread->cpu);
	if (!thread->id) {
		add(to, " not started");
		return;
	}
	snprintf(task, sizeof(task), "/proc/%d/task/%d", (int)pid, thread->id);
	/* In a scenario with processes, the worker is a process and not a
	 * thread. */
	if (access(task, F_OK) != 0)
		snprintf(task, sizeof(task), "/proc/%d", thread->id);
	add(to, " %s, ", state_of(task));
	if (board->step == BOARD_RUN || board->step == BOARD_CLOSE ||
	    board->step == BOARD_DRAIN)
		add_operation(to, worker, ringbench_now_ns());
	else
		add(to, "not in its loop");
	add(to, ", %" PRIu64 " messages", worker->done);
}

/* Adds the names and states of the threads from /proc, for this program or an
 * external program. */
static void add_tasks(struct description *to, pid_t pid)
{
	char folder[64], path[512], name[64];
	struct dirent *entry;
	bool some = false;
	DIR *tasks;

	snprintf(folder, sizeof(folder), "/proc/%d/task", (int)pid);
	tasks = opendir(folder);
	while (tasks && (entry = readdir(tasks))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/%s/comm", folder,
			 entry->d_name);
		read_line(path, name, sizeof(name));
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		add(to, "%s%s %s", some ? ", " : "",
		    atoi(entry->d_name) == (int)pid ? "main thread" : name,
		    state_of(path));
		some = true;
	}
	if (tasks)
		closedir(tasks);
}

static bool is_readable(const struct board *board)
{
	return board && board->layout == BOARD_LAYOUT && board->threads >= 0 &&
	       board->threads <= RIG_THREADS_MAX;
}

void watchdog_phase(const struct board *board, char *text, size_t size)
{
	text[0] = '\0';
	if (is_readable(board))
		snprintf(text, size, " in %s of the %s",
			 board_step_name(board->step),
			 board->in_window ? "window" : "warm-up");
}

void watchdog_describe(pid_t pid, const struct board *board, char *text,
		       size_t size)
{
	struct description to = { text, size, 0 };
	char task[64], phase[64];

	text[0] = '\0';
	if (!is_readable(board)) {
		add_tasks(&to, pid);
		return;
	}
	snprintf(task, sizeof(task), "/proc/%d/task/%d", (int)pid, (int)pid);
	watchdog_phase(board, phase, sizeof(phase));
	add(&to, "%s (main thread %s)", phase + 1, state_of(task));
	if (board->step < BOARD_START_THREADS && !board->in_window)
		return;
	for (int i = 0; i < board->threads; i++) {
		if (i == 0)
			add(&to, ": ");
		add_thread(&to, pid, board, i);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "ringbench_clock.h"
#include "interrupt.h"
#include "launch.h"
#include "process.h"
#include "observation.h"

/* The ends of the pipes for the new process. */
struct ends {
	int in;
	int out[LAUNCH_OUTPUTS];
};

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Makes a pipe that holds the whole input, so that writing does not block if
 * the process never reads. */
static int make_input(struct ends *ends, const char *input, const char **step)
{
	ssize_t length = (ssize_t)strlen(input);
	int fds[2], error = 0;

	*step = "send the cell to the process";
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	/* The process reads until the end of the file. So its end of the pipe
	 * must block. */
	if (fcntl(fds[0], F_SETFL, 0) != 0 ||
	    write(fds[1], input, (size_t)length) != length)
		error = errno ? -errno : -EIO;
	close(fds[1]);
	ends->in = fds[0];
	return error;
}

static int make_outputs(struct launched *launched, struct ends *ends,
			const char **step)
{
	*step = "make pipes";
	for (int i = 0; i < LAUNCH_OUTPUTS; i++) {
		int fds[2];

		if (pipe2(fds, O_CLOEXEC) != 0)
			return -errno;
		launched->from[i] = fds[0];
		ends->out[i] = fds[1];
		if (fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
			return -errno;
	}
	return 0;
}

int launch_start(struct launched *launched, const struct launch *launch,
		 const char **step)
{
	struct ends ends = { -1, { -1, -1, -1 } };
	int error;

	memset(launched, 0, sizeof(*launched));
	for (int i = 0; i < LAUNCH_OUTPUTS; i++) {
		launched->from[i] = -1;
		launched->text[i] = calloc(1, LAUNCH_OUTPUT_MAX + 1);
		if (!launched->text[i])
			abort();
	}
	error = make_input(&ends, launch->input, step);
	if (!error)
		error = make_outputs(launched, &ends, step);
	if (!error) {
		const struct process process = {
			.argv = (const char *const *)launch->argv,
			.in = ends.in,
			.out = ends.out[LAUNCH_OUT],
			.err = ends.out[LAUNCH_ERR],
			.more = { ends.out[LAUNCH_RESULT],
				  launch->board < 0 ? 0 : launch->board },
			.variable = { RESULT_VARIABLE, BOARD_VARIABLE },
			/* Ctrl-C reaches only the runner, which ends the
			 * process. */
			.own_group = true,
			.dies_with_parent = true,
		};

		*step = "start a process";
		error = process_start(&process, &launched->pid);
	}
	close_all(&ends.in, 1);
	close_all(ends.out, LAUNCH_OUTPUTS);
	return error;
}

/* Reads one output. Returns false if the process wrote more than
 * LAUNCH_OUTPUT_MAX bytes. */
static bool collect(struct launched *launched, int i)
{
	ssize_t got = 1;

	while (got > 0 && launched->length[i] < LAUNCH_OUTPUT_MAX) {
		got = read(launched->from[i],
			   launched->text[i] + launched->length[i],
			   LAUNCH_OUTPUT_MAX - launched->length[i]);
		launched->length[i] += got > 0 ? (size_t)got : 0;
	}
	if (got == 0) {
		close(launched->from[i]);
		launched->from[i] = -1;
	}
	return launched->length[i] < LAUNCH_OUTPUT_MAX;
}

void launch_collect(struct launched *launched)
{
	for (int i = 0; i < LAUNCH_OUTPUTS; i++)
		if (launched->from[i] >= 0)
			collect(launched, i);
}

static enum launch_end wait_unmasked(struct launched *launched,
				     int64_t deadline_ns,
				     const sigset_t *unmasked)
{
	for (;;) {
		struct pollfd polled[LAUNCH_OUTPUTS];
		struct timespec left;
		int64_t left_ns;

		if (process_has_ended(launched->pid))
			return LAUNCH_ENDED;
		left_ns = deadline_ns - ringbench_now_ns();
		if (interrupted || left_ns <= 0)
			return interrupted ? LAUNCH_INTERRUPTED : LAUNCH_LATE;
		left = ringbench_timespec(left_ns);
		for (int i = 0; i < LAUNCH_OUTPUTS; i++)
			polled[i] = (struct pollfd){ launched->from[i], POLLIN,
						     0 };
		if (ppoll(polled, LAUNCH_OUTPUTS, &left, unmasked) <= 0)
			continue;
		for (int i = 0; i < LAUNCH_OUTPUTS; i++)
			if (polled[i].revents && !collect(launched, i))
				return LAUNCH_TALKATIVE;
	}
}

static void on_child(int number)
{
	(void)number;
}

/*
 * The end of the process is a signal (SIGCHLD), which is delivered only during
 * ppoll(). This needs no system call that a sandbox could refuse, and no
 * polling during a window.
 */
enum launch_end launch_wait(struct launched *launched, int64_t deadline_ns)
{
	static const int numbers[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_child };
	struct sigaction before = { .sa_handler = SIG_DFL };
	sigset_t masked, mask, unmasked;
	enum launch_end end;

	sigemptyset(&masked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&masked, numbers[i]);
	sigemptyset(&action.sa_mask);
	sigprocmask(SIG_BLOCK, &masked, &mask);
	sigaction(SIGCHLD, &action, &before);
	unmasked = mask;
	sigdelset(&unmasked, SIGCHLD);
	end = wait_unmasked(launched, deadline_ns, &unmasked);
	sigaction(SIGCHLD, &before, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return end;
}

void launch_release(struct launched *launched)
{
	close_all(launched->from, LAUNCH_OUTPUTS);
	for (int i = 0; i < LAUNCH_OUTPUTS; i++)
		free(launched->text[i]);
}

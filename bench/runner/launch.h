/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that measures, and its output. Its input is on standard input. It
 * writes its result to a separate descriptor, whose number is in
 * RINGBENCH_RESULT_FD, so that output of measured code is not mistaken for a
 * result. Programs that do not know the variable write their result to standard
 * output.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LAUNCH_OUTPUT_MAX =
		1 << 20, /* largest number of bytes that a process may write */
};

struct launch {
	char *const *argv;
	const char *input;
	int board; /* descriptor of the board, see board.h; -1: none */
};

enum launch_output {
	LAUNCH_RESULT,
	LAUNCH_OUT,
	LAUNCH_ERR,
	LAUNCH_OUTPUTS
};

enum launch_end {
	LAUNCH_ENDED,
	LAUNCH_LATE,	  /* the process did not end before the deadline */
	LAUNCH_TALKATIVE, /* the process wrote more than LAUNCH_OUTPUT_MAX bytes
			   */
	LAUNCH_INTERRUPTED, /* a signal interrupted this process */
};

struct launched {
	pid_t pid;
	int from[LAUNCH_OUTPUTS];   /* -1: closed */
	char *text[LAUNCH_OUTPUTS]; /* its output so far, ends with a NUL byte
				     */
	size_t length[LAUNCH_OUTPUTS];
};

/*
 * Starts the process in its own process group. The kernel kills it when this
 * process ends. Returns 0, or -errno with *step set to the step that failed.
 * The caller releases `launched`, also after an error.
 */
int launch_start(struct launched *launched, const struct launch *launch,
		 const char **step);

/* Collects the output of the process until the process ends or must be ended.
 * Does not reap it. */
enum launch_end launch_wait(struct launched *launched, int64_t deadline_ns);

/* Reads the remaining output from the pipes without waiting. */
void launch_collect(struct launched *launched);

void launch_release(struct launched *launched);

#endif

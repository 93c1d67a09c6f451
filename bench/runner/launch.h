/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that measures, and what it writes. It gets its input on standard
 * input. Its result comes on a descriptor of its own, whose number is in
 * RINGBENCH_RESULT_FD: so what measured code prints is no result. Programs
 * that do not know the variable answer on standard output.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LAUNCH_OUTPUT_MAX = 1 << 20, /* of all that a process writes, bytes */
};

struct launch {
	char *const *argv;
	const char *input;
	int board; /* see board.h; -1: none */
};

enum launch_output {
	LAUNCH_RESULT,
	LAUNCH_OUT,
	LAUNCH_ERR,
	LAUNCH_OUTPUTS
};

enum launch_end {
	LAUNCH_ENDED,
	LAUNCH_LATE,	    /* still there at the deadline */
	LAUNCH_TALKATIVE,   /* wrote more than LAUNCH_OUTPUT_MAX */
	LAUNCH_INTERRUPTED, /* we were */
};

struct launched {
	pid_t pid;
	int from[LAUNCH_OUTPUTS];   /* -1: closed */
	char *text[LAUNCH_OUTPUTS]; /* what it wrote so far, terminated */
	size_t length[LAUNCH_OUTPUTS];
};

/*
 * Starts the process in a group of its own; it is killed when this process
 * ends. Returns 0 or -errno, with *step what could not be done. To be released
 * in either case.
 */
int launch_start(struct launched *launched, const struct launch *launch,
		 const char **step);

/* Keeps what it writes, until it ends or shall end. Does not reap it. */
enum launch_end launch_wait(struct launched *launched, int64_t deadline_ns);

/* Reads what is left in the pipes; never waits. */
void launch_collect(struct launched *launched);

void launch_release(struct launched *launched);

#endif

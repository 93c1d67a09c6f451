/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts other programs, without a shell, and waits for them. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	PROCESS_MORE = 2,  /* largest number of files besides the standard ones
			    */
	PROCESS_FIRST = 3, /* number of the first of these files in the process
			    */
};

struct process {
	const char *const
		*argv; /* ends with NULL; the program is searched in PATH */
	const char
		*dir; /* its working folder; NULL: the folder of this process */
	/* its standard input, output and error; 0: /dev/null */
	int in, out, err;
	int more[PROCESS_MORE]; /* further files; 0: none */
	/* For each further file, an environment variable that tells the process
	 * the number of the file. */
	const char *variable[PROCESS_MORE];
	/* The process gets its own process group: Ctrl-C does not reach it, and
	 * kill(-pid) ends the process and its children. */
	bool own_group;
	/* The kernel kills the process when this process ends. */
	bool dies_with_parent;
};

/* Starts the program. Returns 0, or -errno if it was not started. */
int process_start(const struct process *process, pid_t *pid);

/* The state of a process that was not reaped yet, as a letter, and its parent.
 * Returns false if there is no such process. */
bool process_state(pid_t pid, char *state, pid_t *parent);

/* Whether the child process has ended. Does not reap it. */
bool process_has_ended(pid_t pid);

/* Waits for the process and reaps it. Returns its wait status. */
int process_reap(pid_t pid);

/*
 * Runs argv in the folder dir to its end. Returns the exit code, 128 + n after
 * signal n, -errno if it cannot be started, or -EINTR if a signal interrupted
 * this process; then the process and its children have been killed.
 */
int process_run(const char *const argv[], const char *dir, int out, int err);

/* Runs argv like process_run() and returns its output, at most 4 MiB. The
 * caller frees the text. *code: the return value of process_run(). */
char *process_read(const char *const argv[], const char *dir, int *code);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts other programs, without a shell, and waits for them. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	const char *const
		*argv; /* ends with NULL; the program is searched in PATH */
	const char
		*dir; /* its working folder; NULL: the folder of this process */
	int in, out,
		err; /* its standard input, output and error; 0: /dev/null */
	/* The process gets its own process group: Ctrl-C does not reach it, and
	 * kill(-pid) ends the process and its children. */
	bool own_group;
};

/* Starts the program. Returns 0 or -errno. */
int process_start(const struct process *process, pid_t *pid);

/* Whether the child process has ended. Does not reap it. */
bool process_has_ended(pid_t pid);

/*
 * Waits for the end of the process, but does not reap it. Returns 1 if it
 * ended, 0 at the deadline, or -EINTR if a signal interrupted this process.
 */
int process_wait(pid_t pid, int64_t deadline_ns);

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

/* Creates a file without a name for the output of a process: in memory, or
 * in /tmp if the kernel refuses a file in memory. Returns a descriptor or
 * -errno. */
int process_file(void);

/* The first size - 1 bytes of such a file as text. The caller frees it. */
char *process_file_text(int fd, size_t size);

#endif

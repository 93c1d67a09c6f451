/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts other programs, without a shell, and waits for them. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	const char *const
		*argv;	  /* to NULL; the program is looked for in PATH */
	const char *dir;  /* where it starts; NULL: here */
	int in, out, err; /* its standard files; 0: /dev/null */
	/* Ctrl-C does not reach it, and kill(-pid) ends all that it starts. */
	bool own_group;
};

/* Starts the program. Returns 0 or -errno. */
int process_start(const struct process *process, pid_t *pid);

/*
 * Waits for the end of the process, which stays to be reaped. Returns 1, 0 when
 * the deadline comes first, or -EINTR when we are interrupted.
 */
int process_wait(pid_t pid, int64_t deadline_ns);

/* Reaps the process, which has ended or will. Returns its wait status. */
int process_reap(pid_t pid);

/*
 * Runs argv in the folder dir to its end. Returns the exit code, 128 + n after
 * signal n, -errno when it cannot be started, or -EINTR when we were
 * interrupted: then it and all that it has started have been killed.
 */
int process_run(const char *const argv[], const char *dir, int out, int err);

/* The same, and what it printed, up to 4 MiB, to be freed; *code as above. */
char *process_read(const char *const argv[], const char *dir, int *code);

/* A file without a name, for what a process prints: in memory, or in /tmp where
 * the system refuses that. Returns a descriptor or -errno. */
int process_file(void);

/* The first size - 1 bytes of such a file as text, to be freed. */
char *process_file_text(int fd, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs other programs to their end, without a shell; their input is empty. */
#ifndef PROCESS_H
#define PROCESS_H

/*
 * Runs argv (to NULL) in the folder dir (NULL: here), with these descriptors as
 * output and for complaints. Returns the exit code, 128 + n after signal n,
 * -errno when it cannot be started, or -EINTR when we were interrupted: then it
 * and all that it has started have been killed.
 */
int process_run(const char *const argv[], const char *dir, int out, int err);

/* The same, and what it printed, up to 4 MiB, to be freed; *code as above. */
char *process_read(const char *const argv[], const char *dir, int *code);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "lock.h"
#include "paths.h"

#define VARIABLE "RINGBENCH_LOCK"

/* False: there is to be no lock. */
static bool find_path(char path[PATHS_MAX])
{
	const char *given = getenv(VARIABLE), *folder = getenv("TMPDIR");

	if (given)
		snprintf(path, PATHS_MAX, "%s", given);
	else
		snprintf(path, PATHS_MAX, "%s/ringbench.lock",
			 folder && *folder ? folder : "/tmp");
	return *path;
}

/*
 * Anybody's file will do, as long as it can be read: several users share the
 * machine. So it is not opened with O_CREAT first, which the kernel refuses for
 * other people's files in /tmp.
 */
static int open_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			  0444);
		if (fd >= 0)
			(void)fchmod(fd, 0444); /* whatever the umask says */
	}
	return fd;
}

int lock_machine(bool waits, struct fault *fault)
{
	char path[PATHS_MAX];
	int fd;

	if (!find_path(path))
		return 0;
	fd = open_lock(path);
	if (fd < 0)
		return fault_set(
			fault, EXIT_OUTPUT,
			"cannot open the lock %.900s: %s; name another "
			"file with " VARIABLE,
			path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		if (!waits) {
			close(fd);
			return fault_set(fault, EXIT_UNFIT,
					 "another run is measuring on this "
					 "machine (it holds %.900s); wait for "
					 "it, or leave out --no-wait",
					 path);
		}
		fprintf(stderr,
			"ringbench: waiting for another run on this machine "
			"to end (it holds %s)\n",
			path);
		/* Not a blocking call, which a signal might just miss; rarely,
		 * for the sake of the run that measures. */
		while (!interrupted && flock(fd, LOCK_EX | LOCK_NB) != 0 &&
		       errno == EWOULDBLOCK)
			sleep(1);
	}
	/* Programs that this one starts are a part of its run. The file stays
	 * open, and so locked, until the process ends. */
	setenv(VARIABLE, "", 1);
	return 0;
}

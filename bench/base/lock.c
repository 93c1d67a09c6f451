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

/* Sets the path of the lock file. Returns false if RINGBENCH_LOCK is empty,
 * which means no lock. */
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
 * Several users share the machine, so the lock file may belong to another user;
 * it only has to be readable. The first attempt is without O_CREAT, because in
 * /tmp the kernel refuses O_CREAT for files of other users.
 */
static int open_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			  0444);
		if (fd >= 0)
			(void)fchmod(fd, 0444); /* independent of the umask */
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
			"cannot open the lock file %.900s: %s; name another "
			"file in the environment variable " VARIABLE,
			path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		if (!waits) {
			close(fd);
			return fault_set(fault, EXIT_UNFIT,
					 "cannot measure now: another run is "
					 "measuring on this machine (it holds "
					 "the lock %.900s); try again later, "
					 "or remove --no-wait to wait for it",
					 path);
		}
		fprintf(stderr,
			"ringbench: waiting for another run on this machine "
			"to end (it holds %s)\n",
			path);
		/*
		 * Polls, because a signal that arrives just before a blocking
		 * flock() would not end it. Polls only once per second, to
		 * disturb the other run as little as possible.
		 */
		while (!interrupted && flock(fd, LOCK_EX | LOCK_NB) != 0 &&
		       errno == EWOULDBLOCK)
			sleep(1);
	}
	/* Programs that this process starts belong to its run and need no lock.
	 * The file stays open and locked until this process ends. */
	setenv(VARIABLE, "", 1);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "process.h"

enum {
	LOOK_MS = 100, /* how often we look whether we were interrupted */
	OUTPUT_MAX = 4 << 20,
};

static int start(pid_t *pid, const char *const argv[], const char *dir, int out,
		 int err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
					 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
	if (dir)
		posix_spawn_file_actions_addchdir_np(&actions, dir);
	/* A group of its own, so that all of it can be killed. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	error = posix_spawnp(pid, argv[0], &actions, &attributes,
			     (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

int process_run(const char *const argv[], const char *dir, int out, int err)
{
	struct pollfd ended = { .events = POLLIN };
	int status = 0, error;
	pid_t pid;

	if (interrupted)
		return -EINTR;
	error = start(&pid, argv, dir, out, err);
	if (error)
		return error;
	ended.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	while (!interrupted && poll(&ended, 1, LOOK_MS) <= 0)
		;
	close(ended.fd);
	if (interrupted)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (interrupted)
		return -EINTR;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

char *process_read(const char *const argv[], const char *dir, int *code)
{
	int out = memfd_create("output", MFD_CLOEXEC);
	int err = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *text = malloc(OUTPUT_MAX);
	ssize_t length;

	if (!text)
		abort();
	*code = process_run(argv, dir, out, err);
	length = pread(out, text, OUTPUT_MAX - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	close(out);
	close(err);
	return text;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "interrupt.h"
#include "process.h"

enum {
	LOOK_MS = 100, /* interval between checks of `interrupted` */
	OUTPUT_MAX = 4 << 20,
};

static void set_file(posix_spawn_file_actions_t *actions, int to, int from)
{
	if (from)
		posix_spawn_file_actions_adddup2(actions, from, to);
	else
		posix_spawn_file_actions_addopen(actions, to, "/dev/null",
						 to ? O_WRONLY : O_RDONLY, 0);
}

int process_start(const struct process *process, pid_t *pid)
{
	short flags = POSIX_SPAWN_SETSIGMASK;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	posix_spawn_file_actions_init(&actions);
	set_file(&actions, STDIN_FILENO, process->in);
	set_file(&actions, STDOUT_FILENO, process->out);
	set_file(&actions, STDERR_FILENO, process->err);
	if (process->dir)
		posix_spawn_file_actions_addchdir_np(&actions, process->dir);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (process->own_group) {
		posix_spawnattr_setpgroup(&attributes, 0);
		flags |= POSIX_SPAWN_SETPGROUP;
	}
	posix_spawnattr_setflags(&attributes, flags);
	error = posix_spawnp(pid, process->argv[0], &actions, &attributes,
			     (char *const *)process->argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

/* Reads the state in /proc, for systems that refuse waitid(). A process without
 * an entry has ended. */
static bool is_dead_in_proc(pid_t pid)
{
	char path[32], line[512], *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return true;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	name_end = strrchr(line, ')');
	return name_end && (name_end[2] == 'Z' || name_end[2] == 'X');
}

bool process_has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		return info.si_pid == pid;
	return errno == ECHILD || is_dead_in_proc(pid);
}

int process_wait(pid_t pid, int64_t deadline_ns)
{
	/*
	 * The pidfd only ends the sleep below early. If the kernel refuses it
	 * (gVisor, old kernels), the loop checks the process once per
	 * millisecond.
	 */
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	int result = 0;

	for (;;) {
		int64_t left_ms = (deadline_ns - ringbench_now_ns()) /
				  RINGBENCH_NS_PER_MS;
		int64_t most_ms = fd < 0 ? 1 : LOOK_MS;

		result = process_has_ended(pid) ? 1 : interrupted ? -EINTR : 0;
		if (result || left_ms < 0)
			break;
		poll(&ended, 1, (int)(left_ms < most_ms ? left_ms : most_ms));
	}
	if (fd >= 0)
		close(fd);
	return result;
}

int process_reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int process_run(const char *const argv[], const char *dir, int out, int err)
{
	const struct process process = {
		.argv = argv,
		.dir = dir,
		.out = out,
		.err = err,
		.own_group = true,
	};
	int status, ended;
	pid_t pid;

	if (interrupted)
		return -EINTR;
	ended = process_start(&process, &pid);
	if (ended < 0)
		return ended;
	ended = process_wait(pid, INT64_MAX);
	if (ended < 0)
		kill(-pid, SIGKILL);
	status = process_reap(pid);
	if (ended < 0)
		return ended;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

char *process_read(const char *const argv[], const char *dir, int *code)
{
	int out = process_file();
	char *text;

	*code = out < 0 ? out : process_run(argv, dir, out, 0);
	text = process_file_text(out, OUTPUT_MAX);
	if (out >= 0)
		close(out);
	return text;
}

int process_file(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	FILE *file;

	if (fd >= 0)
		return fd;
	file = tmpfile();
	if (!file)
		return -errno;
	fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	fd = fd < 0 ? -errno : fd;
	fclose(file);
	return fd;
}

char *process_file_text(int fd, size_t size)
{
	char *text = malloc(size);
	ssize_t length;

	if (!text)
		abort();
	length = pread(fd, text, size - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

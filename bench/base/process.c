/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "process.h"

enum {
	LOOK_MS = 100, /* interval between checks of `interrupted` */
	OUTPUT_MAX = 4 << 20,
	FILES = PROCESS_FIRST + PROCESS_MORE,
};

/*
 * Gives the process its files. dup2() of a descriptor to its own number does
 * not clear FD_CLOEXEC, so all descriptors are first moved to other numbers.
 */
static bool place(const struct process *process)
{
	int fds[FILES] = { process->in, process->out, process->err };

	for (int i = 0; i < PROCESS_MORE; i++)
		fds[PROCESS_FIRST + i] = process->more[i];
	for (int i = 0; i < PROCESS_FIRST; i++)
		if (!fds[i])
			fds[i] = open("/dev/null", i ? O_WRONLY : O_RDONLY);
	for (int i = 0; i < FILES; i++)
		if (fds[i])
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FILES);
	for (int i = 0; i < FILES; i++)
		if (fds[i] && dup2(fds[i], i) < 0)
			return false;
	return true;
}

/* Only in a process with one thread, because setenv() may wait for a lock. */
static void number_variable(const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	setenv(name, text, 1);
}

/* Runs in the new process. Does not return. */
static void become(const struct process *process, int failure, pid_t parent)
{
	sigset_t none;
	int error;

	failure = fcntl(failure, F_DUPFD_CLOEXEC, FILES);
	if (process->own_group)
		setpgid(0, 0);
	if (process->dies_with_parent) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EXIT_FAILURE);
	}
	for (int i = 0; i < PROCESS_MORE; i++)
		if (process->more[i])
			number_variable(process->variable[i],
					PROCESS_FIRST + i);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (place(process) && (!process->dir || chdir(process->dir) == 0))
		execvp(process->argv[0], (char *const *)process->argv);
	error = errno;
	if (write(failure, &error, sizeof(error)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* Returns 0 if exec succeeded, otherwise its -errno. */
static int await_start(int failure)
{
	int error = 0;
	ssize_t got;

	do
		got = read(failure, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	return got > 0 ? -error : 0;
}

int process_start(const struct process *process, pid_t *pid)
{
	pid_t parent = getpid();
	int failure[2], error;

	/* The new process reports on this pipe that exec failed. */
	if (pipe2(failure, O_CLOEXEC) != 0)
		return -errno;
	*pid = fork();
	if (*pid == 0)
		become(process, failure[1], parent);
	error = *pid < 0 ? -errno : 0;
	close(failure[1]);
	if (!error) {
		error = await_start(failure[0]);
		if (error)
			process_reap(*pid);
	}
	close(failure[0]);
	if (error)
		*pid = 0;
	return error;
}

bool process_state(pid_t pid, char *state, pid_t *parent)
{
	char path[32], stat[512];
	const char *name_end;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	length = fread(stat, 1, sizeof(stat) - 1, file);
	fclose(file);
	stat[length] = '\0';
	/* The name may contain blanks and parentheses. */
	name_end = strrchr(stat, ')');
	return name_end && sscanf(name_end + 1, " %c %d", state, parent) == 2;
}

/* Used if the system refuses waitid(). A process that is not in /proc has
 * ended. */
static bool is_dead_in_proc(pid_t pid)
{
	pid_t parent;
	char state;

	return !process_state(pid, &state, &parent) || state == 'Z' ||
	       state == 'X';
}

bool process_has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		return info.si_pid == pid;
	return errno == ECHILD || is_dead_in_proc(pid);
}

/*
 * Waits for the end of the process, but does not reap it. Returns 1 if it
 * ended, or -EINTR if a signal interrupted this process.
 */
static int wait_for_end(pid_t pid)
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
		result = process_has_ended(pid) ? 1 : interrupted ? -EINTR : 0;
		if (result)
			break;
		poll(&ended, 1, fd < 0 ? 1 : LOOK_MS);
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
	pid_t pid = 0;

	if (interrupted)
		return -EINTR;
	ended = process_start(&process, &pid);
	if (ended < 0)
		return ended;
	ended = wait_for_end(pid);
	if (ended < 0)
		kill(-pid, SIGKILL);
	status = process_reap(pid);
	if (ended < 0)
		return ended;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/*
 * Creates a file without a name for the output of a process: in memory, or in
 * /tmp if the kernel refuses a file in memory. Returns a descriptor or -errno.
 */
static int make_file(void)
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

/* The first size - 1 bytes of such a file as text. */
static char *file_text(int fd, size_t size)
{
	char *text = malloc(size);
	ssize_t length;

	if (!text)
		abort();
	length = pread(fd, text, size - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

char *process_read(const char *const argv[], const char *dir, int *code)
{
	int out = make_file();
	char *text;

	*code = out < 0 ? out : process_run(argv, dir, out, 0);
	text = file_text(out, OUTPUT_MAX);
	if (out >= 0)
		close(out);
	return text;
}

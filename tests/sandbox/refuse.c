/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a program in a sandbox like that of a container: the kernel refuses some
 * system calls of the program and of its child processes.
 *
 *      refuse EPERM pidfd_open,memfd_create program argument...
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	CALLS_MAX = 64,
};

#define CALL(name)                \
	{                         \
#name, SYS_##name \
	}
static const struct {
	const char *name;
	unsigned number;
} calls[] = {
	CALL(clock_nanosleep),
	CALL(clone3),
	CALL(eventfd2),
	CALL(fcntl),
	CALL(ftruncate),
	CALL(getdents64),
	CALL(getrusage),
	CALL(lseek),
	CALL(madvise),
	CALL(membarrier),
	CALL(memfd_create),
	CALL(mq_open),
	CALL(perf_event_open),
	CALL(pidfd_open),
	CALL(pipe2),
	CALL(ppoll),
	CALL(prctl),
	CALL(pread64),
	CALL(prlimit64),
	CALL(sched_getaffinity),
	CALL(sched_setaffinity),
	CALL(sched_yield),
	CALL(setpgid),
	CALL(setsockopt),
	CALL(socket),
	CALL(socketpair),
	CALL(uname),
	CALL(waitid),
#ifdef SYS_poll
	CALL(poll),
#endif
#ifdef SYS_rename
	CALL(rename),
#endif
#ifdef SYS_mkdir
	CALL(mkdir),
#endif
#ifdef SYS_symlink
	CALL(symlink),
#endif
};

static unsigned number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	fprintf(stderr, "refuse: no call is known as %s\n", name);
	exit(2);
}

static unsigned errno_of(const char *name)
{
	if (strcmp(name, "EPERM") == 0)
		return EPERM;
	if (strcmp(name, "ENOSYS") == 0)
		return ENOSYS;
	fprintf(stderr, "refuse: EPERM or ENOSYS, not %s\n", name);
	exit(2);
}

/* Two instructions for each system call: compare, and skip the next instruction
 * unless the call matches. */
static size_t make_filter(struct sock_filter *filter, unsigned error,
			  char *names)
{
	size_t length = 0;
	char *rest;

	filter[length++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (char *name = strtok_r(names, ",", &rest);
	     name && length < 2 * CALLS_MAX;
	     name = strtok_r(NULL, ",", &rest)) {
		filter[length++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, number_of(name), 0, 1);
		filter[length++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
	}
	filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							SECCOMP_RET_ALLOW);
	return length;
}

int main(int argc, char **argv)
{
	struct sock_filter filter[2 * CALLS_MAX + 2];
	struct sock_fprog program = { .filter = filter };

	if (argc < 4) {
		fprintf(stderr, "usage: refuse EPERM|ENOSYS CALL[,CALL]... "
				"PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	program.len = (unsigned short)make_filter(filter, errno_of(argv[1]),
						  argv[2]);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("refuse: seccomp");
		return 77; /* this system has no seccomp */
	}
	execvp(argv[3], argv + 3);
	perror("refuse: exec");
	return 2;
}

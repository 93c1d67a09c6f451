/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "descendants.h"
#include "process.h"

/* Longest time for a killed process to disappear. A process that waits for a
 * disk can take longer. */
#define PATIENCE_NS (10 * RINGBENCH_NS_PER_S)

enum {
	STRANGERS_MAX = 64,
};

/*
 * Children that this process had at its start. If a shell replaces itself by
 * this program (exec), the children of the shell become children of this
 * program.
 */
static pid_t strangers[STRANGERS_MAX];
static int stranger_count;

static bool is_stranger(pid_t pid)
{
	for (int i = 0; i < stranger_count; i++)
		if (strangers[i] == pid)
			return true;
	return false;
}

static bool is_child(pid_t pid)
{
	pid_t parent;
	char state;

	return process_state(pid, &state, &parent) && parent == getpid();
}

/* Calls the callback for each child of this process. Returns the number of
 * children. */
static int each_child(void (*callback)(pid_t pid))
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		if (!isdigit((unsigned char)*entry->d_name) ||
		    is_stranger(pid) || !is_child(pid))
			continue;
		callback(pid);
		count++;
	}
	if (proc)
		closedir(proc);
	return count;
}

static void remember(pid_t pid)
{
	if (stranger_count < STRANGERS_MAX)
		strangers[stranger_count++] = pid;
}

/* A fast check with waitid(); usually there are no children. */
static bool has_children(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void descendants_adopt(void)
{
	static bool adopted;

	if (adopted)
		return;
	adopted = true;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (has_children())
		each_child(remember);
}

static void let_be(pid_t pid)
{
	(void)pid;
}

static void end_one(pid_t pid)
{
	kill(pid, SIGKILL);
}

int descendants_end(pid_t pid, int64_t grace_ns, void (*gone)(pid_t pid),
		    int *status)
{
	int64_t start_ns = ringbench_now_ns();
	int killed = 0, left = 0;

	kill(pid,
	     SIGKILL); /* kill() has no effect on a process that has ended */
	kill(-pid, SIGKILL);
	*status = process_reap(pid);
	do {
		int64_t spent_ns = ringbench_now_ns() - start_ns;
		pid_t ended;

		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
			gone(ended);
		if (!has_children())
			break;
		left = each_child(spent_ns < grace_ns ? let_be : end_one);
		if (left && spent_ns >= grace_ns)
			killed = left > killed ? left : killed;
		if (left && spent_ns > grace_ns + PATIENCE_NS)
			return -1;
		/* The children of killed processes become children of this
		 * process. */
		if (left)
			ringbench_sleep_until(ringbench_now_ns() +
					      RINGBENCH_NS_PER_MS);
	} while (left);
	return killed;
}

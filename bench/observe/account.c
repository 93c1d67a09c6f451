/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "account.h"
#include "ringbench_clock.h"
#include "host_files.h"

int account_open_sched(void)
{
	return open("/proc/thread-self/sched", O_RDONLY | O_CLOEXEC);
}

int64_t account_migrations(int sched)
{
	static const char name[] = "nr_migrations";
	char text[4096];
	const char *found;
	ssize_t length;
	long long count;

	if (sched < 0)
		return -1;
	length = pread(sched, text, sizeof(text) - 1, 0);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	found = strstr(text, name);
	if (!found || sscanf(found + strlen(name), " : %lld", &count) != 1)
		return -1;
	return count;
}

static int64_t timeval_ns(struct timeval t)
{
	return (int64_t)t.tv_sec * RINGBENCH_NS_PER_S +
	       (int64_t)t.tv_usec * RINGBENCH_NS_PER_US;
}

static void read_counts(struct account *account, int schedstat)
{
	struct rusage usage = { .ru_nvcsw = 0 };

	account->runqueue_ns = host_runqueue_ns(schedstat);
	account->unknown = getrusage(RUSAGE_THREAD, &usage);
	account->user_ns = timeval_ns(usage.ru_utime);
	account->sys_ns = timeval_ns(usage.ru_stime);
	account->vol_switches = usage.ru_nvcsw;
	account->invol_switches = usage.ru_nivcsw;
	account->page_faults = usage.ru_minflt + usage.ru_majflt;
}

void account_start(struct account *account, int schedstat)
{
	read_counts(account, schedstat);
	account->cpu = sched_getcpu();
	account->migrations = 0;
	account->cpu_ns = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
	account->start_ns = ringbench_now_ns();
}

void account_stop(struct account *account, int schedstat)
{
	struct account end;

	end.elapsed_ns = ringbench_now_ns() - account->start_ns;
	end.start_ns = account->start_ns;
	end.cpu_ns = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
	end.cpu = account->cpu;
	end.migrations = sched_getcpu() != account->cpu;
	read_counts(&end, schedstat);
	if (end.runqueue_ns < 0 || account->runqueue_ns < 0)
		end.runqueue_ns = -1;
	else
		end.runqueue_ns -= account->runqueue_ns;
	end.cpu_ns -= account->cpu_ns;
	end.user_ns -= account->user_ns;
	end.sys_ns -= account->sys_ns;
	end.vol_switches -= account->vol_switches;
	end.invol_switches -= account->invol_switches;
	end.page_faults -= account->page_faults;
	*account = end;
}

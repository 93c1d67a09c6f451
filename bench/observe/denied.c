/* SPDX-License-Identifier: BSD-2-Clause */
#include <unistd.h>

#include "cell.h"
#include "denied.h"

enum {
	/* limit of the flag `preempted`: other threads had the CPUs for 1/100
	 * of the window */
	PREEMPTED_SHARE = 100,
};

static int64_t positive(int64_t ns)
{
	return ns > 0 ? ns : 0;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t tick_ns(int64_t before, int64_t after)
{
	return (after - before) * (RINGBENCH_NS_PER_S / sysconf(_SC_CLK_TCK));
}

/* Time in which the thread was ready and not running, minus WAKE_UP_NS for each
 * wake-up. */
static int64_t late_ns(const struct account *account)
{
	return positive(account->runqueue_ns -
			account->vol_switches * WAKE_UP_NS);
}

static int cpu_of(const struct rig *rig, int thread)
{
	return rig->cell->cpus[thread % rig->cell->cpu_count];
}

/* CPU time of all other threads on the CPU of this thread. */
static int64_t neighbours_ns(const struct rig *rig,
			     const struct account *accounts, int thread)
{
	int64_t sum = 0;

	for (int i = 0; i < rig->threads; i++)
		if (i != thread && cpu_of(rig, i) == cpu_of(rig, thread))
			sum += accounts[i].cpu_ns;
	return sum;
}

/* Whether no earlier thread has the same CPU. */
static bool is_first_of_cpu(const struct rig *rig, int thread)
{
	for (int i = 0; i < thread; i++)
		if (cpu_of(rig, i) == cpu_of(rig, thread))
			return false;
	return true;
}

static int64_t by_others_on_cpu(const struct rig *rig,
				const struct account *accounts, int first)
{
	int64_t most = 0;

	for (int i = first; i < rig->threads; i++)
		if (cpu_of(rig, i) == cpu_of(rig, first))
			most = larger(most,
				      late_ns(&accounts[i]) -
					      neighbours_ns(rig, accounts, i));
	return most;
}

/* Time in which the CPUs of the cell (if threads are not pinned: all allowed
 * CPUs) were neither idle, nor paused, nor used by the observation. */
static int64_t used_by_others(const struct rig *rig,
			      const struct account *accounts,
			      const struct surroundings *before,
			      const struct surroundings *after,
			      int64_t elapsed_ns)
{
	int64_t rest = after->cpus * elapsed_ns;

	/* The kernel rounds the idle time of each CPU down to ticks. */
	rest -= tick_ns(before->idle_ticks, after->idle_ticks + after->cpus);
	rest -= tick_ns(before->steal_ticks, after->steal_ticks);
	for (int i = 0; i < rig->threads; i++)
		rest -= accounts[i].cpu_ns;
	return positive(rest);
}

static int64_t by_others(const struct rig *rig, const struct account *accounts,
			 const struct surroundings *before,
			 const struct surroundings *after, int64_t elapsed_ns)
{
	int64_t of_cpus = 0, ready_ns = 0;

	for (int i = 0; i < rig->threads; i++) {
		ready_ns += accounts[i].runqueue_ns;
		if (rig->cell->cpu_count && is_first_of_cpu(rig, i))
			of_cpus += by_others_on_cpu(rig, accounts, i);
	}
	if (before->idle_ticks < 0 || after->idle_ticks < 0)
		return of_cpus;
	return larger(of_cpus,
		      smaller(ready_ns, used_by_others(rig, accounts, before,
						       after, elapsed_ns)));
}

static int64_t by_hypervisor(const struct rig *rig,
			     const struct account *accounts,
			     const struct surroundings *before,
			     const struct surroundings *after)
{
	bool slept = false;
	int64_t sum = 0;

	for (int i = 0; i < rig->threads; i++) {
		const struct account *account = &accounts[i];

		if (account->vol_switches)
			slept = true;
		else
			sum += positive(account->elapsed_ns - account->cpu_ns -
					account->runqueue_ns);
	}
	if (slept && before->steal_ticks >= 0 && after->steal_ticks >= 0)
		sum = larger(sum,
			     tick_ns(before->steal_ticks, after->steal_ticks));
	return sum;
}

static bool is_known(const struct rig *rig, const struct account *accounts,
		     const struct surroundings *before,
		     const struct surroundings *after)
{
	for (int i = 0; i < rig->threads; i++)
		if (accounts[i].unknown || accounts[i].runqueue_ns < 0)
			return false;
	return rig->cell->cpu_count ||
	       (before->idle_ticks >= 0 && after->idle_ticks >= 0);
}

void denied_set(const struct rig *rig, const struct account *accounts,
		const struct surroundings *before,
		const struct surroundings *after, struct record *result)
{
	int64_t elapsed_ns = record_integer(result, COLUMN_elapsed_ns);
	int64_t others_ns, denied_ns;

	if (!is_known(rig, accounts, before, after))
		return;
	others_ns = by_others(rig, accounts, before, after, elapsed_ns);
	denied_ns = others_ns + by_hypervisor(rig, accounts, before, after);
	denied_ns = larger(denied_ns,
			   after->throttled_ns - before->throttled_ns);
	record_set_integer(result, COLUMN_denied_ns, denied_ns);
	if (others_ns > elapsed_ns / PREEMPTED_SHARE)
		record_add_name(result, COLUMN_flags, "preempted");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The spinning threads. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity.h"
#include "ringbench_clock.h"
#include "doctor_spin.h"
#include "host_files.h"
#include "host_ticks.h"

#define GAP_MIN_NS RINGBENCH_NS_PER_US
#define START_NS                                                    \
	(20 * RINGBENCH_NS_PER_MS) /* time for all threads to start \
				    */

enum {
	LOOKS = 1001, /* reads of the clock that determine the usual time */
	USUAL_TIMES = 10,
};

const int64_t gap_lows_ns[GAP_BUCKETS] = {
	1000,	 3000,	  10000,    30000,    100000,	 300000,
	1000000, 3000000, 10000000, 30000000, 100000000,
};

/* One spinning thread. */
struct spinner {
	pthread_t thread;
	int64_t start_ns; /* common to all threads */
	int64_t duration_ns;
	int cpu;
	int error; /* error of pinning the thread; 0: none */
	struct gaps gaps;
};

void gaps_set_usual(struct gaps *gaps, int64_t usual_ns)
{
	gaps->usual_ns = usual_ns;
	gaps->limit_ns = USUAL_TIMES * usual_ns;
	if (gaps->limit_ns < GAP_MIN_NS)
		gaps->limit_ns = GAP_MIN_NS;
}

void gaps_add(struct gaps *gaps, int64_t ns)
{
	size_t bucket = GAP_BUCKETS - 1;

	if (ns < gaps->limit_ns)
		return;
	while (ns < gap_lows_ns[bucket])
		bucket--;
	gaps->counts[bucket]++;
	gaps->lost_ns += ns - gaps->usual_ns;
	if (ns > gaps->longest_ns)
		gaps->longest_ns = ns;
}

double gaps_share(const struct gaps *gaps)
{
	if (gaps->elapsed_ns <= 0)
		return 0;
	return (double)gaps->lost_ns / (double)gaps->elapsed_ns;
}

static int compare_times(const void *a, const void *b)
{
	const int64_t *left = a;
	const int64_t *right = b;

	return (*left > *right) - (*left < *right);
}

/* Measures the median time between two reads of the clock. */
static int64_t usual_ns(void)
{
	int64_t times[LOOKS];
	int64_t last = ringbench_now_ns();
	size_t i;

	for (i = 0; i < LOOKS; i++) {
		int64_t now = ringbench_now_ns();

		times[i] = now - last;
		last = now;
	}
	qsort(times, LOOKS, sizeof(*times), compare_times);
	return times[LOOKS / 2];
}

static void look_for_gaps(struct gaps *gaps, int64_t duration_ns)
{
	int64_t start = ringbench_now_ns();
	int64_t end = start + duration_ns;
	int64_t last = start;

	while (last < end) {
		int64_t now = ringbench_now_ns();

		if (now - last >= gaps->limit_ns)
			gaps_add(gaps, now - last);
		last = now;
	}
	gaps->elapsed_ns = last - start;
}

static void *spin_thread(void *arg)
{
	struct spinner *spinner = arg;
	struct gaps *gaps = &spinner->gaps;
	int schedstat = host_open_schedstat();
	int64_t before;

	spinner->error = affinity_pin(spinner->cpu);
	gaps_set_usual(gaps, usual_ns());
	before = host_runqueue_ns(schedstat);
	ringbench_sleep_until(spinner->start_ns);
	look_for_gaps(gaps, spinner->duration_ns);
	gaps->runqueue_ns = before < 0 ? -1
				       : host_runqueue_ns(schedstat) - before;
	if (schedstat >= 0)
		close(schedstat);
	return NULL;
}

/* A spinner for every allowed CPU. */
static struct spinner *list_spinners(hwloc_const_bitmap_t allowed,
				     int64_t duration_ns, int *count)
{
	int64_t start_ns = ringbench_now_ns() + START_NS;
	struct spinner *spinners;
	unsigned cpu;

	*count = 0;
	spinners = calloc((size_t)hwloc_bitmap_weight(allowed),
			  sizeof(*spinners));
	if (!spinners)
		abort();
	hwloc_bitmap_foreach_begin(cpu, allowed)
	{
		spinners[(*count)++] = (struct spinner){
			.start_ns = start_ns,
			.duration_ns = duration_ns,
			.cpu = (int)cpu,
		};
	}
	hwloc_bitmap_foreach_end();
	return spinners;
}

/* Keeps the result of one CPU. CPUs that went offline or became forbidden
 * during the check have an error and are skipped by the caller. */
static void keep(struct spin *spin, const struct spinner *spinner)
{
	spin->cpus[spin->count] = spinner->cpu;
	spin->gaps[spin->count] = spinner->gaps;
	spin->count++;
}

/* Returns 0, or the error of the last CPU if no CPU has a result. */
static int spin_all(struct spin *spin, struct spinner *spinners, int count)
{
	int error = 0;
	int i;

	for (i = 0; i < count; i++) {
		error = pthread_create(&spinners[i].thread, NULL, spin_thread,
				       &spinners[i]);
		if (error)
			spinners[i].start_ns = 0; /* never started */
		error = -error;
	}
	for (i = 0; i < count; i++) {
		if (!spinners[i].start_ns)
			continue;
		pthread_join(spinners[i].thread, NULL);
		if (spinners[i].error)
			error = spinners[i].error;
		else
			keep(spin, &spinners[i]);
	}
	if (spin->count)
		return 0;
	return error < 0 ? error : -EINVAL;
}

static void keep_steal(struct spin *spin, int64_t before, int64_t after)
{
	spin->steal_share = -1;
	if (before >= 0 && after >= before && spin->duration_ns)
		spin->steal_share = (double)(after - before) /
				    (double)sysconf(_SC_CLK_TCK) *
				    RINGBENCH_NS_PER_S /
				    (double)spin->duration_ns / spin->count;
}

int spin_run(struct spin *spin, int64_t duration_ns)
{
	hwloc_bitmap_t allowed = affinity_allowed();
	int64_t before[HOST_TICKS], after[HOST_TICKS];
	struct spinner *spinners;
	int count, error;

	memset(spin, 0, sizeof(*spin));
	spin->duration_ns = duration_ns;
	if (!allowed)
		return -errno;
	spinners = list_spinners(allowed, duration_ns, &count);
	spin->cpus = calloc((size_t)count + 1, sizeof(*spin->cpus));
	spin->gaps = calloc((size_t)count + 1, sizeof(*spin->gaps));
	if (!spin->cpus || !spin->gaps)
		abort();
	host_ticks(allowed, before);
	error = spin_all(spin, spinners, count);
	host_ticks(allowed, after);
	if (!error)
		keep_steal(spin, before[TICK_STEAL], after[TICK_STEAL]);
	else
		spin_free(spin);
	free(spinners);
	hwloc_bitmap_free(allowed);
	return error;
}

void spin_free(struct spin *spin)
{
	free(spin->cpus);
	free(spin->gaps);
	memset(spin, 0, sizeof(*spin));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The spinning itself. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "doctor_spin.h"
#include "host_files.h"

#define GAP_MIN_NS RINGBENCH_NS_PER_US
#define START_NS   (20 * RINGBENCH_NS_PER_MS) /* to start all threads */

enum {
	LOOKS = 1001, /* to learn the usual time */
	USUAL_TIMES = 10,
};

const int64_t gap_lows_ns[GAP_BUCKETS] = {
	1000,	 3000,	  10000,    30000,    100000,	 300000,
	1000000, 3000000, 10000000, 30000000, 100000000,
};

/* One spinning thread. */
struct spinner {
	pthread_t thread;
	int64_t start_ns; /* the same for all */
	int64_t duration_ns;
	int cpu;
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

/* The median of the time between two looks at the clock. */
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

/* How long this thread has been ready without a CPU; -1: nobody knows. */
static int64_t runqueue_ns(void)
{
	FILE *file = fopen("/proc/thread-self/schedstat", "re");
	long long waited = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%*d %lld", &waited) != 1)
		waited = -1;
	fclose(file);
	return waited;
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
	int64_t before;

	gaps_set_usual(gaps, usual_ns());
	before = runqueue_ns();
	ringbench_sleep_until(spinner->start_ns);
	look_for_gaps(gaps, spinner->duration_ns);
	gaps->runqueue_ns = before < 0 ? -1 : runqueue_ns() - before;
	return NULL;
}

/* Ticks that the hypervisor kept from the CPUs; -1: nobody knows. */
static int64_t steal_ticks(const struct spinner *spinners, int count)
{
	char text[HOST_TEXT_MAX];
	int64_t sum = 0;
	int i;

	for (i = 0; i < count; i++) {
		char name[32];
		long long ticks;

		snprintf(name, sizeof(name), "cpu%d", spinners[i].cpu);
		host_field(text, sizeof(text), "/proc/stat", name, ' ');
		if (sscanf(text, "%*d %*d %*d %*d %*d %*d %*d %lld", &ticks) !=
		    1)
			return -1;
		sum += ticks;
	}
	return sum;
}

static int start_spinner(struct spinner *spinner)
{
	pthread_attr_t attributes;
	cpu_set_t cpu;
	int error;

	CPU_ZERO(&cpu);
	CPU_SET(spinner->cpu, &cpu);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof(cpu), &cpu);
	error = pthread_create(&spinner->thread, &attributes, spin_thread,
			       spinner);
	pthread_attr_destroy(&attributes);
	return error;
}

/* A spinner for every allowed CPU; NULL with errno set. */
static struct spinner *list_spinners(int64_t duration_ns, int *count)
{
	int64_t start_ns = ringbench_now_ns() + START_NS;
	struct spinner *spinners;
	cpu_set_t allowed;
	int cpu;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return NULL;
	*count = 0;
	spinners = calloc((size_t)CPU_COUNT(&allowed), sizeof(*spinners));
	for (cpu = 0; spinners && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			spinners[(*count)++] = (struct spinner){
				.start_ns = start_ns,
				.duration_ns = duration_ns,
				.cpu = cpu,
			};
	return spinners;
}

/* A CPU may be taken offline, or away from us, at any time: left out then. */
static void keep(struct spin *spin, const struct spinner *spinner)
{
	spin->cpus[spin->count] = spinner->cpu;
	spin->gaps[spin->count] = spinner->gaps;
	spin->count++;
}

static void spin_all(struct spin *spin, struct spinner *spinners, int count)
{
	int64_t before = steal_ticks(spinners, count);
	int64_t stolen;
	int i;

	for (i = 0; i < count; i++)
		if (start_spinner(&spinners[i]))
			spinners[i].start_ns = 0; /* never started */
	for (i = 0; i < count; i++) {
		if (!spinners[i].start_ns)
			continue;
		pthread_join(spinners[i].thread, NULL);
		keep(spin, &spinners[i]);
	}
	stolen = steal_ticks(spinners, count);
	spin->steal_share = -1;
	if (before >= 0 && stolen >= before && spin->duration_ns && count)
		spin->steal_share = (double)(stolen - before) /
				    (double)sysconf(_SC_CLK_TCK) *
				    RINGBENCH_NS_PER_S /
				    (double)spin->duration_ns / count;
}

int spin_run(struct spin *spin, int64_t duration_ns)
{
	struct spinner *spinners;
	int count = 0;

	memset(spin, 0, sizeof(*spin));
	spin->duration_ns = duration_ns;
	spinners = list_spinners(duration_ns, &count);
	if (!spinners)
		return errno ? -errno : -ENOMEM;
	spin->cpus = calloc((size_t)count, sizeof(*spin->cpus));
	spin->gaps = calloc((size_t)count, sizeof(*spin->gaps));
	if (spin->cpus && spin->gaps)
		spin_all(spin, spinners, count);
	free(spinners);
	if (spin->cpus && spin->gaps)
		return 0;
	spin_free(spin);
	return -ENOMEM;
}

void spin_free(struct spin *spin)
{
	free(spin->cpus);
	free(spin->gaps);
	memset(spin, 0, sizeof(*spin));
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "affinity.h"
#include "distance.h"
#include "doctor_checks.h"
#include "doctor_distance.h"
#include "ringbench_clock.h"

/* Time from one sample to the next. */
#define SAMPLE_NS (100 * RINGBENCH_NS_PER_MS)

/* The two threads of one sample. */
struct sample {
	struct distance_lines lines;
	pthread_barrier_t pinned;
	struct bouncer {
		struct sample *sample;
		pthread_t thread;
		int cpu;
		int error;
	} bouncers[2];
};

/* On one CPU the threads would need a time slice for each step, so they measure
 * only if both are pinned. */
static void *bounce(void *arg)
{
	struct bouncer *bouncer = arg;
	struct sample *sample = bouncer->sample;

	bouncer->error = affinity_pin(bouncer->cpu);
	pthread_barrier_wait(&sample->pinned);
	if (sample->bouncers[0].error || sample->bouncers[1].error)
		return NULL;
	if (bouncer == &sample->bouncers[0])
		distance_measure(&sample->lines);
	else
		distance_answer(&sample->lines);
	return NULL;
}

/* Returns 0 or -errno. */
static int take_sample(const int cpus[2], double *ns)
{
	struct sample sample = { .lines = { .round_trip_ns = 0 } };
	int error = 0, started = 0;

	pthread_barrier_init(&sample.pinned, NULL, 2);
	while (started < 2 && !error) {
		struct bouncer *bouncer = &sample.bouncers[started];

		bouncer->sample = &sample;
		bouncer->cpu = cpus[started];
		error = -pthread_create(&bouncer->thread, NULL, bounce,
					bouncer);
		started += !error;
	}
	if (started == 1) {
		/* The main thread replaces the thread that could not be
		 * started. */
		sample.bouncers[1].error = error;
		pthread_barrier_wait(&sample.pinned);
	}
	for (int i = 0; i < started; i++)
		pthread_join(sample.bouncers[i].thread, NULL);
	pthread_barrier_destroy(&sample.pinned);
	for (int i = 0; i < 2 && !error; i++)
		if (sample.bouncers[i].error)
			error = -EINVAL;
	*ns = sample.lines.round_trip_ns;
	return error;
}

int watch_distance(struct watch *watch, const struct topology *topology,
		   int64_t duration_ns)
{
	int64_t start_ns = ringbench_now_ns();
	char reason[TOPOLOGY_REASON_MAX];
	int error = 0;

	memset(watch, 0, sizeof(*watch));
	watch->duration_ns = duration_ns;
	if (topology_place(topology, PLACEMENT_NEAR, watch->cpus, 2, reason) <
	    2)
		return 0;
	while (watch->count < WATCH_SAMPLES_MAX && !error &&
	       ringbench_now_ns() < start_ns + duration_ns) {
		error = take_sample(watch->cpus, &watch->ns[watch->count]);
		watch->count += !error;
		ringbench_sleep_until(start_ns + watch->count * SAMPLE_NS);
	}
	return error;
}

int watch_changes(const struct watch *watch)
{
	int changes = 0;

	for (int i = 1; i < watch->count; i++)
		changes += distance_differs(watch->ns[i - 1], watch->ns[i]);
	return changes;
}

void watch_judge(const struct watch *watch, struct doctor *doctor)
{
	double least = watch->ns[0], most = watch->ns[0];
	int changes = watch_changes(watch);
	struct finding *finding;

	if (!watch->count)
		return;
	for (int i = 1; i < watch->count; i++) {
		least = fmin(least, watch->ns[i]);
		most = fmax(most, watch->ns[i]);
	}
	finding = doctor_add(doctor, "core distance");
	doctor_found(finding,
		     "%.0f to %.0f ns between CPU %d and %d, %d change%s in "
		     "%g s",
		     least, most, watch->cpus[0], watch->cpus[1], changes,
		     changes == 1 ? "" : "s",
		     (double)watch->duration_ns / RINGBENCH_NS_PER_S);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (!changes)
		return;
	snprintf(finding->brief, sizeof(finding->brief),
		 "core distance %.0f to %.0f ns", least, most);
	doctor_judge(finding, DOCTOR_NOTE,
		     "The round trip of a cache line between these CPUs "
		     "changes, usually because a hypervisor moves virtual "
		     "CPUs. Each observation has its distance, and tables "
		     "show each distance separately.",
		     "ringbench doctor --seconds 30; measure with more "
		     "--rounds");
}

json_t *watch_json(const struct watch *watch)
{
	json_t *samples = json_array();

	for (int i = 0; i < watch->count; i++)
		json_array_append_new(samples, json_real(watch->ns[i]));
	return json_pack("{s:[ii], s:i, s:o}", "cpus", watch->cpus[0],
			 watch->cpus[1], "changes", watch_changes(watch),
			 "round_trip_ns", samples);
}

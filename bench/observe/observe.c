/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One observation: threads are made once and run the loops twice, on queues
 * of their own each time: the warm-up, then the timed window. Both phases end
 * the same way, so that the warm-up also tries out the end.
 */
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "account.h"
#include "clock.h"
#include "memory.h"
#include "observe.h"
#include "rig.h"
#include "tally.h"

enum phase {
	PHASE_WARMUP,
	PHASE_WINDOW,
	PHASES
};

/* What the threads share with the main thread; read-only while loops run. */
struct stage {
	const struct cell *cell;
	struct rig rig; /* of the current phase */
	pthread_barrier_t ready;
	pthread_barrier_t done;
	uint32_t *stop; /* on a line of its own */
	struct actor {
		struct stage *stage;
		pthread_t thread;
		int number;
		int error; /* of the pinning */
	} actors[RIG_THREADS_MAX];
	struct account accounts[RIG_THREADS_MAX];
};

/* Pins the calling thread and reads it back: a mask can shrink silently. */
static int pin(const struct cell *cell, int number)
{
	cpu_set_t wanted, found;

	if (cell->cpu_count == 0)
		return 0;
	CPU_ZERO(&wanted);
	CPU_SET(cell->cpus[number % cell->cpu_count], &wanted);
	if (sched_setaffinity(0, sizeof(wanted), &wanted) != 0 ||
	    sched_getaffinity(0, sizeof(found), &found) != 0)
		return -errno;
	return CPU_EQUAL(&wanted, &found) ? 0 : -EINVAL;
}

static void name_thread(const struct rig *rig, int number)
{
	char name[16]; /* the kernel's limit */

	snprintf(name, sizeof(name), "%.9s-%d", rig->parts[number].role,
		 number);
	prctl(PR_SET_NAME, name);
}

static enum phase first_phase(const struct cell *cell)
{
	return cell->warmup_ns ? PHASE_WARMUP : PHASE_WINDOW;
}

static void *actor_main(void *arg)
{
	struct actor *actor = arg;
	struct stage *stage = actor->stage;
	struct account account;
	int schedstat = account_open();

	actor->error = pin(stage->cell, actor->number);
	name_thread(&stage->rig, actor->number);
	for (int phase = first_phase(stage->cell); phase < PHASES; phase++) {
		pthread_barrier_wait(&stage->ready);
		account_start(&account, schedstat);
		stage->rig.parts[actor->number].loop(
			&stage->rig.workers[actor->number]);
		account_stop(&account, schedstat);
		stage->accounts[actor->number] = account;
		pthread_barrier_wait(&stage->done);
	}
	return NULL;
}

/*
 * Faults in the program and its libraries: what runs first in the window, such
 * as the second half of a loop that a preemption splits, must not fault there.
 * Where the kernel is too old for it (before 5.14), a fault flags the row.
 */
static int populate_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + part->p_vaddr;
		uintptr_t first = start & ~(uintptr_t)(page - 1);

		if (part->p_type == PT_LOAD)
			madvise((void *)first, start + part->p_memsz - first,
				part->p_flags & PF_W ? MADV_POPULATE_WRITE
						     : MADV_POPULATE_READ);
	}
	return 0;
}

/* Lets the loops run for so long, then ends them and waits for that. */
static void run_phase(struct stage *stage, enum phase phase)
{
	const struct cell *cell = stage->cell;
	bool counted = phase == PHASE_WINDOW && cell->messages;
	int64_t length = phase == PHASE_WINDOW ? cell->duration_ns
					       : cell->warmup_ns;
	struct timespec end;

	pthread_barrier_wait(&stage->ready);
	if (!counted) {
		end = clock_timespec(clock_now_ns() + length);
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end,
				       NULL) == EINTR)
			;
		store_release(stage->stop, 1);
		rig_close(&stage->rig);
	}
	pthread_barrier_wait(&stage->done);
}

static int set_up(struct stage *stage, enum phase phase,
		  struct observation *observation)
{
	uint64_t limit = UINT64_MAX;
	int error;

	if (phase == PHASE_WINDOW && stage->cell->messages)
		limit = (uint64_t)stage->cell->messages;
	store_relaxed(stage->stop, 0);
	error = rig_create(&stage->rig, stage->cell, limit, stage->stop);
	if (error == -EINVAL)
		observation_fail(observation, "error",
				 "%s cannot have a capacity of %lld",
				 stage->cell->contender.id,
				 (long long)stage->cell->capacity);
	else if (error)
		observation_fail(observation, "error",
				 "cannot create the queues: %s",
				 strerror(-error));
	return error;
}

static int start_actors(struct stage *stage, struct observation *observation)
{
	int threads = stage->rig.threads;
	int error = 0;

	pthread_barrier_init(&stage->ready, NULL, (unsigned)threads + 1);
	pthread_barrier_init(&stage->done, NULL, (unsigned)threads + 1);
	for (int i = 0; i < threads && !error; i++) {
		stage->actors[i].stage = stage;
		stage->actors[i].number = i;
		error = pthread_create(&stage->actors[i].thread, NULL,
				       actor_main, &stage->actors[i]);
	}
	if (error)
		observation_fail(observation, "error",
				 "cannot start %d threads: %s", threads,
				 strerror(error));
	return error;
}

static void check_pinning(const struct stage *stage,
			  struct observation *observation)
{
	for (int i = 0; i < stage->rig.threads; i++)
		if (stage->actors[i].error)
			observation_fail(
				observation, "error",
				"cannot pin thread %d to CPU %d: %s", i,
				stage->cell->cpus[i % stage->cell->cpu_count],
				strerror(-stage->actors[i].error));
}

/* The caller's process ends after this, so threads need not be reaped when
 * something failed half-way. */
static void run_phases(struct stage *stage, struct observation *observation)
{
	enum phase phase = first_phase(stage->cell);

	if (set_up(stage, phase, observation) != 0 ||
	    start_actors(stage, observation) != 0)
		return;
	if (phase == PHASE_WARMUP) {
		run_phase(stage, PHASE_WARMUP);
		rig_destroy(&stage->rig);
		if (set_up(stage, PHASE_WINDOW, observation) != 0)
			return;
	}
	run_phase(stage, PHASE_WINDOW);
	for (int i = 0; i < stage->rig.threads; i++)
		pthread_join(stage->actors[i].thread, NULL);
	tally_observation(&stage->rig, stage->accounts, observation);
	check_pinning(stage, observation);
	rig_destroy(&stage->rig);
}

void observe_cell(const struct cell *cell, struct observation *observation)
{
	struct stage *stage = memory_lines(sizeof(*stage));
	uint32_t *stop = memory_lines(sizeof(*stop));

	if (!stage || !stop)
		abort();
	stage->cell = cell;
	stage->stop = stop;
	dl_iterate_phdr(populate_object, NULL);
	run_phases(stage, observation);
}

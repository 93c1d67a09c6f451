/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "affinity.h"
#include "board.h"
#include "cell.h"
#include "ringbench_clock.h"
#include "host_files.h"
#include "stage.h"

static void name_thread(const struct rig *rig, int number)
{
	char name[16]; /* the kernel's limit */

	snprintf(name, sizeof(name), "%.9s-%d", rig->parts[number].role,
		 number);
	prctl(PR_SET_NAME, name);
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

static void prepare(struct actor *actor)
{
	const struct cell *cell = actor->stage->cell;

	if (cell->cpu_count)
		actor->error = affinity_pin(
			cell->cpus[actor->number % cell->cpu_count]);
	name_thread(&actor->stage->rig, actor->number);
	ringbench_store_relaxed(&board()->thread[actor->number].id, gettid());
}

/* Files of the kernel about the calling thread, or -1. */
struct thread_files {
	int schedstat;
	int sched;
};

static struct thread_files open_files(const struct cell *cell)
{
	struct thread_files files = { host_open_schedstat(), -1 };

	if (cell->cpu_count == 0)
		files.sched = account_open_sched();
	return files;
}

/* What the kernel counted is exact; a thread may also have come back. */
static void count_migrations(struct account *account, int sched, int64_t before)
{
	int64_t after = account_migrations(sched);

	if (before >= 0 && after >= 0)
		account->migrations = after - before;
}

/* Runs the loop once, from the sign that it may to the sign that it has. */
static void act(struct actor *actor, enum phase phase,
		struct thread_files files)
{
	struct stage *stage = actor->stage;
	int number = actor->number;
	struct account account;
	int64_t migrations;

	sem_post(&stage->arrived);
	while (sem_wait(&stage->go[phase]) != 0)
		;
	migrations = account_migrations(files.sched);
	account_start(&account, files.schedstat);
	stage->rig.parts[number].loop(&stage->rig.workers[number]);
	account_stop(&account, files.schedstat);
	count_migrations(&account, files.sched, migrations);
	stage->accounts[number] = account;
	sem_post(&stage->ended[stage->rig.parts[number].stage]);
}

static void *thread_main(void *arg)
{
	struct actor *actor = arg;
	struct thread_files files = open_files(actor->stage->cell);

	prepare(actor);
	for (int phase = actor->stage->cell->warmup_ns ? PHASE_WARMUP
						       : PHASE_WINDOW;
	     phase < PHASES; phase++)
		act(actor, (enum phase)phase, files);
	return NULL;
}

/* A fork copies no page table of shared memory. */
static void populate_shared(void *memory, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = (uintptr_t)memory & ~(page - 1);

	if (memory)
		madvise((void *)first, (uintptr_t)memory + bytes - first,
			MADV_POPULATE_WRITE);
}

static void populate_process(struct stage *stage)
{
	const struct rig *rig = &stage->rig;

	/* Pages that the fork shares are copied now, not in the window. */
	dl_iterate_phdr(populate_object, NULL);
	populate_shared(stage, sizeof(*stage));
	populate_shared(rig->state, rig->state_bytes);
	populate_shared(rig->workers,
			(size_t)rig->threads * sizeof(*rig->workers));
}

/* In the forked process; does not come back. */
static void process_main(struct actor *actor, enum phase phase, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	populate_process(actor->stage);
	prepare(actor);
	act(actor, phase, open_files(actor->stage->cell));
	_exit(EXIT_SUCCESS);
}

static int start_process(struct actor *actor, enum phase phase)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		process_main(actor, phase, parent);
	actor->process = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : errno;
}

bool stage_has_processes(const struct stage *stage)
{
	return stage->rig.processes;
}

static void make_semaphores(struct stage *stage)
{
	sem_init(&stage->arrived, 1, 0);
	for (int i = 0; i < PHASES; i++)
		sem_init(&stage->go[i], 1, 0);
	for (int i = 0; i <= STAGES_MAX; i++)
		sem_init(&stage->ended[i], 1, 0);
}

int actors_go(struct stage *stage, enum phase phase,
	      struct observation *observation)
{
	for (int i = 0; i < stage->rig.threads; i++) {
		struct timespec soon;

		do {
			if (actors_look(stage, false, observation) != 0)
				return -1;
			soon = ringbench_timespec(ringbench_now_ns() +
						  10 * RINGBENCH_NS_PER_MS);
		} while (sem_clockwait(&stage->arrived, CLOCK_MONOTONIC,
				       &soon) != 0);
	}
	board_step(BOARD_RUN);
	stage->go_ns = ringbench_now_ns();
	for (int i = 0; i < stage->rig.threads; i++)
		sem_post(&stage->go[phase]);
	return 0;
}

static void announce(const struct stage *stage)
{
	const struct cell *cell = stage->cell;

	for (int i = 0; i < stage->rig.threads; i++) {
		struct board_thread *thread = &board()->thread[i];

		snprintf(thread->role, sizeof(thread->role), "%s",
			 stage->rig.parts[i].role);
		thread->cpu = cell->cpu_count ? cell->cpus[i % cell->cpu_count]
					      : -1;
		if (stage_has_processes(stage))
			thread->id = 0;
	}
	board()->threads = stage->rig.threads;
}

int actors_start(struct stage *stage, enum phase phase)
{
	bool first = phase == PHASE_WARMUP || !stage->cell->warmup_ns;
	int error = 0;

	if (!first && !stage_has_processes(stage))
		return 0;
	announce(stage);
	if (first)
		dl_iterate_phdr(populate_object, NULL);
	make_semaphores(stage);
	for (int i = 0; i < stage->rig.threads && !error; i++) {
		struct actor *actor = &stage->actors[i];

		actor->stage = stage;
		actor->number = i;
		if (stage_has_processes(stage))
			error = start_process(actor, phase);
		else
			error = pthread_create(&actor->thread, NULL,
					       thread_main, actor);
	}
	return error;
}

static void report_end(struct stage *stage, const struct actor *actor,
		       int status, struct observation *observation)
{
	if (!WIFSIGNALED(status) || stage->broken)
		return;
	stage->broken = true;
	observation_fail(observation, "crashed",
			 "process %s-%d was ended by signal %d (%s)",
			 stage->rig.parts[actor->number].role, actor->number,
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	/* The others need not go on. */
	ringbench_store_release(&stage->stop, 1);
}

int actors_look(struct stage *stage, bool wait, struct observation *observation)
{
	const struct timespec patience = { 0, 100 * RINGBENCH_NS_PER_MS };

	if (wait && stage->broken)
		nanosleep(&patience, NULL);
	for (int i = 0; i < stage->rig.threads; i++) {
		struct actor *actor = &stage->actors[i];
		int status;

		if (!actor->process)
			continue;
		if (wait && stage->broken)
			kill(actor->process, SIGKILL);
		if (waitpid(actor->process, &status, wait ? 0 : WNOHANG) <= 0)
			continue;
		actor->process = 0;
		report_end(stage, actor, status, observation);
	}
	return stage->broken ? -1 : 0;
}

void actors_join(struct stage *stage)
{
	for (int i = 0; i < stage->rig.threads; i++)
		if (!stage_has_processes(stage))
			pthread_join(stage->actors[i].thread, NULL);
}

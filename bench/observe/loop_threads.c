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
#include "loop_threads.h"

static void name_thread(const struct rig *rig, int number)
{
	char name[16]; /* the kernel's limit for the name of a thread */

	snprintf(name, sizeof(name), "%.9s-%d", rig->parts[number].role,
		 number);
	prctl(PR_SET_NAME, name);
}

/*
 * Maps all pages of the program and its libraries. Code that runs for the first
 * time in the window, such as a rare branch of a loop, must not cause a page
 * fault. Kernels before 5.14 cannot do this; a page fault then sets a flag in
 * the row.
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

static void prepare(struct loop_thread *thread)
{
	const struct cell *cell = thread->run->cell;

	if (cell->cpu_count)
		thread->error = affinity_pin(
			cell->cpus[thread->number % cell->cpu_count]);
	name_thread(&thread->run->rig, thread->number);
	ringbench_store_relaxed(&board()->thread[thread->number].id, gettid());
}

/* Files of the kernel that describe the calling thread; -1: not open. */
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

/*
 * The kernel's count is exact. Comparing CPUs misses a thread that came back to
 * its first CPU.
 */
static void count_migrations(struct account *account, int sched, int64_t before)
{
	int64_t after = account_migrations(sched);

	if (before >= 0 && after >= 0)
		account->migrations = after - before;
}

/* Waits for the order to continue. Measures core distances as long as the main
 * thread orders it. */
static void obey(struct loop_thread *thread)
{
	struct observation_run *run = thread->run;

	for (;;) {
		while (sem_wait(&thread->wake) != 0)
			;
		if (thread->order == ORDER_GO_ON)
			return;
		if (thread->order == ORDER_MEASURE)
			distance_measure(&run->lines);
		else
			distance_answer(&run->lines);
		sem_post(&run->arrived);
	}
}

/*
 * Runs the loop for one phase: waits for the start, runs, and reports the end.
 * After the window, waits for the end.
 */
static void run_loop(struct loop_thread *thread, enum phase phase,
		     struct thread_files files)
{
	struct observation_run *run = thread->run;
	int number = thread->number;
	struct account account;
	int64_t migrations;

	sem_post(&run->arrived);
	obey(thread);
	migrations = account_migrations(files.sched);
	account_start(&account, files.schedstat);
	run->rig.parts[number].loop(&run->rig.workers[number]);
	account_stop(&account, files.schedstat);
	count_migrations(&account, files.sched, migrations);
	run->accounts[number] = account;
	sem_post(&run->ended[run->rig.parts[number].stage]);
	if (phase == PHASE_WINDOW)
		obey(thread);
}

static void *thread_main(void *arg)
{
	struct loop_thread *thread = arg;
	struct thread_files files = open_files(thread->run->cell);

	prepare(thread);
	for (int phase = thread->run->cell->warmup_ns ? PHASE_WARMUP
						      : PHASE_WINDOW;
	     phase < PHASES; phase++)
		run_loop(thread, (enum phase)phase, files);
	return NULL;
}

/*
 * A fork does not copy the page tables of shared memory, so the child maps the
 * pages again.
 */
static void populate_shared(void *memory, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = (uintptr_t)memory & ~(page - 1);

	if (memory)
		madvise((void *)first, (uintptr_t)memory + bytes - first,
			MADV_POPULATE_WRITE);
}

static void populate_process(struct observation_run *run)
{
	const struct rig *rig = &run->rig;

	/* Copy-on-write pages are copied now, not in the window. */
	dl_iterate_phdr(populate_object, NULL);
	populate_shared(run, sizeof(*run));
	populate_shared(rig->state, rig->state_bytes);
	if (rig->channels_bytes)
		populate_shared(rig->channels, rig->channels_bytes);
	populate_shared(rig->workers,
			(size_t)rig->threads * sizeof(*rig->workers));
}

/* The main function of a forked process. Does not return. */
static void process_main(struct loop_thread *thread, enum phase phase,
			 pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	populate_process(thread->run);
	prepare(thread);
	run_loop(thread, phase, open_files(thread->run->cell));
	_exit(EXIT_SUCCESS);
}

static int start_process(struct loop_thread *thread, enum phase phase)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		process_main(thread, phase, parent);
	thread->process = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : errno;
}

bool run_has_processes(const struct observation_run *run)
{
	return run->rig.processes;
}

static void make_semaphores(struct observation_run *run)
{
	sem_init(&run->arrived, 1, 0);
	for (int i = 0; i < run->rig.threads; i++)
		sem_init(&run->threads[i].wake, 1, 0);
	for (int i = 0; i <= STAGES_MAX; i++)
		sem_init(&run->ended[i], 1, 0);
}

/* Consumes one post. Returns like loop_threads_check(). */
static int await(struct observation_run *run, sem_t *posted,
		 struct observation *observation)
{
	struct timespec soon;

	do {
		if (loop_threads_check(run, false, observation) != 0)
			return -1;
		soon = ringbench_timespec(ringbench_now_ns() +
					  10 * RINGBENCH_NS_PER_MS);
	} while (sem_clockwait(posted, CLOCK_MONOTONIC, &soon) != 0);
	return 0;
}

int loop_threads_await(struct observation_run *run,
		       struct observation *observation)
{
	for (int i = 0; i < run->rig.threads; i++)
		if (await(run, &run->arrived, observation) != 0)
			return -1;
	return 0;
}

int loop_threads_await_ends(struct observation_run *run,
			    struct observation *observation)
{
	for (int i = 0; i < run->rig.threads; i++)
		if (await(run, &run->ended[run->rig.parts[i].stage],
			  observation) != 0)
			return -1;
	return 0;
}

static void give_order(struct loop_thread *thread, enum order_to_thread order)
{
	thread->order = order;
	sem_post(&thread->wake);
}

void loop_threads_release(struct observation_run *run)
{
	for (int i = 0; i < run->rig.threads; i++)
		give_order(&run->threads[i], ORDER_GO_ON);
}

int loop_threads_measure(struct observation_run *run, int first, int second,
			 struct observation *observation)
{
	memset(&run->lines, 0, sizeof(run->lines));
	give_order(&run->threads[second], ORDER_ANSWER);
	give_order(&run->threads[first], ORDER_MEASURE);
	for (int i = 0; i < 2; i++)
		if (await(run, &run->arrived, observation) != 0)
			return -1;
	return 0;
}

static void describe_threads(const struct observation_run *run)
{
	const struct cell *cell = run->cell;

	for (int i = 0; i < run->rig.threads; i++) {
		struct board_thread *thread = &board()->thread[i];

		snprintf(thread->role, sizeof(thread->role), "%s",
			 run->rig.parts[i].role);
		thread->cpu = cell->cpu_count ? cell->cpus[i % cell->cpu_count]
					      : -1;
		if (run_has_processes(run))
			thread->id = 0;
	}
	board()->threads = run->rig.threads;
}

int loop_threads_start(struct observation_run *run, enum phase phase)
{
	bool first = phase == PHASE_WARMUP || !run->cell->warmup_ns;
	int error = 0;

	if (!first && !run_has_processes(run))
		return 0;
	describe_threads(run);
	if (first)
		dl_iterate_phdr(populate_object, NULL);
	make_semaphores(run);
	for (int i = 0; i < run->rig.threads && !error; i++) {
		struct loop_thread *thread = &run->threads[i];

		thread->run = run;
		thread->number = i;
		if (run_has_processes(run))
			error = start_process(thread, phase);
		else
			error = pthread_create(&thread->handle, NULL,
					       thread_main, thread);
	}
	return error;
}

static void report_end(struct observation_run *run,
		       const struct loop_thread *thread, int status,
		       struct observation *observation)
{
	if (!WIFSIGNALED(status) || run->crashed)
		return;
	run->crashed = true;
	observation_fail(observation, "crashed",
			 "process %s-%d was ended by signal %d (%s)",
			 run->rig.parts[thread->number].role, thread->number,
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	/* The other processes may stop as well. */
	ringbench_store_release(&run->stop, 1);
}

int loop_threads_check(struct observation_run *run, bool wait,
		       struct observation *observation)
{
	const struct timespec patience = { 0, 100 * RINGBENCH_NS_PER_MS };

	if (wait && run->crashed)
		nanosleep(&patience, NULL);
	for (int i = 0; i < run->rig.threads; i++) {
		struct loop_thread *thread = &run->threads[i];
		int status;

		if (!thread->process)
			continue;
		if (wait && run->crashed)
			kill(thread->process, SIGKILL);
		if (waitpid(thread->process, &status, wait ? 0 : WNOHANG) <= 0)
			continue;
		thread->process = 0;
		report_end(run, thread, status, observation);
	}
	return run->crashed ? -1 : 0;
}

void loop_threads_join(struct observation_run *run)
{
	for (int i = 0; i < run->rig.threads; i++)
		if (!run_has_processes(run))
			pthread_join(run->threads[i].handle, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One observation:
 * 1. the core distance,
 * 2. the warm-up: create queues, run the loops, end them, destroy the queues,
 * 3. the timed window: the same steps with new queues,
 * 4. the core distance again, verification, and the columns of the row.
 *
 * The warm-up ends with the same steps as the window, so that this code has run
 * before the window.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "cell.h"
#include "ringbench_clock.h"
#include "ringbench_shared_memory.h"
#include "denied.h"
#include "footprint.h"
#include "observe.h"
#include "loop_threads.h"
#include "surroundings.h"
#include "tally.h"

/*
 * Period of the main thread's checks during a phase, and of its tries to push a
 * sentinel to a full queue.
 */
#define WATCH_NS RINGBENCH_NS_PER_MS
#define ROOM_NS	 (50 * RINGBENCH_NS_PER_US)

/*
 * Sleeps until the end of the phase. If the scenario has a watch function or
 * the loops run in processes, wakes up every WATCH_NS to check.
 */
static void watch_phase(struct observation_run *run, int64_t end_ns,
			struct observation *observation)
{
	void (*watch)(struct rig *) = run->cell->scenario->watch;
	bool looks = watch || run_has_processes(run);

	while (looks && ringbench_now_ns() + WATCH_NS < end_ns) {
		ringbench_sleep_until(ringbench_now_ns() + WATCH_NS);
		if (watch)
			watch(&run->rig);
		if (loop_threads_check(run, false, observation) != 0)
			return;
	}
	ringbench_sleep_until(end_ns);
}

static void request_stop(struct observation_run *run)
{
	board_step(BOARD_CLOSE);
	run->rig.request_ns = ringbench_now_ns();
	ringbench_store_release(&run->stop, 1);
	if (!rig_ends_by_sentinel(&run->rig))
		rig_close(&run->rig);
}

/* Number of threads of a stage. The sources are stage 0. */
static int stage_width(const struct rig *rig, int number)
{
	int width = 0;

	for (int i = 0; i < rig->threads; i++)
		width += rig->parts[i].stage == number;
	return width;
}

static void feed_sentinel(struct observation_run *run, int number)
{
	struct channel *in = run->rig.workers[number].in;

	/*
	 * Consumers still drain the queue, and the producers have exited, so a
	 * slot becomes free.
	 */
	while (!run->rig.backend->feed(in, WORD_SENTINEL))
		ringbench_sleep_until(ringbench_now_ns() + ROOM_NS);
}

/*
 * For each stage in turn: waits until all its threads have ended, then pushes
 * one sentinel for each thread of the next stage.
 */
static void wait_for_ends(struct observation_run *run)
{
	struct rig *rig = &run->rig;
	bool feeds = rig_ends_by_sentinel(rig) &&
		     !rig->workers[0].sentinel_flag;

	for (int number = 0; number <= STAGES_MAX; number++) {
		for (int i = stage_width(rig, number); i > 0; i--)
			while (sem_wait(&run->ended[number]) != 0)
				;
		for (int i = 0; feeds && i < rig->threads; i++)
			if (rig->parts[i].stage == number + 1)
				feed_sentinel(run, i);
	}
}

static enum phase first_phase(const struct cell *cell)
{
	return cell->warmup_ns ? PHASE_WARMUP : PHASE_WINDOW;
}

/* Threads that are not on their CPUs do not measure: two spinning threads on
 * one CPU need a time slice for each step. */
static bool is_pinned(const struct observation_run *run)
{
	for (int i = 0; i < run->rig.threads; i++)
		if (run->threads[i].error)
			return false;
	return true;
}

/* Measures one pair of CPUs after the other, while all other threads sleep.
 * Returns 0, or -1 with the observation failed. */
static int measure_distance(struct observation_run *run,
			    enum distance_when when,
			    struct observation *observation)
{
	board_step(BOARD_DISTANCE);
	if (when == DISTANCE_BEFORE)
		core_distance_plan(&run->distance, &run->rig);
	for (int i = 0; i < run->distance.count && is_pinned(run); i++) {
		struct distance_pair *pair = &run->distance.pairs[i];

		if (loop_threads_measure(run, pair->threads[0],
					 pair->threads[1], observation) != 0)
			return -1;
		pair->ns[when] = run->lines.round_trip_ns;
	}
	return 0;
}

/* Reaps the processes of the phase. Returns 0, or -1 with the observation
 * failed. */
static int end_processes(struct observation_run *run,
			 struct observation *observation)
{
	if (run_has_processes(run))
		loop_threads_check(run, true, observation);
	return record_has(&observation->result, COLUMN_status) ? -1 : 0;
}

/*
 * Runs the loops for the length of the phase, ends them, and waits for their
 * end. Returns 0, or -1 with the observation failed.
 */
static int run_phase(struct observation_run *run, enum phase phase,
		     struct observation *observation)
{
	const struct cell *cell = run->cell;
	bool counted = phase == PHASE_WINDOW && cell->messages;
	int64_t length = phase == PHASE_WINDOW ? cell->duration_ns
					       : cell->warmup_ns;

	if (loop_threads_await(run, observation) != 0 ||
	    (phase == first_phase(cell) &&
	     measure_distance(run, DISTANCE_BEFORE, observation) != 0))
		return end_processes(run, observation);
	surroundings_read(&run->before, cell);
	board_step(BOARD_RUN);
	run->go_ns = ringbench_now_ns();
	loop_threads_release(run);
	if (!counted) {
		watch_phase(run, ringbench_now_ns() + length, observation);
		request_stop(run);
	}
	board_step(BOARD_DRAIN);
	if (!run_has_processes(run))
		wait_for_ends(run);
	else if (loop_threads_await_ends(run, observation) != 0)
		return end_processes(run, observation);
	surroundings_read(&run->after, cell);
	if (phase == PHASE_WINDOW) {
		if (measure_distance(run, DISTANCE_AFTER, observation) != 0)
			return end_processes(run, observation);
		loop_threads_release(run);
	}
	return end_processes(run, observation);
}

/* A possible cause of a system error. */
static const char *hint(int error)
{
	return error == EPERM || error == EACCES || error == ENOSYS
		       ? "; a sandbox may have refused a necessary system "
			 "call"
		       : "";
}

/*
 * Without a working clock_nanosleep() the window would end at once, without an
 * error.
 */
static int check_sleep(struct observation *observation)
{
	const struct timespec past = { 0 };
	int error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past,
				    NULL);

	if (error == 0 || error == EINTR)
		return 0;
	observation_fail(observation, "error", "clock_nanosleep: %s%s",
			 strerror(error), hint(error));
	return -1;
}

static int set_up(struct observation_run *run, enum phase phase,
		  struct observation *observation)
{
	uint64_t limit = UINT64_MAX;
	int error;

	if (phase == PHASE_WINDOW && run->cell->messages)
		limit = (uint64_t)run->cell->messages;
	ringbench_store_relaxed(&run->stop, 0);
	board()->in_window = phase == PHASE_WINDOW;
	board_step(BOARD_CREATE);
	error = rig_create(&run->rig, run->cell, limit, &run->stop);
	if (error == -EINVAL)
		observation_fail(observation, "error",
				 "%s cannot have a capacity of %lld",
				 run->cell->choice.id,
				 (long long)run->cell->capacity);
	else if (error == -ENOBUFS)
		observation_fail(
			observation, "error",
			"the limits of this machine keep %s from a "
			"capacity of %lld; choose a smaller --capacity",
			run->cell->choice.id, (long long)run->cell->capacity);
	else if (error && *run->rig.reason)
		observation_fail(observation, "error", "cannot set up: %s",
				 run->rig.reason);
	else if (error)
		observation_fail(observation, "error", "cannot set up %s: %s%s",
				 run->cell->choice.id ? run->cell->choice.id
						      : run->cell->scenario->id,
				 strerror(-error), hint(-error));
	if (error)
		return error;
	board_step(BOARD_START_THREADS);
	error = loop_threads_start(run, phase);
	if (error)
		observation_fail(
			observation, "error", "cannot start %d threads: %s%s",
			run->rig.threads, strerror(error), hint(error));
	return error;
}

/*
 * Compares the threads' clocks with the main thread's clock: a thread must
 * start after its release and end before it is joined.
 */
static void check_clocks(const struct observation_run *run,
			 struct observation *observation)
{
	int64_t joined_ns = ringbench_now_ns();

	for (int i = 0; i < run->rig.threads; i++) {
		const struct account *account = &run->accounts[i];

		if (account->start_ns < run->go_ns ||
		    account->start_ns + account->elapsed_ns > joined_ns)
			record_add_name(&observation->result, COLUMN_flags,
					"overrun");
	}
}

static void check_pinning(const struct observation_run *run,
			  struct observation *observation)
{
	for (int i = 0; i < cell_threads(run->cell); i++)
		if (run->threads[i].error)
			observation_fail(
				observation, "error",
				"cannot pin thread %d to CPU %d: %s; choose "
				"--placement any",
				i, run->cell->cpus[i % run->cell->cpu_count],
				run->threads[i].error > 0
					? "the system gave it other CPUs"
					: strerror(-run->threads[i].error));
}

/*
 * The process ends after this function, so threads need not be joined after an
 * error. Resources of a scenario outside the process, such as a folder, must be
 * released: rig_destroy().
 */
static void run_phases(struct observation_run *run,
		       struct observation *observation)
{
	enum phase phase = first_phase(run->cell);
	struct footprint held;
	int64_t files;
	int error = 0, threads;

	for (; phase < PHASES && !error; phase++) {
		footprint_read(&held);
		files = held.files;
		if (set_up(run, phase, observation) != 0)
			return;
		/*
		 * The queues' memory is part of the measurement before the
		 * window; the queues' file descriptors are not.
		 */
		footprint_read(&held);
		held.files = files;
		error = run_phase(run, phase, observation);
		if (!error && phase == PHASE_WINDOW) {
			loop_threads_join(run);
			board_step(BOARD_VERIFY);
			tally_observation(&run->rig, run->accounts,
					  observation);
			core_distance_set(&run->distance, observation);
			denied_set(&run->rig, run->accounts, &run->before,
				   &run->after, &observation->result);
			surroundings_flag(&run->before, &run->after,
					  &observation->result);
			check_clocks(run, observation);
			check_pinning(run, observation);
		}
		threads = run->rig.threads;
		board_step(BOARD_DESTROY);
		rig_destroy(&run->rig);
		if (!error && phase == PHASE_WINDOW &&
		    footprint_grew(&held, threads))
			record_add_name(&observation->result, COLUMN_flags,
					"leaks");
	}
}

void observe_cell(const struct cell *cell, struct observation *observation)
{
	struct observation_run *run = ringbench_alloc_shared(sizeof(*run));

	if (!run)
		abort();
	run->cell = cell;
	if (check_sleep(observation) == 0)
		run_phases(run, observation);
	board_step(BOARD_END);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "cell.h"
#include "after_run.h"
#include "ringbench_clock.h"
#include "rig.h"
#include "stall.h"
#include "tally.h"

enum {
	/*
	 * Smallest number of laps around the ring. With fewer laps the queue
	 * seldom becomes full or empty, and the measurement is too favourable.
	 */
	LAPS_MIN = 64,
	/* With 100 messages, one message more or less is 1 %. */
	MESSAGES_MIN = 100,
	/*
	 * With 25 time slices of threads that share a CPU, the last time slice
	 * is 4 % of the window.
	 */
	TURNS_MIN = 25,
};

/* A time slice: usually 3 ms, and it ends at a scheduler tick of 4 ms. */
#define TURN_NS (4 * RINGBENCH_NS_PER_MS)

/*
 * Whether blocking system calls of the thread may have slept unseen; see
 * waitclock.h.
 */
static bool slept_unseen(const struct worker *worker)
{
	return worker->empty.weight == WAITCLOCK_UNSEEN ||
	       worker->full.weight == WAITCLOCK_UNSEEN;
}

/*
 * Sets the wait of a thread that may have slept unseen: the time that it slept
 * in the window, because it sleeps only in waits. A thread that pushes and pops
 * (pingpong) waits only for messages, because its single message never fills a
 * queue.
 */
static void count_sleep(struct worker *worker, const struct account *account)
{
	bool pops = worker->empty.weight == WAITCLOCK_UNSEEN;
	struct waitclock *clock = pops ? &worker->empty : &worker->full;
	int64_t asleep = account->elapsed_ns - account->cpu_ns -
			 account->runqueue_ns;

	if (!slept_unseen(worker) || account->runqueue_ns < 0 || asleep < 0)
		return;
	clock->waits += (uint64_t)account->vol_switches;
	clock->total_ns += asleep;
	clock->kernel_ns += asleep;
}

/*
 * Sets the wait columns of one thread. They stay empty for a backend with
 * BACKEND_CLAIMS: its operations wait inside the library, where the wait is not
 * measured. They also stay empty if the thread may have slept unseen and the
 * kernel does not say how long the thread was ready.
 */
static void tally_waits(const struct backend *backend,
			const struct worker *worker,
			const struct account *account, struct record *thread)
{
	int64_t empty = worker->empty.total_ns, full = worker->full.total_ns;
	int64_t busy = account->elapsed_ns - empty - full - worker->pace_ns;

	if ((backend && backend->flags & BACKEND_CLAIMS) ||
	    (slept_unseen(worker) && account->runqueue_ns < 0))
		return;
	record_set_integer(thread, THREAD_wait_empty_ns, empty);
	record_set_integer(thread, THREAD_wait_full_ns, full);
	record_set_integer(thread, THREAD_wait_empty_kernel_ns,
			   worker->empty.kernel_ns);
	record_set_integer(thread, THREAD_wait_full_kernel_ns,
			   worker->full.kernel_ns);
	record_set_integer(thread, THREAD_wait_pace_ns, worker->pace_ns);
	record_set_integer(thread, THREAD_wait_pace_cpu_ns,
			   worker->pace_cpu_ns);
	record_set_integer(thread, THREAD_wait_scaled_ns,
			   worker->empty.scaled_ns + worker->full.scaled_ns);
	record_set_integer(thread, THREAD_waits,
			   (int64_t)(worker->empty.waits + worker->full.waits));
	record_set_integer(thread, THREAD_busy_ns, busy > 0 ? busy : 0);
	record_set_integer(thread, THREAD_empty_tries,
			   (int64_t)worker->empty.tries);
	record_set_integer(thread, THREAD_full_tries,
			   (int64_t)worker->full.tries);
	record_set_integer(thread, THREAD_timeouts, (int64_t)worker->timeouts);
}

/* Sets the CPU columns of one thread. */
static void tally_cpu(const struct account *account, struct record *thread)
{
	int64_t ticks = account->user_ns + account->sys_ns;
	int64_t asleep;

	record_set_integer(thread, THREAD_cpu_ns, account->cpu_ns);
	if (ticks > 0) {
		double user = (double)account->user_ns / (double)ticks;
		int64_t user_ns = (int64_t)(user * (double)account->cpu_ns);

		record_set_integer(thread, THREAD_cpu_user_ns, user_ns);
		record_set_integer(thread, THREAD_cpu_sys_ns,
				   account->cpu_ns - user_ns);
	}
	if (!account->unknown) {
		record_set_integer(thread, THREAD_vol_switches,
				   account->vol_switches);
		record_set_integer(thread, THREAD_invol_switches,
				   account->invol_switches);
		record_set_integer(thread, THREAD_page_faults,
				   account->page_faults);
	}
	if (account->runqueue_ns < 0)
		return;
	asleep = account->elapsed_ns - account->cpu_ns - account->runqueue_ns;
	record_set_integer(thread, THREAD_runqueue_ns, account->runqueue_ns);
	record_set_integer(thread, THREAD_asleep_ns, asleep > 0 ? asleep : 0);
}

/*
 * busy_ns and asleep_ns are remainders, so the sums are always consistent.
 * These checks find inconsistent parts and flag the row.
 */
static void check_thread(const struct worker *worker,
			 const struct account *account, struct record *result)
{
	const struct waitclock *empty = &worker->empty, *full = &worker->full;
	int64_t waits = empty->total_ns + full->total_ns + worker->pace_ns;
	int64_t scaled = empty->scaled_ns + full->scaled_ns;
	int64_t elapsed = account->elapsed_ns;
	int64_t percent = elapsed / 100;
	int64_t accounted = account->cpu_ns;

	if (account->runqueue_ns > 0)
		accounted += account->runqueue_ns;
	/* Sampled waits may be wrong by 3 % of the elapsed time. */
	if (waits > elapsed + (scaled ? 3 * percent : 0))
		record_add_name(result, COLUMN_flags, "waits_exceed_elapsed");
	if (accounted > elapsed + percent)
		record_add_name(result, COLUMN_flags, "cpu_exceeds_elapsed");
	/*
	 * The thread never slept, but for more than 1 % of the time it was
	 * neither running nor runnable.
	 */
	if (!account->unknown && account->vol_switches == 0 &&
	    account->runqueue_ns >= 0 && elapsed - accounted > percent)
		record_add_name(result, COLUMN_flags, "stolen");
	if (account->page_faults)
		record_add_name(result, COLUMN_flags, "page_faults");
}

/* Whether a thread migrated to another CPU. */
static bool has_moved(const struct rig *rig, const struct account *accounts)
{
	for (int i = 0; i < rig->threads; i++)
		if (accounts[i].migrations > 0)
			return true;
	return false;
}

/*
 * Sums each column over the threads into the result column of the same name. If
 * a thread lacks a value, the result lacks the value too: the sum of the other
 * threads would look like the total.
 */
static void add_up(struct observation *observation)
{
	for (size_t i = THREAD_busy_ns; i < THREAD_COLUMN_COUNT; i++) {
		const char *name = threads_schema.columns[i].name;
		int column = schema_find(&results_schema, name);
		bool known = column >= 0;
		int64_t sum = 0;

		for (int t = 0; known && t < observation->thread_count; t++) {
			known = record_has(&observation->threads[t], (int)i);
			sum += record_integer(&observation->threads[t], (int)i);
		}
		if (known)
			record_set_integer(&observation->result, column, sum);
	}
}

/*
 * The CPU time of the sources and of the stages after them. A thread that
 * pushes and pops the same messages (pingpong) is a source.
 */
static void tally_sides(const struct rig *rig, const struct account *accounts,
			int64_t elapsed_ns, struct record *result)
{
	static const int shares[] = { COLUMN_cpu_push_share,
				      COLUMN_cpu_pop_share };
	static const int per_message[] = { COLUMN_cpu_push_ns_per_msg,
					   COLUMN_cpu_pop_ns_per_msg };
	double messages = record_number(result, COLUMN_messages);
	int64_t cpu_ns[2] = { 0, 0 };
	bool present[2] = { false, false };

	for (int i = 0; i < rig->threads; i++) {
		bool pops = rig->parts[i].stage > 0;

		cpu_ns[pops] += accounts[i].cpu_ns -
				rig->workers[i].pace_cpu_ns;
		present[pops] = true;
	}
	for (int pops = 0; pops < 2 && elapsed_ns > 0; pops++) {
		double cpu = cpu_ns[pops] > 0 ? (double)cpu_ns[pops] : 0;

		if (!present[pops])
			continue;
		record_set_real(result, shares[pops], cpu / (double)elapsed_ns);
		if (messages > 0)
			record_set_real(result, per_message[pops],
					cpu / messages);
	}
	if (messages > 0 && record_has(result, COLUMN_vol_switches))
		record_set_real(result, COLUMN_switches_per_msg,
				(record_number(result, COLUMN_vol_switches) +
				 record_number(result, COLUMN_invol_switches)) /
					messages);
}

static void tally_thread(struct rig *rig, const struct account *accounts,
			 int number, int64_t first_ns,
			 struct observation *observation)
{
	const struct account *account = &accounts[number];
	const struct cell *cell = rig->cell;
	struct record *thread;
	char name[64];

	snprintf(name, sizeof(name), "%s-%d", rig->parts[number].role, number);
	thread = observation_add_thread(observation, name);
	if (cell->cpu_count)
		record_set_integer(thread, THREAD_cpu,
				   cell->cpus[number % cell->cpu_count]);
	record_set_integer(thread, THREAD_start_ns,
			   account->start_ns - first_ns);
	record_set_integer(thread, THREAD_elapsed_ns, account->elapsed_ns);
	record_set_integer(thread, THREAD_messages,
			   (int64_t)rig->workers[number].messages);
	tally_waits(rig->backend, &rig->workers[number], account, thread);
	tally_cpu(account, thread);
	check_thread(&rig->workers[number], account, &observation->result);
}

/*
 * Time from the first start to the last end of all threads; *first_ns is the
 * first start.
 */
static int64_t window(const struct rig *rig, const struct account *accounts,
		      int64_t *first_ns)
{
	int64_t last_ns = 0;

	*first_ns = accounts[0].start_ns;
	for (int i = 0; i < rig->threads; i++) {
		int64_t end_ns = accounts[i].start_ns + accounts[i].elapsed_ns;

		if (accounts[i].start_ns < *first_ns)
			*first_ns = accounts[i].start_ns;
		if (end_ns > last_ns)
			last_ns = end_ns;
	}
	return last_ns - *first_ns;
}

/*
 * The window is longer than planned if the process was stopped or the clock of
 * a thread is wrong. If sentinels end the cell, the remaining messages are
 * processed after the stop request; this has no planned length.
 */
static bool has_overrun(const struct rig *rig, int64_t first_ns,
			int64_t elapsed_ns)
{
	int64_t planned_ns = rig->cell->duration_ns;

	if (rig->cell->messages || !rig->request_ns)
		return false;
	if (rig_ends_by_sentinel(rig))
		elapsed_ns = rig->request_ns - first_ns;
	return elapsed_ns > planned_ns + planned_ns / 20 &&
	       elapsed_ns > planned_ns + OVERRUN_NS;
}

static void flag_environment(const struct rig *rig,
			     const struct account *accounts, int64_t elapsed_ns,
			     struct record *result)
{
	const struct cell *cell = rig->cell;
	const struct backend *backend = rig->backend;
	int64_t usable = (int64_t)rig->channels[0].capacity_usable;
	int cpus = rig_cpus(rig);
	bool shared = cpus && rig->threads > cpus;

	if (shared)
		record_add_name(result, COLUMN_flags, "oversubscribed");
	if ((record_integer(result, COLUMN_messages) < MESSAGES_MIN &&
	     !cell->scenario->waits) ||
	    (shared && elapsed_ns < TURNS_MIN * TURN_NS))
		record_add_name(result, COLUMN_flags, "too_short");
	if (!cell->cpu_count && has_moved(rig, accounts))
		record_add_name(result, COLUMN_flags, "migrated");
	if (!cell->scenario->waits && rig_stalled(rig, accounts))
		record_add_name(result, COLUMN_flags, "stalled");
	if (rig->queues && rig_starved(rig))
		record_add_name(result, COLUMN_flags, "starved");
	if (backend && !(backend->flags & BACKEND_LIFO) &&
	    backend_order(backend->flags,
			  cell->producers * cell->consumers > 1) == ORDER_ANY)
		record_add_name(result, COLUMN_flags, "not_fifo");
	if (!rig->queues || !backend ||
	    backend->flags & (BACKEND_NOT_A_QUEUE | BACKEND_UNBOUNDED))
		return;
	if (usable != cell->capacity)
		record_add_name(result, COLUMN_flags, "capacity_rounded");
	if (rig->must_wrap &&
	    record_integer(result, COLUMN_messages) < LAPS_MIN * usable)
		record_add_name(result, COLUMN_flags, "few_laps");
}

static void tally_verification(struct rig *rig, struct observation *observation)
{
	struct record *result = &observation->result;
	struct verification verification = { 0 };

	rig->cell->scenario->verify(rig, &verification);
	record_set_integer(result, COLUMN_messages,
			   (int64_t)verification.messages);
	record_set_text(result, COLUMN_status, "ok");
	if (rig->backend && rig->backend->flags & BACKEND_NOT_A_QUEUE)
		return; /* the backend is not a queue: nothing to verify */
	if (verification.error)
		observation_fail(observation, "error", "%s",
				 verification.error);
	if (verification.unverifiable || verification.error)
		return;
	if (!verification.failure)
		verification.failure = after_run_failure(rig);
	record_set_integer(result, COLUMN_lost, (int64_t)verification.lost);
	record_set_integer(result, COLUMN_repeated,
			   (int64_t)verification.repeated);
	record_set_integer(result, COLUMN_reordered,
			   (int64_t)verification.reordered);
	record_set_integer(result, COLUMN_left_over,
			   (int64_t)verification.left_over);
	record_set_integer(result, COLUMN_verified, 1);
	if (verification.lost || verification.repeated ||
	    verification.reordered) {
		record_set_integer(result, COLUMN_verified, 0);
		observation_fail(observation, "failed",
				 "lost %llu, repeated %llu, reordered %llu of "
				 "%llu messages%s%s",
				 (unsigned long long)verification.lost,
				 (unsigned long long)verification.repeated,
				 (unsigned long long)verification.reordered,
				 (unsigned long long)verification.messages,
				 *verification.first ? "; " : "",
				 verification.first);
	} else if (verification.failure) {
		record_set_integer(result, COLUMN_verified, 0);
		observation_fail(observation, "failed", "%s",
				 verification.failure);
	} else if (verification.messages == 0) {
		record_clear(result, COLUMN_verified);
		observation_fail(observation, "error",
				 "no message passed in the window; make "
				 "--duration longer");
	}
}

void tally_observation(struct rig *rig, const struct account *accounts,
		       struct observation *observation)
{
	struct record *result = &observation->result;
	int64_t first_ns, elapsed_ns = window(rig, accounts, &first_ns);

	for (int i = 0; i < rig->threads; i++)
		count_sleep(&rig->workers[i], &accounts[i]);
	tally_verification(rig, observation);
	record_set_integer(result, COLUMN_elapsed_ns, elapsed_ns);
	if (rig->request_ns)
		record_set_integer(result, COLUMN_stop_ns,
				   first_ns + elapsed_ns - rig->request_ns);
	if (rig->queues)
		record_set_integer(result, COLUMN_capacity_usable,
				   (int64_t)rig->channels[0].capacity_usable);
	for (int i = 0; i < rig->threads; i++)
		tally_thread(rig, accounts, i, first_ns, observation);
	add_up(observation);
	tally_sides(rig, accounts, elapsed_ns, result);
	if (rig->cell->scenario->set_metrics)
		rig->cell->scenario->set_metrics(rig, result);
	if (has_overrun(rig, first_ns, elapsed_ns))
		record_add_name(result, COLUMN_flags, "overrun");
	flag_environment(rig, accounts, elapsed_ns, result);
}

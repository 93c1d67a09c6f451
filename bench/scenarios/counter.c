/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counter: no queue. Threads, or processes with shared memory, change the same
 * numbers, with or without synchronisation. Meanwhile the main thread reads the
 * numbers without a lock.
 *
 * One iteration adds 1 to each of the tutorial's three numbers. With
 * work=balance, threads with an even number add 1 and threads with an odd
 * number subtract 1. Without synchronisation, updates are lost. This is a
 * result of the measurement, not a failure.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include <ck_spinlock.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "ringbench_shared_memory.h"
#include "share.h"

enum {
	NUMBERS = 3,
};

/* Values of the parameters, in the order of their names below. */
enum sync_kind {
	SYNC_NONE = 1,
	SYNC_MUTEX,
	SYNC_SPINLOCK,
	SYNC_ATOMIC,
	SYNC_CK,
	SYNC_SHARDED,
};

enum lock_kind {
	LOCK_ELEMENT = 1,
	LOCK_LIST,
};

enum work_kind {
	WORK_NUMBERS = 1,
	WORK_BALANCE,
};

static const char *const sync_names[] = { "none",   "mutex", "spinlock",
					  "atomic", "ck",    "sharded",
					  NULL };
static const char *const lock_names[] = { "element", "list", NULL };
static const char *const work_names[] = { "numbers", "balance", NULL };

/*
 * The numbers of one thread, for SYNC_SHARDED. A reader adds up the numbers of
 * all threads.
 */
struct shard {
	uint64_t number[NUMBERS];
} RINGBENCH_ALIGNED;

/* The state of all threads, in shared memory. */
struct counter {
	uint64_t number[NUMBERS] RINGBENCH_ALIGNED;
	/*
	 * Each lock has its own cache line, so that the tries of a waiting
	 * thread do not slow down the thread that changes the numbers.
	 */
	pthread_mutex_t mutex RINGBENCH_ALIGNED;
	pthread_spinlock_t spinlock RINGBENCH_ALIGNED;
	ck_spinlock_ticket_t ticket RINGBENCH_ALIGNED;
	uint64_t torn_reads RINGBENCH_ALIGNED; /* written by the main thread */
	int64_t pause_ns;
	struct shard shards[PRODUCERS_MAX];
};

/* Returns false if a process died while it held the mutex. */
static RINGBENCH_INLINE bool acquire(struct counter *counter,
				     enum sync_kind sync)
{
	if (sync == SYNC_MUTEX)
		return pthread_mutex_lock(&counter->mutex) == 0;
	if (sync == SYNC_SPINLOCK)
		pthread_spin_lock(&counter->spinlock);
	if (sync == SYNC_CK)
		ck_spinlock_ticket_lock(&counter->ticket);
	return true;
}

static RINGBENCH_INLINE void release(struct counter *counter,
				     enum sync_kind sync)
{
	if (sync == SYNC_MUTEX)
		pthread_mutex_unlock(&counter->mutex);
	if (sync == SYNC_SPINLOCK)
		pthread_spin_unlock(&counter->spinlock);
	if (sync == SYNC_CK)
		ck_spinlock_ticket_unlock(&counter->ticket);
}

/*
 * Changes a number with a load, an addition and a store, like `n += 1`; with
 * SYNC_ATOMIC with one atomic addition.
 */
static RINGBENCH_INLINE void change(uint64_t *number, uint64_t by,
				    enum sync_kind sync)
{
	if (sync == SYNC_ATOMIC)
		__atomic_fetch_add(number, by, __ATOMIC_RELAXED);
	else
		ringbench_store_relaxed(number,
					ringbench_load_relaxed(number) + by);
}

static RINGBENCH_INLINE bool iterate(struct counter *counter, uint64_t *number,
				     uint64_t by, enum sync_kind sync,
				     enum lock_kind lock, enum work_kind work)
{
	int count = work == WORK_NUMBERS ? NUMBERS : 1;

	if (lock == LOCK_LIST && !acquire(counter, sync))
		return false;
	for (int i = 0; i < count; i++) {
		if (lock == LOCK_ELEMENT && !acquire(counter, sync))
			return false;
		change(&number[i], by, sync);
		if (lock == LOCK_ELEMENT)
			release(counter, sync);
	}
	if (lock == LOCK_LIST)
		release(counter, sync);
	return true;
}

static RINGBENCH_INLINE void count(struct worker *me, enum sync_kind sync,
				   enum lock_kind lock, enum work_kind work)
{
	struct counter *counter = me->state;
	struct timespec pause = ringbench_timespec(counter->pause_ns);
	uint64_t *number = sync == SYNC_SHARDED
				   ? counter->shards[me->first].number
				   : counter->number;
	uint64_t by = work == WORK_BALANCE && me->first % 2 ? UINT64_MAX : 1;
	uint64_t stride = counter->pause_ns ? 1 : worker_stride(me);
	uint64_t done = 0, check = 0;

	while (done != me->limit) {
		if (done == check) {
			if (!worker_goes_on(me, done))
				break;
			check = done + stride;
			if (counter->pause_ns)
				clock_nanosleep(CLOCK_MONOTONIC, 0, &pause,
						NULL);
		}
		if (RINGBENCH_UNLIKELY(
			    !iterate(counter, number, by, sync, lock, work)))
			break;
		done++;
	}
	me->messages = done;
}

/* Makes one function for each combination, so that a profile shows the
 * combination. */
#define LOOP(sync, lock, work, name)                              \
	static __attribute__((noinline)) void counter_##name(     \
		struct worker *me)                                \
	{                                                         \
		count(me, SYNC_##sync, LOCK_##lock, WORK_##work); \
	}
#define LOOPS(sync, name)                            \
	LOOP(sync, ELEMENT, NUMBERS, name##_element) \
	LOOP(sync, LIST, NUMBERS, name##_list)       \
	LOOP(sync, LIST, BALANCE, name##_balance)
#define NAMES(name)                                              \
	{                                                        \
		counter_##name##_element, counter_##name##_list, \
			counter_##name##_balance                 \
	}

LOOPS(NONE, none)
LOOPS(MUTEX, mutex)
LOOPS(SPINLOCK, spinlock)
LOOPS(ATOMIC, atomic)
LOOPS(CK, ck)
LOOPS(SHARDED, sharded)

static loop_function *const loops[][3] = {
	[SYNC_NONE] = NAMES(none),
	[SYNC_MUTEX] = NAMES(mutex),
	[SYNC_SPINLOCK] = NAMES(spinlock),
	[SYNC_ATOMIC] = NAMES(atomic),
	[SYNC_CK] = NAMES(ck),
	[SYNC_SHARDED] = NAMES(sharded),
};

static int counter_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	int64_t sync = cell_value(cell, "sync");
	bool locks = sync == SYNC_MUTEX || sync == SYNC_SPINLOCK ||
		     sync == SYNC_CK;

	/*
	 * Cells that differ only in a parameter without effect become equal, so
	 * that a plan measures the cell only once.
	 */
	if (!locks || cell_value(cell, "work") == WORK_BALANCE)
		cell_set_value(cell, "lock", LOCK_LIST);
	if (!cell->choice.external)
		cell->choice =
			(struct backend_choice){ .id = sync_names[sync - 1] };
	(void)reason;
	return 0;
}

static int counter_threads(const struct cell *cell)
{
	return (int)cell->producers;
}

static void counter_shape(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	bool balance = cell_value(cell, "work") == WORK_BALANCE;
	int64_t kind = balance ? 2 : cell_value(cell, "lock") - LOCK_ELEMENT;

	rig->queues = 0;
	rig->processes = has_processes(cell);
	for (int i = 0; i < rig->threads; i++) {
		rig->parts[i].role = rig->processes ? "process" : "thread";
		rig->parts[i].loop = loops[cell_value(cell, "sync")][kind];
	}
}

/*
 * The mutex is robust: if a process is killed while it holds the mutex, the
 * other processes must not hang. The next process that locks the mutex gets an
 * error and unlocks without repairing it. After that every lock fails.
 */
static int make_locks(struct counter *counter)
{
	pthread_mutexattr_t shared;
	int error;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
	error = pthread_mutex_init(&counter->mutex, &shared);
	pthread_mutexattr_destroy(&shared);
	if (!error)
		error = pthread_spin_init(&counter->spinlock,
					  PTHREAD_PROCESS_SHARED);
	ck_spinlock_ticket_init(&counter->ticket);
	return -error;
}

static int counter_load(struct rig *rig)
{
	struct counter *counter = ringbench_alloc_shared(sizeof(*counter));

	if (!counter)
		return -ENOMEM;
	rig->state = counter;
	rig->state_bytes = sizeof(*counter);
	counter->pause_ns = cell_value(rig->cell, "pause");
	for (uint64_t i = 0; i < NUMBERS; i++)
		counter->number[i] = i + 1;
	for (int i = 0; i < rig->threads; i++) {
		rig->workers[i].state = counter;
		rig->workers[i].first = (uint64_t)i;
	}
	return make_locks(counter);
}

static void counter_unload(struct rig *rig)
{
	ringbench_free_shared(rig->state, sizeof(struct counter));
}

/* The values of the numbers, including all shards. */
static void read_numbers(const struct rig *rig, uint64_t found[NUMBERS])
{
	const struct counter *counter = rig->state;

	for (int n = 0; n < NUMBERS; n++) {
		found[n] = ringbench_load_relaxed(&counter->number[n]);
		for (int i = 0; i < rig->threads; i++)
			found[n] += ringbench_load_relaxed(
				&counter->shards[i].number[n]);
	}
}

/*
 * Reads the numbers without a lock while the threads run, like the main thread
 * of the tutorial.
 */
static void counter_watch(struct rig *rig)
{
	struct counter *counter = rig->state;
	uint64_t found[NUMBERS];

	read_numbers(rig, found);
	if (cell_value(rig->cell, "work") == WORK_NUMBERS &&
	    (found[1] != found[0] + 1 || found[2] != found[0] + 2))
		counter->torn_reads++;
}

/* Number of updates that were made but are missing in the numbers. */
static uint64_t lost_updates(const struct rig *rig)
{
	bool balance = cell_value(rig->cell, "work") == WORK_BALANCE;
	uint64_t found[NUMBERS], expected = 0, lost = 0;

	read_numbers(rig, found);
	for (int i = 0; i < rig->threads; i++)
		expected += balance && i % 2 ? -rig->workers[i].messages
					     : rig->workers[i].messages;
	for (uint64_t n = 0; n < (balance ? 1 : NUMBERS); n++) {
		int64_t missing = (int64_t)(expected + n + 1 - found[n]);

		lost += (uint64_t)(missing < 0 ? -missing : missing);
	}
	return lost;
}

static void counter_verify(struct rig *rig, struct verification *verification)
{
	for (int i = 0; i < rig->threads; i++)
		verification->messages += rig->workers[i].messages;
	verification->unverifiable = cell_value(rig->cell, "sync") == SYNC_NONE;
	if (lost_updates(rig))
		verification->failure = "updates were lost although they "
					"were synchronised";
}

static void counter_set_metrics(struct rig *rig, struct record *result)
{
	const struct counter *counter = rig->state;
	uint64_t found[NUMBERS];
	char text[3 * 24];

	read_numbers(rig, found);
	snprintf(text, sizeof(text), "%llu+%llu+%llu",
		 (unsigned long long)found[0], (unsigned long long)found[1],
		 (unsigned long long)found[2]);
	if (cell_value(rig->cell, "work") == WORK_BALANCE)
		snprintf(text, sizeof(text), "%lld", (long long)(found[0] - 1));
	record_set_text(result, column_of("numbers"), text);
	record_set_integer(result, column_of("lost_updates"),
			   (int64_t)lost_updates(rig));
	if (cell_value(rig->cell, "work") == WORK_NUMBERS)
		record_set_integer(result, column_of("torn_reads"),
				   (int64_t)counter->torn_reads);
}

/* clang-format off */
static const struct param counter_params[] = {
	{ "sync", "HOW",
	  "how threads exclude each other: none, mutex, spinlock, atomic, ck "
	  "or sharded", "mutex", PARAM_CHOICE, .choices = sync_names },
	SHARE_PARAM,
	{ "lock", "WHAT", "element: one lock for each number; list: one lock "
			  "for all three numbers",
	  "element", PARAM_CHOICE, .choices = lock_names },
	{ "work", "WHAT", "work of a thread: raise (add to three numbers), "
			  "or balance (half of the threads subtract)",
	  "numbers", PARAM_CHOICE, .choices = work_names },
	{ "pause", "TIME", "sleep between iterations", "0ns",
	  PARAM_TIME, .low = 0, .high = RINGBENCH_NS_PER_S },
	{ NULL },
};

static const struct column counter_metrics[] = {
	{ "lost_updates", "", "counter: increments that are missing in the "
			      "numbers at the end",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ "torn_reads", "",
	  "counter: reads without a lock that returned numbers from "
	  "different moments",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ "numbers", "", "counter: the numbers at the end",
	  TYPE_TEXT, ROLE_METRIC, BETTER_NEITHER },
	{ NULL },
};

static const struct table counter_tables[] = {
	{ .columns = (const struct table_column[]){
		{ "sync" }, { "backend", "by" }, { "share" }, { "lock" },
		{ "work" }, { "placement" }, { "producers", "N" },
		{ "pause_ns", "pause" }, { "objective", "op/s" },
		{ "lost_updates", "lost" }, { "torn_reads", "torn" },
		{ NULL } } },
	{ NULL },
};
/* clang-format on */

static const char *const counter_roles[] = { "thread", "process", NULL };

#define LOOP_WORDS(name)                                                   \
	" counter_" #name "_element counter_" #name "_list counter_" #name \
	"_balance"

const struct scenario scenario_counter = {
	.id = "counter",
	.summary = "threads or processes change the same numbers; no queue",
	.message = "operation",
	.messages = "operations",
	.params = counter_params,
	.metrics = counter_metrics,
	.tables = counter_tables,
	.roles = counter_roles,
	.loops = LOOP_WORDS(none) LOOP_WORDS(mutex) LOOP_WORDS(spinlock)
		LOOP_WORDS(atomic) LOOP_WORDS(ck) LOOP_WORDS(sharded),
	.payload_bytes = NUMBERS * sizeof(uint64_t),
	.default_producers = 2,
	.no_queue = true,
	.complete = counter_complete,
	.threads = counter_threads,
	.shape = counter_shape,
	.load = counter_load,
	.watch = counter_watch,
	.verify = counter_verify,
	.set_metrics = counter_set_metrics,
	.unload = counter_unload,
};

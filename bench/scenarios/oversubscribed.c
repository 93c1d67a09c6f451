/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oversubscribed: more threads than CPUs. As many producers as consumers share
 * two CPUs, or one CPU with the placement same-cpu. Each consumer records its
 * longest time without a message and its number of messages.
 *
 * A hog is a thread that only uses the first CPU.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "ringbench_memory.h"
#include "stream_first.h"

enum {
	OVERSUBSCRIBED_CPUS = 2,
	PER_CPU_MAX = 16,
	HOGS_MAX = 2,
};

/* The state of a consumer. */
struct stalls {
	int64_t last_ns; /* time of the last pop; 0: none yet */
	int64_t longest_ns;
} RINGBENCH_ALIGNED;

/* Number of producers; the number of consumers is equal. */
static int pairs_of(const struct cell *cell)
{
	int cpus = cell->placement == PLACEMENT_SAME_CPU ? 1
							 : OVERSUBSCRIBED_CPUS;

	return (int)cell_value(cell, "threads-per-cpu") * cpus / 2;
}

static int oversubscribed_complete(struct cell *cell,
				   char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (cell->messages)
		why = "cannot end after a number of messages; use --duration "
		      "instead of --messages";
	else if (cell->placement == PLACEMENT_ANY)
		why = "needs threads that are pinned; choose --placement near";
	else if (cell->placement == PLACEMENT_SAME_CPU &&
		 cell_value(cell, "threads-per-cpu") % 2)
		why = "needs as many producers as consumers; choose an even "
		      "--threads-per-cpu";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "oversubscribed %s", why);
	return -1;
}

static int oversubscribed_check(const struct cell *cell,
				char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	unsigned both = BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER;
	const char *why = NULL;

	if (backend->flags &
	    (BACKEND_KEEPS_NOTHING | BACKEND_NOT_A_QUEUE | BACKEND_ONE_POINTER))
		why = "is not a queue";
	else if (pairs_of(cell) > 1 && (backend->flags & both) != both)
		why = "is not for several producers and consumers";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int oversubscribed_threads(const struct cell *cell)
{
	return 2 * pairs_of(cell) + (int)cell_value(cell, "hogs");
}

/* All time of a hog is pacing, so that the time does not count as cost of the
 * queue. */
static void oversubscribed_hog(struct worker *me)
{
	int64_t begin_ns = ringbench_now_ns();
	int64_t cpu_ns = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID);

	while (!ringbench_load_relaxed(me->stop))
		me->messages++;
	me->messages = 0;
	me->pace_ns = ringbench_now_ns() - begin_ns;
	me->pace_cpu_ns = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
}

static void oversubscribed_shape(struct rig *rig)
{
	int pairs = pairs_of(rig->cell);

	rig->queues = 1;
	for (int i = 0; i < rig->threads; i++) {
		bool produces = i < pairs, hogs = i >= 2 * pairs;

		rig->parts[i].role = hogs	? "hog"
				     : produces ? "producer"
						: "consumer";
		rig->parts[i].stage = !produces && !hogs;
		rig->parts[i].loop = hogs ? oversubscribed_hog
					  : rig_loop(rig,
						     produces ? "relay_source"
							      : "relay_stage");
	}
}

static bool produce(struct worker *me, uint64_t *word)
{
	*word = me->first + me->messages++;
	return true;
}

static bool consume(struct worker *me, uint64_t *word)
{
	struct stalls *stalls = me->state;
	int64_t now_ns = ringbench_now_ns();

	if (stalls->last_ns && now_ns - stalls->last_ns > stalls->longest_ns)
		stalls->longest_ns = now_ns - stalls->last_ns;
	stalls->last_ns = now_ns;
	me->sum += *word;
	me->squares += *word * *word;
	me->mixed += stream_mix(*word);
	check_order(&me->order, *word);
	return false;
}

static int oversubscribed_load(struct rig *rig)
{
	int pairs = pairs_of(rig->cell);
	struct stalls *stalls = ringbench_alloc_lines((size_t)pairs *
						      sizeof(*stalls));

	if (!stalls)
		return -ENOMEM;
	rig->state = stalls; /* the caller of load() frees it */
	for (int i = 0; i < 2 * pairs; i++) {
		struct worker *worker = &rig->workers[i];
		struct order *order = &worker->order;

		order->senders = (uint64_t)pairs;
		order->slack = pairs > 1 ? INT64_MAX : 0;
		if (rig->backend->flags & BACKEND_LIFO)
			order->slack = UINT64_MAX;
		for (int p = 0; p < pairs; p++)
			order->last[p] = first_word(p) - 1;
		if (i < pairs) {
			worker->out = &rig->channels[0];
			worker->first = first_word(i);
			worker->work = produce;
			continue;
		}
		worker->in = &rig->channels[0];
		worker->state = &stalls[i - pairs];
		worker->work = consume;
	}
	return 0;
}

/* The messages are verified like those of stream. Hogs have no messages. */
static void oversubscribed_verify(struct rig *rig,
				  struct verification *verification)
{
	struct cell cell = *rig->cell;
	struct rig stream = *rig;

	cell.producers = cell.consumers = pairs_of(rig->cell);
	stream.cell = &cell;
	stream.threads = 2 * pairs_of(rig->cell);
	stream_verify(&stream, verification);
}

/*
 * Jain's index of the consumers' messages: 1 if all shares are equal, 1/n if
 * one of n consumers got all messages (Jain, Chiu and Hawe, 1984).
 */
static void set_fairness(const struct rig *rig, struct record *result)
{
	int pairs = pairs_of(rig->cell);
	double sum = 0, squares = 0, least = INFINITY;

	for (int i = pairs; i < 2 * pairs; i++) {
		double messages = (double)rig->workers[i].messages;

		sum += messages;
		squares += messages * messages;
		least = fmin(least, messages);
	}
	if (sum <= 0)
		return;
	record_set_real(result, column_of("fairness"),
			sum * sum / (pairs * squares));
	record_set_real(result, column_of("smallest_share"),
			least * pairs / sum);
}

static void oversubscribed_set_metrics(struct rig *rig, struct record *result)
{
	const struct stalls *stalls = rig->state;
	int64_t longest_ns = 0;

	for (int i = 0; i < pairs_of(rig->cell); i++) {
		int64_t open_ns = rig->request_ns - stalls[i].last_ns;

		/* A consumer without any message has waited for the whole
		 * window. */
		if (!stalls[i].last_ns)
			open_ns = rig->cell->duration_ns;
		if (open_ns > longest_ns)
			longest_ns = open_ns;
		if (stalls[i].longest_ns > longest_ns)
			longest_ns = stalls[i].longest_ns;
	}
	record_set_integer(result, column_of("stall_max_ns"), longest_ns);
	set_fairness(rig, result);
}

/* clang-format off */
static const struct param oversubscribed_params[] = {
	{ "threads-per-cpu", "N", "producers and consumers on each CPU", "2",
	  PARAM_COUNT, .low = 1, .high = PER_CPU_MAX },
	{ "hogs", "N", "threads that only use the first CPU", "0", PARAM_COUNT,
	  .low = 0, .high = HOGS_MAX },
	{ NULL },
};

static const struct column oversubscribed_metrics[] = {
	{ "stall_max_ns", "ns", "oversubscribed: longest time in which a "
	  "consumer popped no message", TYPE_INTEGER, ROLE_METRIC,
	  BETTER_LOWER },
	{ "fairness", "", "oversubscribed: Jain's index of the consumers' "
	  "messages: 1 if all consumers popped the same number, 1/n if one of "
	  "n consumers popped all", TYPE_REAL, ROLE_METRIC, BETTER_HIGHER },
	{ "smallest_share", "", "oversubscribed: fewest messages of a "
	  "consumer, divided by the mean over all consumers", TYPE_REAL,
	  ROLE_METRIC, BETTER_HIGHER },
	{ NULL },
};

static const struct table oversubscribed_tables[] = {
	{ .title = "longest stall of a consumer, and fairness between consumers",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" },
		{ "threads_per_cpu", "per CPU" }, { "hogs" },
		{ "objective", "stall" }, { "fairness" },
		{ "smallest_share", "smallest" },
		{ "throughput_msg_per_s", "msg/s" }, { NULL } } },
	{ NULL },
};
/* clang-format on */

static const char *const oversubscribed_roles[] = { "producer", "consumer",
						    "hog", NULL };

const struct scenario scenario_oversubscribed = {
	.id = "oversubscribed",
	.summary = "more producers and consumers than CPUs",
	.params = oversubscribed_params,
	.metrics = oversubscribed_metrics,
	.tables = oversubscribed_tables,
	.roles = oversubscribed_roles,
	.objective = "stall_max_ns",
	.loops = "oversubscribed_hog",
	.default_stop = STOP_EVENT,
	.payload_bytes = sizeof(uint64_t),
	.default_queues = 1,
	.cpus_max = OVERSUBSCRIBED_CPUS,
	.complete = oversubscribed_complete,
	.check = oversubscribed_check,
	.threads = oversubscribed_threads,
	.shape = oversubscribed_shape,
	.load = oversubscribed_load,
	.verify = oversubscribed_verify,
	.set_metrics = oversubscribed_set_metrics,
};

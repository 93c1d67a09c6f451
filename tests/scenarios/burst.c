/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * burst: a producer pushes a number of messages at once, then waits until the
 * consumer has popped all of them. A second queue carries the answers.
 */
#include <errno.h>
#include <stdio.h>

#include "burst.h"
#include "cell.h"
#include "ringbench_memory.h"

static int burst_check(const struct cell *cell,
		       char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags & (BACKEND_KEEPS_NOTHING | BACKEND_IN_BLOCKS))
		why = "does not deliver each message";
	else if (backend->flags & BACKEND_LIFO)
		why = "is a stack, and burst checks the order of messages";
	else if (backend->flags & BACKEND_ONE_POINTER &&
		 cell_value(cell, "burst") > 1)
		why = "holds one message; choose --burst 1";
	else if (cell->queues != 2)
		why = "needs --queues 2: one for messages, one for answers";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int burst_threads(const struct cell *cell)
{
	(void)cell;
	return 2;
}

static void burst_shape(struct rig *rig)
{
	rig->queues = 2;
	rig->parts[0].role = "producer";
	rig->parts[0].loop = rig_loop(rig, "burst_producer");
	rig->parts[1].role = "consumer";
	rig->parts[1].loop = rig_loop(rig, "burst_consumer");
	rig->parts[1].stage = 1;
}

static int burst_load(struct rig *rig)
{
	struct burst *burst = ringbench_alloc_lines(2 * sizeof(*burst));

	if (!burst)
		return -ENOMEM;
	rig->state = burst; /* the caller of load() frees it */
	for (int i = 0; i < 2; i++) {
		burst[i].size = (uint64_t)cell_value(rig->cell, "burst");
		rig->workers[i].state = &burst[i];
		rig->workers[i].out = &rig->channels[i];
		rig->workers[i].in = &rig->channels[1 - i];
	}
	return 0;
}

static void count(void *arg, uint64_t word)
{
	(void)word;
	++*(uint64_t *)arg;
}

/* Every message was popped, or is still in the first queue. */
static void burst_verify(struct rig *rig, struct verification *verification)
{
	uint64_t sent = rig->workers[0].messages;
	uint64_t found = rig->workers[1].messages;

	verification->messages = found;
	rig->backend->drain(&rig->channels[0], count, &verification->left_over);
	found += verification->left_over;
	verification->lost = sent > found ? sent - found : 0;
	verification->repeated = found > sent ? found - sent : 0;
	verification->reordered = rig->workers[1].order.late;
}

static void burst_set_metrics(struct rig *rig, struct record *result)
{
	const struct burst *burst = rig->state;

	if (burst->times.count)
		record_set_integer(
			result, column_of("burst_p50_ns"),
			(int64_t)histogram_quantile(&burst->times, 500));
}

/* A burst of one message is a round trip. `line` is the bound of that. */
static const char *burst_bound(const struct record *row)
{
	return record_integer(row, column_of("burst")) == 1 ? "line" : NULL;
}

/* clang-format off */
static const struct param burst_params[] = {
	{ "burst", "N", "messages that the producer pushes at once", "16",
	  PARAM_COUNT, .low = 1, .high = 1 << 20 },
	{ NULL },
};

static const struct column burst_metrics[] = {
	{ "burst_p50_ns", "ns",
	  "burst: from the first push to the answer, median over the bursts",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ NULL },
};

static const struct table burst_tables[] = {
	{ .title = "bursts of messages, each answered once",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "burst" },
		{ "objective", "p50" }, { "idle" }, { "of_bound", "of bound" },
		{ NULL } } },
	{ NULL },
};
/* clang-format on */

static const char *const burst_roles[] = { "producer", "consumer", NULL };

const struct scenario scenario_burst = {
	.id = "burst",
	.summary = "a burst of messages, then one answer for all of them",
	.params = burst_params,
	.metrics = burst_metrics,
	.tables = burst_tables,
	.roles = burst_roles,
	.objective = "burst_p50_ns",
	.bound = burst_bound,
	.default_stop = STOP_EVENT,
	.payload_bytes = sizeof(uint64_t),
	.default_queues = 2,
	.check = burst_check,
	.threads = burst_threads,
	.shape = burst_shape,
	.load = burst_load,
	.verify = burst_verify,
	.set_metrics = burst_set_metrics,
};

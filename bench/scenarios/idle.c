/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idle: a consumer waits at an empty queue. It pops one message at the start,
 * waits for the whole window, and pops the sentinel at the end. The result is
 * the cost of waiting.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "ringbench_memory.h"

/* The number of words that the consumer has popped. */
struct idle {
	uint64_t found; /* messages */
	uint64_t foreign;
} RINGBENCH_ALIGNED;

static int idle_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (cell->messages)
		why = "has one message; remove --messages";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "idle %s", why);
	return -1;
}

static int idle_check(const struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags &
	    (BACKEND_KEEPS_NOTHING | BACKEND_NOT_A_QUEUE | BACKEND_ONE_POINTER))
		why = "is never empty or cannot carry a sentinel";
	else if (backend->flags & BACKEND_IN_BLOCKS)
		why = "transfers only whole blocks of messages, so the "
		      "sentinel would stay in the queue";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int idle_threads(const struct cell *cell)
{
	(void)cell;
	return 1;
}

static void idle_shape(struct rig *rig)
{
	rig->queues = 1;
	rig->parts[0].role = "consumer";
	rig->parts[0].stage = 1;
	rig->parts[0].loop = rig_loop(rig, "relay_stage");
}

static bool idle_found(struct worker *me, uint64_t *word)
{
	struct idle *idle = me->state;

	if (*word == (uintptr_t)idle)
		idle->found++;
	else
		idle->foreign++;
	return false;
}

static int idle_load(struct rig *rig)
{
	struct idle *idle = ringbench_alloc_lines(sizeof(*idle));
	struct worker *worker = &rig->workers[0];

	if (!idle)
		return -ENOMEM;
	rig->state = idle; /* the caller of load() frees it */
	worker->in = &rig->channels[0];
	worker->state = idle;
	worker->work = idle_found;
	worker->limit = UINT64_MAX; /* the sentinel ends the consumer */
	return rig->backend->feed(&rig->channels[0], (uintptr_t)idle) ? 0
								      : -ENOSPC;
}

static void count(void *arg, uint64_t word)
{
	(void)word;
	++*(uint64_t *)arg;
}

static void idle_verify(struct rig *rig, struct verification *verification)
{
	const struct idle *idle = rig->state;

	rig->backend->drain(&rig->channels[0], count, &verification->left_over);
	verification->messages = idle->found;
	verification->lost = idle->found == 0 ? 1 : idle->foreign;
	verification->repeated = verification->left_over;
	if (idle->found > 1)
		verification->repeated += idle->found - 1;
	if (!rig->workers[0].ended)
		verification->failure = "the consumer ended without a sentinel";
}

/*
 * System calls that the loop makes while it waits: a nap, a yield or a timed
 * sleep for each failed try. -1: unknown, because the queue waits with its own
 * operation.
 */
static int64_t system_calls(const struct rig *rig, const struct record *result)
{
	int64_t tries = record_integer(result, COLUMN_empty_tries);

	switch (rig->cell->wait.kind) {
	case WAIT_POLL:
	case WAIT_SPIN:
		return 0;
	case WAIT_YIELD:
	case WAIT_SLEEP:
		return tries;
	default:
		break;
	}
	if (rig->backend->flags & BACKEND_NATIVE_WAIT)
		return -1;
	/* The last sleep of a wait ends without a time-out, so there is one
	 * sleep more than time-outs. */
	return record_integer(result, COLUMN_timeouts) + 1;
}

static void idle_set_metrics(struct rig *rig, struct record *result)
{
	double seconds = record_number(result, COLUMN_elapsed_ns) /
			 RINGBENCH_NS_PER_S;
	int64_t calls = system_calls(rig, result);

	if (seconds <= 0)
		return;
	if (record_has(result, COLUMN_vol_switches))
		record_set_real(result, column_of("switches_per_s"),
				(record_number(result, COLUMN_vol_switches) +
				 record_number(result, COLUMN_invol_switches)) /
					seconds);
	if (calls >= 0)
		record_set_real(result, column_of("calls_per_s"),
				(double)calls / seconds);
}

/* clang-format off */
static const struct column idle_metrics[] = {
	{ "switches_per_s", "1/s",
	  "idle: context switches of the consumer, voluntary and involuntary, "
	  "per second", TYPE_REAL, ROLE_METRIC, BETTER_LOWER },
	{ "calls_per_s", "1/s",
	  "idle: system calls of the wait policy (naps, yields, timed sleeps), "
	  "per second. Empty: the queue waits with its own operation, whose "
	  "system calls are not counted", TYPE_REAL, ROLE_METRIC, BETTER_LOWER },
	{ NULL },
};

static const struct table idle_tables[] = {
	{ .title = "cost of a consumer that waits at an empty queue",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" },
		{ "objective", "CPU" }, { "switches_per_s", "switches/s" },
		{ "calls_per_s", "calls/s" }, { NULL } } },
	{ NULL },
};
/* clang-format on */

static const char *const idle_roles[] = { "consumer", NULL };

const struct scenario scenario_idle = {
	.id = "idle",
	.summary = "a consumer waits at an empty queue",
	.metrics = idle_metrics,
	.tables = idle_tables,
	.roles = idle_roles,
	.objective = "cpu_pop_share",
	.payload_bytes = sizeof(uint64_t),
	.default_queues = 1,
	.sentinel_only = true,
	.waits = true,
	.complete = idle_complete,
	.check = idle_check,
	.threads = idle_threads,
	.shape = idle_shape,
	.load = idle_load,
	.verify = idle_verify,
	.set_metrics = idle_set_metrics,
};

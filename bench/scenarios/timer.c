/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer: a thread pops from an empty queue with a deadline. The result is how
 * long after the deadline the pop returns, and the CPU time until then.
 *
 * The queue has one message at the start: a pop must find it before its
 * deadline, and no later pop may find a message.
 */
#include <errno.h>
#include <stdio.h>

#include "cell.h"
#include "latency.h"
#include "ringbench_memory.h"
#include "timer.h"

static int timer_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (!cell->messages &&
		 cell_value(cell, "deadline") * 2 > cell->duration_ns)
		why = "needs a window of at least two deadlines; make "
		      "--duration longer or --deadline shorter";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "timer %s", why);
	return -1;
}

static int timer_check(const struct cell *cell,
		       char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags &
	    (BACKEND_KEEPS_NOTHING | BACKEND_NOT_A_QUEUE | BACKEND_ONE_POINTER))
		why = "is never empty or is not a queue";
	else if (backend->flags & BACKEND_IN_BLOCKS)
		why = "transfers only whole blocks of messages, so a single "
		      "message would stay in the queue";
	else if (backend->flags & BACKEND_NO_DEADLINE &&
		 wait_blocks[cell->wait.kind])
		why = "cannot wait with a deadline; choose a --wait that does "
		      "not block";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int timer_threads(const struct cell *cell)
{
	(void)cell;
	return 1;
}

static void timer_shape(struct rig *rig)
{
	rig->queues = 1;
	rig->parts[0].role = "waiter";
	rig->parts[0].stage = 1;
	rig->parts[0].loop = rig_loop(rig, "timer_waiter");
}

static int timer_load(struct rig *rig)
{
	struct timer *timer = ringbench_alloc_lines(sizeof(*timer));
	struct worker *worker = &rig->workers[0];

	if (!timer)
		return -ENOMEM;
	rig->state = timer; /* the caller of load() frees it */
	timer->deadline_ns = cell_value(rig->cell, "deadline");
	worker->in = &rig->channels[0];
	worker->state = timer;
	worker->first = (uintptr_t)timer;
	return rig->backend->feed(&rig->channels[0], worker->first) ? 0
								    : -ENOSPC;
}

static void count(void *arg, uint64_t word)
{
	(void)word;
	++*(uint64_t *)arg;
}

static void timer_verify(struct rig *rig, struct verification *verification)
{
	const struct timer *timer = rig->state;
	uint64_t found = timer->popped;

	rig->backend->drain(&rig->channels[0], count, &verification->left_over);
	found += verification->left_over;
	verification->messages = rig->workers[0].messages;
	verification->lost = found == 0 ? 1 : rig->workers[0].order.foreign;
	verification->repeated = found > 1 ? found - 1 : 0;
	if (found == 1 && timer->popped == 0)
		verification->failure =
			"a pop reached its deadline although the queue had a "
			"message";
}

static void timer_set_metrics(struct rig *rig, struct record *result)
{
	const struct timer *timer = rig->state;

	latency_set(result, "timer_late", &timer->late);
	record_set_integer(result, column_of("timer_early"),
			   (int64_t)timer->early);
}

/* clang-format off */
static const struct param timer_params[] = {
	{ "deadline", "TIME", "deadline of a pop at an empty queue", "1ms",
	  PARAM_TIME, .low = RINGBENCH_NS_PER_US,
	  .high = 10 * RINGBENCH_NS_PER_S },
	{ NULL },
};

#define MEANING "timer: from the deadline of a pop until the pop returns"
static const struct column timer_metrics[] = {
	LATENCY_COLUMNS("timer_late", MEANING),
	LATENCY_HISTOGRAM("timer_late", MEANING),
	{ "timer_early", "", "timer: pops that returned before their deadline",
	  TYPE_INTEGER, ROLE_CHECK, BETTER_LOWER },
	{ NULL },
};

static const struct table timer_tables[] = {
	{ .title = "how long after its deadline a pop returns",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" },
		{ "deadline_ns", "deadline" }, { "objective", "late p50" },
		{ "timer_late_p99_ns", "late p99" }, { "timer_early", "early" },
		{ "cpu_pop_share", "CPU" }, { "cpu_pop_ns_per_msg", "CPU/pop" },
		{ NULL } } },
	{ NULL },
};

static const struct picture timer_pictures[] = {
	{ .name = "late", .kind = PICTURE_HISTOGRAM,
	  .title = "how long after its deadline a pop returns",
	  .x_title = "from the deadline until the pop returns, ns",
	  .y_title = "share of the pops with a smaller delay",
	  .column = "timer_late_histogram" },
	{ NULL },
};
/* clang-format on */

static const char *const timer_roles[] = { "waiter", NULL };

const struct scenario scenario_timer = {
	.id = "timer",
	.summary = "pops with a deadline at an empty queue",
	.message = "time-out",
	.messages = "time-outs",
	.params = timer_params,
	.metrics = timer_metrics,
	.tables = timer_tables,
	.pictures = timer_pictures,
	.roles = timer_roles,
	.objective = "timer_late_p50_ns",
	.default_stop = STOP_EVENT,
	.payload_bytes = sizeof(uint64_t),
	.default_queues = 1,
	.waits = true,
	.complete = timer_complete,
	.check = timer_check,
	.threads = timer_threads,
	.shape = timer_shape,
	.load = timer_load,
	.verify = timer_verify,
	.set_metrics = timer_set_metrics,
};

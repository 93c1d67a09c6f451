/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pingpong: one message moves back and forth between two threads, through one
 * queue or two. Each thread adds 1 to the three numbers in the message.
 */
#include <errno.h>
#include <stdio.h>

#include "cell.h"
#include "ringbench_memory.h"
#include "pingpong.h"

static int pingpong_check(const struct cell *cell,
			  char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	unsigned both = BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER;
	const char *why = NULL;

	if (backend->flags & BACKEND_KEEPS_NOTHING)
		why = "keeps no messages, so no message can come back";
	else if (backend->flags & BACKEND_IN_BLOCKS)
		why = "transfers only whole blocks of messages, so a single "
		      "message would stay in the queue";
	else if (cell->queues == 1 && (backend->flags & both) != both)
		why = "is for one producer and one consumer; with --queues 1 "
		      "the queue has two producers and two consumers";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int pingpong_threads(const struct cell *cell)
{
	(void)cell;
	return 2;
}

static void pingpong_shape(struct rig *rig)
{
	const char *loop = rig->cell->queues == 1 ? "pingpong_one_queue"
						  : "pingpong_two_queues";

	rig->queues = (int)rig->cell->queues;
	for (int i = 0; i < rig->threads; i++) {
		rig->parts[i].role = i == 0 ? "A" : "B";
		/*
		 * Stage 1: the stop flag does not end these threads if the cell
		 * ends by a sentinel.
		 */
		rig->parts[i].stage = 1;
		rig->parts[i].loop = rig_loop(rig, loop);
	}
}

static int pingpong_load(struct rig *rig)
{
	struct pingpong_message *message = ringbench_alloc_lines(
		sizeof(*message));

	if (!message)
		return -ENOMEM;
	for (uint64_t i = 0; i < 3; i++)
		message->number[i] = i + 1;
	rig->state = message;
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->in = &rig->channels[i % rig->queues];
		worker->out = &rig->channels[(i + 1) % rig->queues];
		worker->first = (uintptr_t)message;
		if (i == 0 && rig->cell->stop == STOP_SENTINEL)
			worker->sentinel_flag = rig->stop;
		/* Thread B waits for the sentinel of thread A. */
		if (i > 0 && rig->cell->stop == STOP_SENTINEL)
			worker->limit = UINT64_MAX;
		else if (worker->limit != UINT64_MAX)
			worker->limit++;
	}
	return rig->backend->feed(&rig->channels[0], (uintptr_t)message)
		       ? 0
		       : -ENOSPC;
}

/* The messages that were left in the queues. */
struct rest {
	uint64_t message; /* the address of the message, the only valid word */
	uint64_t count;
	uint64_t wrong;
};

static void check_rest(void *arg, uint64_t word)
{
	struct rest *rest = arg;

	rest->count++;
	rest->wrong += word != rest->message;
}

/*
 * Exactly one message must be left, and its numbers must show one increment for
 * each pop. If thread A ended the run with a sentinel, A still holds the
 * message and the queues are empty.
 */
static void pingpong_verify(struct rig *rig, struct verification *verification)
{
	const struct pingpong_message *message = rig->state;
	uint64_t raised = message->number[0] - 1;
	struct rest rest = { .message = (uintptr_t)message };
	uint64_t kept = rig->workers[0].sentinel_flag != NULL;
	uint64_t taken = 0, wrong, messages;

	for (int i = 0; i < rig->queues; i++)
		rig->backend->drain(&rig->channels[i], check_rest, &rest);
	verification->left_over = rest.count;
	wrong = rest.wrong;
	for (int i = 0; i < rig->threads; i++) {
		taken += rig->workers[i].messages;
		wrong += rig->workers[i].order.foreign;
		/* A sentinel ended this thread, but no thread sent a
		 * sentinel. */
		wrong += rig->workers[i].ended &&
			 rig->cell->stop != STOP_SENTINEL;
		verification->left_over += rig->workers[i].held;
	}
	if (message->number[1] != raised + 2 ||
	    message->number[2] != raised + 3)
		wrong++;
	messages = verification->left_over + kept;
	verification->messages = taken;
	verification->lost = wrong ? wrong : messages == 0;
	/* Two threads with the same message overwrite each other's numbers. */
	verification->repeated = messages > 1 ? messages - 1 : 0;
	if (taken != raised)
		verification->repeated++;
}

/*
 * A message from one thread to the other costs at least one cache-line
 * transfer. With one queue a thread may pop its own message, which needs no
 * transfer, so there is no bound.
 */
static const char *pingpong_bound(const struct record *row)
{
	return record_integer(row, COLUMN_queues) == 2 ? "line" : NULL;
}

/* clang-format off */
static const struct table pingpong_tables[] = {
	{ .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" },
		{ "objective", "msg/s" }, { "idle" }, { NULL } },
	  .beside = "queues" },
	{ .title = "round trips through two queues, and their bound",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" },
		{ "objective", "msg/s" }, { "idle" }, { "ns", "ns/message" },
		{ "of_bound", "of bound" }, { NULL } },
	  .bounded = true },
	{ .title = "ways to stop", .about = "stop",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "queues" },
		{ "stop" }, { "objective", "msg/s" },
		{ "left_over", "left over" }, { "stop_ns", "to stop" },
		{ NULL } } },
	{ NULL },
};
/* clang-format on */

static const char *const pingpong_roles[] = { "A", "B", NULL };

const struct scenario scenario_pingpong = {
	.id = "pingpong",
	.summary = "one message back and forth between two threads",
	.tables = pingpong_tables,
	.roles = pingpong_roles,
	.bound = pingpong_bound,
	.default_stop = STOP_EVENT,
	.payload_bytes = sizeof(((struct pingpong_message *)0)->number),
	.default_queues = 2,
	.check = pingpong_check,
	.threads = pingpong_threads,
	.shape = pingpong_shape,
	.load = pingpong_load,
	.verify = pingpong_verify,
};

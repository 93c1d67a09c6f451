/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream: P producers and C consumers transfer messages through one queue as
 * fast as they can. Every message has a number, so every loss is found.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "ringbench_memory.h"
#include "share.h"
#include "stream_batch.h"
#include "stream_journal.h"
#include "stream_latency.h"
#include "text.h"

enum {
	/*
	 * Blocks of a producer if the queue has no capacity limit: the largest
	 * number of its messages in the queue.
	 */
	BLOCKS_UNBOUNDED = 1 << 14,
	BLOCKS_SPARE = 64,
};

#define POOL_BYTES_MAX (INT64_C(1) << 30)

static const char *const payload_by_names[] = { "reference", "value", NULL };
static const char *const until_names[] = { "stop", "empty", NULL };

static bool needs_pool(const struct cell *cell)
{
	return batch_of(cell) > 1 || (has_payload(cell) && !is_by_value(cell));
}

/*
 * Blocks of one producer: more than the queue and all threads can hold. A stack
 * can hold its oldest messages for any time, so free blocks are scattered
 * between blocks in use. With twice as many blocks, every second block is free
 * on average.
 */
static int64_t blocks_of(const struct cell *cell, int64_t room)
{
	bool stack = cell->choice.backend->flags & BACKEND_LIFO;
	int64_t blocks = (room ? room : BLOCKS_UNBOUNDED) +
			 (cell->consumers + 1) * batch_of(cell) + BLOCKS_SPARE;

	return stack ? 2 * blocks : blocks;
}

static const char *refuse_rate(const struct cell *cell)
{
	if (cell_value(cell, "produce-every"))
		return "cannot combine --rate with --produce-every; remove "
		       "one of them";
	if (rate_of(cell) > PRODUCER_RATE_MAX * cell->producers)
		return "reads the clock for each message, so a producer "
		       "sends at most 10M messages/s; choose a lower rate, "
		       "or remove --rate for full speed";
	if (journal_size(cell, false) > JOURNAL_MAX)
		return "stores the times of at most 5.5 million messages; "
		       "choose a lower rate or a shorter duration";
	return NULL;
}

static int stream_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (cell->messages && cell->consumers > 1)
		why = "ends after --messages only with one consumer; remove "
		      "--messages, or use --consumers 1";
	else if (cell_value(cell, "until") == UNTIL_EMPTY &&
		 cell->stop == STOP_SENTINEL)
		why = "cannot combine --until empty with --stop sentinel, "
		      "because the consumers have already ended; use --stop "
		      "event";
	else if (payload_of(cell) % PAYLOAD_NONE)
		why = "needs a --payload that is a multiple of 8 bytes";
	else if (is_by_value(cell) && (is_paced(cell) || batch_of(cell) > 1 ||
				       cell->stop == STOP_SENTINEL))
		why = "cannot combine --payload-by value with a pace, "
		      "--batch or --stop sentinel; remove these options";
	else if (has_processes(cell) && !is_by_value(cell))
		why = "passes messages between processes only by "
		      "value; add --payload-by value";
	else if (needs_pool(cell) && is_paced(cell))
		why = "cannot combine --batch or --payload with --rate, "
		      "--produce-every, --consume-every or --until empty; "
		      "remove one of them";
	else if (cell_value(cell, "rate"))
		why = refuse_rate(cell);
	else if (cell_value(cell, "arrivals") > ARRIVALS_CONSTANT)
		why = "needs --rate for --arrivals; add --rate";
	if (!why && !cell_value(cell, "rate"))
		cell_leave_out(cell, "arrivals");
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "stream %s", why);
	return -1;
}

static const char *refuse_value(const struct cell *cell)
{
	int64_t bytes = payload_of(cell);

	if (has_processes(cell) && !cell->choice.backend->create_shared)
		return "cannot be shared by processes; choose the backend "
		       "spsc_ring or mutex";
	if (!cell->choice.backend->create_value)
		return "cannot carry messages by value; see `ringbench list "
		       "backends`";
	if (has_processes(cell) && cell->wait.kind != WAIT_SPIN)
		return "waits between processes with the wait policy spin";
	if (cell->wait.kind != WAIT_SPIN && cell->wait.kind != WAIT_BLOCK)
		return "passes messages by value only with --wait spin or "
		       "--wait block";
	if (bytes != 8 && bytes != 32 && bytes != 64 && bytes != 256)
		return "passes messages by value only with --payload 8, 32, "
		       "64 or 256";
	return NULL;
}

static const char *refuse_payload(const struct cell *cell)
{
	unsigned flags = cell->choice.backend->flags;

	if (flags & BACKEND_KEEPS_NOTHING)
		return "keeps no messages, so there is no payload to read; "
		       "remove --payload";
	if (flags & BACKEND_LIFO && flags & BACKEND_UNBOUNDED)
		return "a stack without a capacity limit may never return "
		       "its oldest payloads; use --payload 8";
	if (cell->producers * blocks_of(cell, cell->capacity) *
		    payload_step(payload_of(cell)) >
	    POOL_BYTES_MAX)
		return "the payloads of all messages take more than 1 GiB; "
		       "choose a smaller payload or capacity";
	return NULL;
}

static int stream_check(const struct cell *cell,
			char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags & BACKEND_ONE_POINTER)
		why = "carries one pointer at a time, but stream sends many "
		      "numbers";
	else if (backend->flags & BACKEND_NOT_A_QUEUE &&
		 (is_paced(cell) || cell->stop == STOP_SENTINEL))
		why = "is not a queue and only runs at full speed with "
		      "--stop event";
	else if (backend->flags & BACKEND_IN_BLOCKS && cell->messages)
		why = "transfers only whole blocks, so it cannot end after a "
		      "number of messages; remove --messages";
	else if (backend->flags & BACKEND_LIFO && cell->stop == STOP_SENTINEL)
		why = "is a stack, so a sentinel would overtake messages; "
		      "use --stop event";
	else if (cell->producers > 1 &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer";
	else if (cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_CONSUMER))
		why = "is for one consumer";
	else if (batch_of(cell) > 1 && cell->stop == STOP_SENTINEL &&
		 cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer, but a consumer that pops two "
		      "sentinels in one batch pushes one back; use --stop "
		      "event";
	else if (is_by_value(cell))
		why = refuse_value(cell);
	else if (has_payload(cell))
		why = refuse_payload(cell);
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s: %s", backend->id, why);
	return -1;
}

static int stream_threads(const struct cell *cell)
{
	return (int)(cell->producers + cell->consumers);
}

static const char *producer_loop(const struct cell *cell)
{
	if (is_paced(cell))
		return "relay_source";
	if (has_payload(cell))
		return "stream_producer_payload";
	return batch_of(cell) > 1 ? "stream_producer_bulk" : "stream_producer";
}

static void stream_shape(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	loop_function *producer, *consumer;

	rig->queues = 1;
	rig->processes = has_processes(cell);
	if (is_by_value(cell)) {
		rig->value_bytes = (size_t)payload_of(cell);
		producer = rig_value_loop(rig, "stream_producer_value");
		consumer = rig_value_loop(rig, "stream_consumer_value");
	} else {
		producer = rig_loop(rig, producer_loop(cell));
		consumer = rig_loop(rig, consumer_loop(rig));
	}
	rig->must_wrap = !has_pace(cell);
	for (int i = 0; i < rig->threads; i++) {
		bool produces = i < cell->producers;

		rig->parts[i].role = produces ? "producer" : "consumer";
		rig->parts[i].stage = !produces;
		rig->parts[i].loop = produces ? producer : consumer;
	}
}

static int load_pools(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	int64_t blocks = 0;
	size_t step = (size_t)payload_step(payload_of(cell)), of_one, table,
	       total;
	struct payload_pool *pool;
	char *first;

	if (has_payload(cell))
		blocks = blocks_of(cell,
				   (int64_t)rig->channels[0].capacity_usable);
	of_one = (size_t)blocks * step;
	table = (size_t)rig->threads * sizeof(*pool);
	total = (size_t)cell->producers * of_one;
	pool = ringbench_alloc_lines(table + total);
	if (!pool)
		return -ENOMEM;
	rig->state = pool;
	first = (char *)pool + table;
	for (int i = 0; i < rig->threads; i++) {
		rig->workers[i].state = &pool[i];
		pool[i].batch = (size_t)batch_of(cell);
		if (!blocks)
			continue;
		pool[i].numbers = (size_t)payload_of(cell) / sizeof(uint64_t);
		pool[i].step = step;
		pool[i].first_block = (uintptr_t)first;
		pool[i].last_block = (uintptr_t)first + total - step;
		pool[i].skip = rig->backend->flags & BACKEND_LIFO
				       ? (size_t)blocks - 1
				       : (size_t)(cell->consumers *
						  batch_of(cell));
		if (i < cell->producers)
			payload_pool_init(&pool[i], first + (size_t)i * of_one,
					  blocks);
	}
	return 0;
}

static int stream_load(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	uint64_t slack = has_gaps(rig) ? INT64_MAX : 0;

	if (rig->backend->flags & BACKEND_LIFO)
		slack = UINT64_MAX;

	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->in = worker->out = &rig->channels[0];
		worker->first = first_word(i);
		worker->order.senders = (uint64_t)cell->producers;
		worker->order.slack = slack;
		for (int p = 0; p < cell->producers; p++)
			worker->order.last[p] = first_word(p) - 1;
		if (i < cell->producers || worker->limit == UINT64_MAX)
			continue;
		/*
		 * A sentinel after the last message ends the consumer.
		 */
		if (cell->stop == STOP_SENTINEL)
			worker->limit = UINT64_MAX;
		else
			worker->limit *= (uint64_t)cell->producers;
	}
	if (needs_pool(cell))
		return load_pools(rig);
	return is_paced(cell) ? load_paces(rig) : 0;
}

/*
 * One producer and one consumer: the bound is `lines`, the fastest stream of
 * cache lines. More threads: the bound is `faa`, because a ring without batches
 * needs one fetch-and-add on an index for each push and each pop.
 */
static const char *stream_bound(const struct record *row)
{
	return record_integer(row, COLUMN_producers) == 1 &&
			       record_integer(row, COLUMN_consumers) == 1
		       ? "lines"
		       : "faa";
}

/*
 * The rate fixes the throughput, so cells are compared by their latency. The
 * median has a value in every observation with 20 messages, and it scatters
 * less than the 99th percentile.
 */
static const char *stream_objective(const struct record *row)
{
	return record_number(row, column_of("rate")) > 0 ? "latency_p50_ns"
							 : NULL;
}

static void verify(struct rig *rig, struct verification *verification)
{
	if (rate_of(rig->cell))
		verify_recorded(rig, verification);
	else
		stream_verify(rig, verification);
	if (is_wrong(verification) && !*verification->first &&
	    !is_paced(rig->cell) && !needs_pool(rig->cell) &&
	    !is_by_value(rig->cell))
		strcpy(verification->first,
		       "to see the first, record all messages with --rate "
		       "10M/s");
}

static void stream_set_metrics(struct rig *rig, struct record *result)
{
	if (rate_of(rig->cell))
		set_latencies(rig, result);
}

/* --arrivals: constant, poisson or burst:N. */
static int set_arrivals(struct cell *cell, const struct param *param,
			const char *text, struct fault *fault)
{
	int64_t burst, value = 0;

	if (strcmp(text, "0") == 0) /* the cell has no rate */
		return 0;
	if (strcmp(text, "constant") == 0)
		value = ARRIVALS_CONSTANT;
	else if (strcmp(text, "poisson") == 0)
		value = ARRIVALS_POISSON;
	else if (strncmp(text, "burst:", 6) == 0 &&
		 text_parse_integer(text + 6, 1, BURST_MAX, &burst) == 0)
		value = ARRIVALS_BURST + burst - 1;
	if (!value)
		return fault_set(fault, EXIT_USAGE,
				 "%s \"%.60s\": must be constant, poisson, or "
				 "burst:N with N from 1 to %d",
				 param->name, text, BURST_MAX);
	cell_set_value(cell, param->name, value);
	return 0;
}

static void get_arrivals(const struct cell *cell, const struct param *param,
			 char text[CELL_TEXT_MAX])
{
	int64_t value = cell_value(cell, param->name);

	if (value < ARRIVALS_BURST)
		snprintf(text, CELL_TEXT_MAX, "%s",
			 value == ARRIVALS_CONSTANT  ? "constant"
			 : value == ARRIVALS_POISSON ? "poisson"
						     : "0");
	else
		snprintf(text, CELL_TEXT_MAX, "burst:%" PRId64,
			 value - ARRIVALS_BURST + 1);
}

/* clang-format off */
static const struct param stream_params[] = {
	{ "until", "WHEN", "when a consumer ends: stop (at the end of the "
			   "window) or empty (when it finds the queue empty)",
	  "stop", PARAM_CHOICE, .choices = until_names },
	{ "produce-every", "TIME", "time between two messages of each "
				   "producer; 0: full speed", "0ns",
	  PARAM_TIME, .low = 0, .high = RINGBENCH_NS_PER_S },
	{ "consume-every", "TIME", "time for which a consumer rests after "
				   "each message",
	  "0ns", PARAM_TIME, .low = 0, .high = RINGBENCH_NS_PER_S },
	{ "rate", "N/s", "messages a second of all producers together, such as "
	  "50k/s; 0: full speed", "0", PARAM_RATE, .low = 0, .high = 1000000000 },
	{ "arrivals", "HOW", "when messages are due with --rate: constant, "
	  "poisson, or burst:N (N messages at once)", "constant", PARAM_OTHER,
	  .set = set_arrivals, .get = get_arrivals },
	{ "batch", "N", "largest number of messages in one operation", "1",
	  PARAM_COUNT, .low = 1, .high = STREAM_BATCH_MAX },
	{ "payload", "BYTES", "size of a message; see payload-by", "8",
	  PARAM_BYTES, .low = 8, .high = 4096 },
	{ "payload-by", "HOW", "messages of more than 8 bytes are passed by "
	  "reference or by value", "reference", PARAM_CHOICE,
	  .choices = payload_by_names },
	SHARE_PARAM,
	{ NULL },
};

#define DUE "stream at a rate: from when a message was due until it was popped"
#define SENT "stream at a rate: from when a message was sent until it was popped"
static const struct column stream_metrics[] = {
	{ "offered_msg_per_s", "messages/s",
	  "stream at a rate: messages that were due per second",
	  TYPE_REAL, ROLE_METRIC, BETTER_NEITHER },
	LATENCY_COLUMNS("latency", DUE),
	LATENCY_COLUMNS("sent_latency", SENT),
	{ "late_share", "", "stream at a rate: share of messages that were sent "
	  "more than 1 us and more than a tenth of the mean gap after they were "
	  "due", TYPE_REAL, ROLE_CHECK, BETTER_LOWER },
	{ "late_max_ns", "ns",
	  "stream at a rate: longest time from when a message was due until it "
	  "was sent", TYPE_INTEGER, ROLE_CHECK, BETTER_LOWER },
	LATENCY_HISTOGRAM("latency", DUE),
	{ NULL },
};

#define LABELS { "wait" }, { "backend" }, { "placement" }, { "shape", "PxC" }
static const struct table stream_tables[] = {
	{ .columns = (const struct table_column[]){
		LABELS, { "objective", "msg/s" }, { "idle" }, { "ns" },
		{ "of_bound", "of bound" }, { "capacity_usable", "capacity" },
		{ NULL } } },
	{ .title = "batches, and payloads by reference and by value",
	  .about = "batch payload_bytes payload_by share",
	  .columns = (const struct table_column[]){
		LABELS, { "batch" }, { "payload_bytes", "bytes" },
		{ "payload_by", "by" }, { "share" },
		{ "objective", "msg/s" }, { "idle" },
		{ "capacity_usable", "capacity" }, { NULL } } },
	{ .title = "ways to stop, and paced threads",
	  .about = "stop until produce_every_ns consume_every_ns",
	  .columns = (const struct table_column[]){
		LABELS, { "stop" }, { "until" }, { "produce_every_ns", "produce" },
		{ "consume_every_ns", "consume" }, { "objective", "msg/s" },
		{ "left_over", "left over" }, { "stop_ns", "to stop" },
		{ NULL } } },
	{ .title = "under load: latency and CPU time at a rate",
	  .objective = "latency_p50_ns",
	  .columns = (const struct table_column[]){
		LABELS, { "rate" }, { "arrivals" },
		{ "objective", "p50" }, { "latency_p99_ns", "p99" },
		{ "cpu_pop_share", "pop CPU" }, { "cpu_push_share", "push CPU" },
		{ "late_share", "late" }, { NULL } } },
	{ NULL },
};

static const struct picture stream_pictures[] = {
	{ .name = "latency-by-cpu", .kind = PICTURE_TRADE,
	  .title = "99th percentile of the latency, and CPU time",
	  .x_title = "CPU time of the consumers, as a share of one CPU",
	  .y_title = "99th percentile of the latency, ns",
	  .x_column = "cpu_pop_share", .column = "latency_p99_ns" },
	{ .name = "latency", .kind = PICTURE_PERCENTILES,
	  .title = "latency by percentile",
	  .x_title = "share of the messages with a smaller latency",
	  .y_title = "latency from the time at which a message is due, ns",
	  .column = "latency_histogram" },
	{ NULL },
};
/* clang-format on */

static const char *const stream_roles[] = { "producer", "consumer", NULL };

const struct scenario scenario_stream = {
	.id = "stream",
	.summary = "producers to consumers through one queue, at full speed",
	.params = stream_params,
	.metrics = stream_metrics,
	.tables = stream_tables,
	.pictures = stream_pictures,
	.roles = stream_roles,
	.objective_of_cell = stream_objective,
	.bound = stream_bound,
	.default_stop = STOP_EVENT,
	.default_queues = 1,
	.default_producers = 1,
	.default_consumers = 1,
	.complete = stream_complete,
	.check = stream_check,
	.threads = stream_threads,
	.shape = stream_shape,
	.load = stream_load,
	.verify = verify,
	.set_metrics = stream_set_metrics,
};

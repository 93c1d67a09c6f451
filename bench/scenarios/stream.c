/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream: P producers and C consumers on one queue, messages as fast as they
 * go. Every message is numbered, so every loss shows.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "cell.h"
#include "clock.h"
#include "memory.h"
#include "stream_batch.h"

enum {
	PAYLOAD_NONE = sizeof(uint64_t), /* the word is the message */
	/* Blocks of a queue without bound: so many messages are under way. */
	BLOCKS_UNBOUNDED = 1 << 14,
	BLOCKS_SPARE = 64,
};

#define POOL_BYTES_MAX (INT64_C(1) << 30)

static bool is_paced(const struct cell *cell)
{
	return cell->produce_every_ns || cell->consume_every_ns ||
	       cell->until == UNTIL_EMPTY;
}

static bool has_payload(const struct cell *cell)
{
	return cell->payload > PAYLOAD_NONE;
}

static bool has_freight(const struct cell *cell)
{
	return cell->batch > 1 || has_payload(cell);
}

/*
 * Blocks of one producer: more than the queue and all hands can hold. On a
 * stack the oldest stay in use for as long as they like, and the free ones are
 * found between them: with as many again, each second one on average.
 */
static int64_t blocks_of(const struct cell *cell, int64_t room)
{
	bool stack = cell->contender.backend->flags & BACKEND_LIFO;
	int64_t blocks = (room ? room : BLOCKS_UNBOUNDED) +
			 (cell->consumers + 1) * cell->batch + BLOCKS_SPARE;

	return stack ? 2 * blocks : blocks;
}

static int stream_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (cell->messages && cell->consumers > 1)
		why = "needs a single consumer to count messages";
	else if (cell->until == UNTIL_EMPTY && cell->stop == STOP_SENTINEL)
		why = "until=empty has no consumer left to take a sentinel";
	else if (cell->payload % PAYLOAD_NONE)
		why = "needs a payload that is a multiple of 8 bytes";
	else if (has_freight(cell) && is_paced(cell))
		why = "paces single words; leave out batch and payload, or "
		      "produce-every, consume-every and until=empty";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "stream %s", why);
	return -1;
}

static const char *refuse_payload(const struct cell *cell)
{
	unsigned flags = cell->contender.backend->flags;

	if (flags & BACKEND_KEEPS_NOTHING)
		return "keeps no message, so there is no payload to read";
	if (flags & BACKEND_LIFO && flags & BACKEND_UNBOUNDED)
		return "a stack without bound never gives its oldest payloads "
		       "back; choose payload 8";
	if (cell->producers * blocks_of(cell, cell->capacity) *
		    freight_step(cell->payload) >
	    POOL_BYTES_MAX)
		return "the payloads of all messages take more than 1 GiB; "
		       "choose a smaller payload or capacity";
	return NULL;
}

static int stream_check(const struct cell *cell,
			char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->contender.backend;
	const char *why = NULL;

	if (backend->flags & BACKEND_ONE_POINTER)
		why = "carries one pointer at a time, stream many numbers";
	else if (backend->flags & BACKEND_FLOOR &&
		 (is_paced(cell) || cell->stop == STOP_SENTINEL))
		why = "is no queue, it streams at full speed until an event";
	else if (backend->flags & BACKEND_IN_BLOCKS && cell->messages)
		why = "passes on whole blocks, not a number of messages";
	else if (backend->flags & BACKEND_LIFO && cell->stop == STOP_SENTINEL)
		why = "hands out the newest first, so a sentinel overtakes";
	else if (cell->producers > 1 &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer";
	else if (cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_CONSUMER))
		why = "is for one consumer";
	else if (cell->batch > 1 && cell->stop == STOP_SENTINEL &&
		 cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer, but a consumer whose batch has two "
		      "sentinels puts one back";
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

static enum loop_kind producer_loop(const struct cell *cell)
{
	if (is_paced(cell))
		return LOOP_SOURCE;
	if (has_payload(cell))
		return LOOP_STREAM_PRODUCER_PAYLOAD;
	return cell->batch > 1 ? LOOP_STREAM_PRODUCER_BULK
			       : LOOP_STREAM_PRODUCER;
}

static enum loop_kind consumer_loop(const struct rig *rig)
{
	if (is_paced(rig->cell))
		return LOOP_STAGE;
	if (has_payload(rig->cell))
		return LOOP_STREAM_CONSUMER_PAYLOAD;
	if (rig->cell->batch > 1)
		return LOOP_STREAM_CONSUMER_BULK;
	if (rig->backend->flags & BACKEND_LIFO)
		return LOOP_STREAM_CONSUMER_UNORDERED;
	return rig->cell->producers * rig->cell->consumers == 1
		       ? LOOP_STREAM_CONSUMER
		       : LOOP_STREAM_CONSUMER_OF_MANY;
}

static void stream_shape(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	enum loop_kind producer = producer_loop(cell);
	enum loop_kind consumer = consumer_loop(rig);

	rig->queues = 1;
	for (int i = 0; i < rig->threads; i++) {
		bool produces = i < cell->producers;

		rig->parts[i].role = produces ? "producer" : "consumer";
		rig->parts[i].stage = !produces;
		rig->parts[i].loop =
			rig->backend->loops[produces ? producer : consumer]
					   [cell->wait.kind];
	}
}

static uint64_t first_word(int producer)
{
	return ((uint64_t)producer << STREAM_PRODUCER_SHIFT) + 1;
}

/* What a paced thread keeps: when it is due, and its pace. */
struct pace {
	int64_t due_ns;
	int64_t every_ns;
} LINE_ALIGNED;

static void sleep_until(struct worker *me, int64_t due_ns)
{
	struct timespec due = clock_timespec(due_ns);

	while (!load_relaxed(me->stop) &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL))
		;
}

/* From the intended time on, so that a late message delays no other one. */
static bool produce_paced(struct worker *me, uint64_t *word)
{
	struct pace *pace = me->own;

	if (pace->every_ns) {
		if (pace->due_ns == 0)
			pace->due_ns = clock_now_ns();
		sleep_until(me, pace->due_ns);
		pace->due_ns += pace->every_ns;
	}
	*word = me->first + me->messages;
	me->messages++;
	return true;
}

static void check_order(struct order *order, uint64_t word)
{
	uint64_t *last =
		&order->last[(word >> STREAM_PRODUCER_SHIFT) % PRODUCERS_MAX];

	if (word - *last - 1 <= order->slack)
		*last = word;
	else
		order_irregular(order, word);
}

/* As the tutorial's consumer: first the message, then the rest. */
static bool consume_paced(struct worker *me, uint64_t *word)
{
	struct pace *pace = me->own;

	me->sum += *word;
	me->squares += *word * *word;
	check_order(&me->order, *word);
	if (pace->every_ns)
		sleep_until(me, clock_now_ns() + pace->every_ns);
	return false;
}

static int load_paces(struct rig *rig)
{
	struct pace *paces = memory_lines((size_t)rig->threads *
					  sizeof(*paces));

	if (!paces)
		return -ENOMEM;
	rig->own = paces;
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];
		bool produces = i < rig->cell->producers;

		paces[i].every_ns = produces ? rig->cell->produce_every_ns
					     : rig->cell->consume_every_ns;
		worker->own = &paces[i];
		worker->work = produces ? produce_paced : consume_paced;
		worker->until_empty = !produces &&
				      rig->cell->until == UNTIL_EMPTY;
		worker->out = produces ? &rig->channels[0] : NULL;
	}
	return 0;
}

static int load_freight(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	int64_t blocks = 0;
	size_t step = (size_t)freight_step(cell->payload), of_one, table, pool;
	struct freight *freight;
	char *first;

	if (has_payload(cell))
		blocks = blocks_of(cell,
				   (int64_t)rig->channels[0].capacity_usable);
	of_one = (size_t)blocks * step;
	table = (size_t)rig->threads * sizeof(*freight);
	pool = (size_t)cell->producers * of_one;
	freight = memory_lines(table + pool);
	if (!freight)
		return -ENOMEM;
	rig->own = freight;
	first = (char *)freight + table;
	for (int i = 0; i < rig->threads; i++) {
		rig->workers[i].own = &freight[i];
		freight[i].batch = (size_t)cell->batch;
		if (!blocks)
			continue;
		freight[i].numbers = (size_t)cell->payload / sizeof(uint64_t);
		freight[i].step = step;
		freight[i].pool = (uintptr_t)first;
		freight[i].pool_end = (uintptr_t)first + pool - step;
		freight[i].skip = rig->backend->flags & BACKEND_LIFO
					  ? (size_t)blocks - 1
					  : (size_t)(cell->consumers *
						     cell->batch);
		if (i < cell->producers)
			freight_blocks(&freight[i], first + (size_t)i * of_one,
				       blocks);
	}
	return 0;
}

static int stream_load(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	uint64_t slack = cell->consumers > 1 ? INT64_MAX : 0;

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
		/* Sentinels come after the last message. */
		if (cell->stop == STOP_SENTINEL)
			worker->limit = UINT64_MAX;
		else
			worker->limit *= (uint64_t)cell->producers;
	}
	if (has_freight(cell))
		return load_freight(rig);
	return is_paced(cell) ? load_paces(rig) : 0;
}

/* What the drain goes on with: the order check of the only consumer. */
struct rest {
	struct order *order;
	const struct freight *freight; /* to open; NULL: plain words */
	uint64_t count;
	uint64_t sum;
	uint64_t squares;
};

static void check_rest(void *arg, uint64_t word)
{
	struct rest *rest = arg;

	rest->count++;
	if (rest->freight && !freight_open(rest->freight, rest->order, &word))
		return;
	rest->sum += word;
	rest->squares += word * word;
	check_order(rest->order, word);
}

/* Takes what is left in the queue; the checks go on with rest->order. */
static void drain_rest(struct rig *rig, struct rest *rest)
{
	if (has_payload(rig->cell))
		rest->freight = rig->own;
	rig->backend->drain(&rig->channels[0], check_rest, rest);
}

/* Sum of the words that a producer sent: an arithmetic series. */
static uint64_t sum_of_series(uint64_t first, uint64_t count)
{
	uint64_t half = count % 2 ? (count - 1) / 2 * count
				  : count / 2 * (count - 1);

	return first * count + half;
}

/* Sum of their squares, modulo 2^64; count is below 2^40. */
static uint64_t squares_of_series(uint64_t first, uint64_t count)
{
	unsigned __int128 n = count ? count - 1 : 0;
	uint64_t squares = (uint64_t)(n * (n + 1) * (2 * n + 1) / 6);

	return first * first * count + 2 * first * (uint64_t)(n * (n + 1) / 2) +
	       squares;
}

/*
 * Of a stack: that each word came once shows in count, sum and sum of squares.
 */
static void judge_unordered(struct rig *rig, struct verdict *verdict)
{
	struct rest rest = { .order = &rig->workers[0].order };
	uint64_t sent = 0, taken, sum = 0, squares = 0, alien = 0;

	drain_rest(rig, &rest);
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		alien += worker->order.alien;
		if (i < rig->cell->producers) {
			sent += worker->messages;
			sum += sum_of_series(worker->first, worker->messages);
			squares += squares_of_series(worker->first,
						     worker->messages);
			continue;
		}
		verdict->messages += worker->messages;
		rest.sum += worker->sum;
		rest.squares += worker->squares;
	}
	taken = verdict->messages + rest.count;
	verdict->left_over = rest.count;
	verdict->lost = taken < sent ? sent - taken : 0;
	verdict->repeated = taken > sent ? taken - sent : 0;
	if (taken == sent && (sum != rest.sum || squares != rest.squares))
		verdict->lost = verdict->repeated = 1; /* at the least */
	if (verdict->lost < alien)
		verdict->lost = alien;
}

/*
 * With one consumer the gaps that no late word filled are losses, and late
 * words beyond the gaps are repetitions; what is missing behind the last word
 * is lost, too. With several, only totals can tell: count, then sum.
 */
static void stream_judge(struct rig *rig, struct verdict *verdict)
{
	struct rest rest = { .order = NULL };
	uint64_t sent = 0, sum = 0, gaps = 0, late = 0, same = 0, alien = 0;
	uint64_t taken;

	if (rig->backend->flags & BACKEND_LIFO) {
		judge_unordered(rig, verdict);
		return;
	}
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		if (i < rig->cell->producers) {
			sent += worker->messages;
			sum += sum_of_series(worker->first, worker->messages);
			continue;
		}
		verdict->messages += worker->messages;
		sum -= worker->sum;
		rest.order = &worker->order;
	}
	if (rig->backend->flags & BACKEND_KEEPS_NOTHING)
		return;
	drain_rest(rig, &rest);
	for (int i = (int)rig->cell->producers; i < rig->threads; i++) {
		const struct order *order = &rig->workers[i].order;

		gaps += order->slack ? 0 : order->gap;
		late += order->late;
		same += order->same;
		alien += order->alien;
	}
	verdict->left_over = rest.count;
	taken = verdict->messages + rest.count;
	verdict->reordered = late;
	verdict->repeated = same;
	if (rig->cell->consumers == 1) {
		for (int p = 0; p < rig->cell->producers; p++) {
			uint64_t end = first_word(p) +
				       rig->workers[p].messages - 1;
			uint64_t last = rest.order->last[p];
			uint64_t beyond = last > end ? last - end : 0;
			/* Most of the gap before a word that was never sent
			 * is no loss; that word itself is counted. */
			uint64_t unreal = beyond <= gaps ? beyond - !!beyond
							 : gaps;

			gaps += (beyond ? 0 : end - last) - unreal;
			alien += beyond - unreal;
		}
		verdict->reordered = late < gaps ? late : gaps;
		verdict->repeated += late - verdict->reordered;
		verdict->lost = gaps - verdict->reordered;
	} else if (taken < sent) {
		verdict->lost = sent - taken;
	} else if (taken - sent > same) {
		verdict->repeated = taken - sent;
	}
	/* A changed word has left a gap, too; one that was made up has not. */
	if (verdict->lost < alien)
		verdict->lost = alien;
	/* Nothing seen so far, and yet not the words that were sent. */
	if (verdict->lost + verdict->repeated + verdict->reordered == 0 &&
	    (taken != sent || sum != rest.sum))
		verdict->lost++;
}

const struct scenario scenario_stream = {
	.id = "stream",
	.summary = "producers to consumers through one queue, at full speed",
	.params = "stop until produce-every consume-every batch payload",
	.must_wrap = true,
	.default_queues = 1,
	.default_producers = 1,
	.default_consumers = 1,
	.complete = stream_complete,
	.check = stream_check,
	.threads = stream_threads,
	.shape = stream_shape,
	.load = stream_load,
	.judge = stream_judge,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages of stream: which loops push and pop them, and how the scenario
 * verifies that each message arrived once and in order. Included by stream.c.
 */
#ifndef STREAM_VERIFY_H
#define STREAM_VERIFY_H

#include <inttypes.h>
#include <stdio.h>

#include "cell.h"
#include "stream_batch.h"

enum {
	PAYLOAD_NONE = sizeof(uint64_t),
};

static int64_t payload_of(const struct cell *cell)
{
	return cell_value(cell, "payload");
}

static bool has_payload(const struct cell *cell)
{
	return payload_of(cell) > PAYLOAD_NONE;
}

/* When a consumer ends. The constants are in the order of until_names[]. */
enum until_kind {
	UNTIL_STOP = 1,
	UNTIL_EMPTY, /* a consumer ends when the queue is empty */
};

static int64_t batch_of(const struct cell *cell)
{
	return cell_value(cell, "batch");
}

static bool has_pace(const struct cell *cell)
{
	return cell_value(cell, "rate") || cell_value(cell, "produce-every") ||
	       cell_value(cell, "consume-every");
}

/* Whether the messages are produced and consumed one by one at a given pace. */
static bool is_paced(const struct cell *cell)
{
	return has_pace(cell) || cell_value(cell, "until") == UNTIL_EMPTY;
}

/* How messages are carried. The constants are in the order of
 * payload_by_names[]. */
enum payload_by {
	PAYLOAD_BY_REFERENCE = 1,
	PAYLOAD_BY_VALUE,
};

static inline bool is_by_value(const struct cell *cell)
{
	return cell_value(cell, "payload-by") == PAYLOAD_BY_VALUE;
}

static const char *consumer_loop(const struct rig *rig)
{
	if (is_paced(rig->cell))
		return "relay_stage";
	if (has_payload(rig->cell))
		return "stream_consumer_payload";
	if (batch_of(rig->cell) > 1)
		return "stream_consumer_bulk";
	if (rig->backend->flags & BACKEND_LIFO)
		return "stream_consumer_unordered";
	return rig->cell->producers * rig->cell->consumers == 1
		       ? "stream_consumer"
		       : "stream_consumer_of_many";
}

static enum queue_order order_of(const struct rig *rig)
{
	return backend_order(rig->backend->flags,
			     rig->cell->producers * rig->cell->consumers > 1);
}

/*
 * Whether the words of a consumer may have gaps that are not losses: other
 * consumers popped the missing words, or the missing words come later.
 */
static bool has_gaps(const struct rig *rig)
{
	return rig->cell->consumers > 1 || order_of(rig) == ORDER_ANY;
}

static uint64_t first_word(int producer)
{
	return ((uint64_t)producer << STREAM_PRODUCER_SHIFT) + 1;
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

/*
 * The messages that were left in the queue, and the order check that continues
 * with them.
 */
struct rest {
	struct order *order;
	/* blocks to read; NULL: the words are the messages */
	const struct payload_pool *pool;
	size_t value_bytes; /* size of messages by value; 0: words */
	uint64_t *words;    /* the first `size` words, in their order */
	uint64_t size;
	uint64_t count;
	uint64_t sum;
	uint64_t squares;
	uint64_t mixed;
};

static void check_rest(void *arg, uint64_t word)
{
	struct rest *rest = arg;

	if (rest->count++ < rest->size)
		rest->words[rest->count - 1] = word;
	if (rest->value_bytes)
		word = stream_value_read((const uint64_t *)(uintptr_t)word,
					 rest->value_bytes, rest->order);
	if (rest->pool && !payload_read(rest->pool, rest->order, &word))
		return;
	rest->sum += word;
	rest->squares += word * word;
	rest->mixed += stream_mix(word);
	check_order(rest->order, word);
}

/*
 * Pops all messages that are left in the queue. The order check continues with
 * rest->order.
 */
static void drain_rest(struct rig *rig, struct rest *rest)
{
	rest->value_bytes = rig->value_bytes;
	if (has_payload(rig->cell) && !rig->value_bytes)
		rest->pool = rig->state;
	rig->backend->drain(&rig->channels[0], check_rest, rest);
}

/* Sum of the words that a producer pushed: an arithmetic series. */
static uint64_t sum_of_series(uint64_t first, uint64_t count)
{
	uint64_t half = count % 2 ? (count - 1) / 2 * count
				  : count / 2 * (count - 1);

	return first * count + half;
}

/*
 * Whether the words popped by several consumers differ from the pushed words.
 * The sum of mixed words has no closed formula; computing it takes about 1 ns
 * for each message.
 */
static bool mixed_words_differ(const struct rig *rig, uint64_t mixed)
{
	if (rig->value_bytes ||
	    strcmp(consumer_loop(rig), "stream_consumer_of_many") != 0)
		return false;
	for (int i = 0; i < rig->threads; i++) {
		const struct worker *worker = &rig->workers[i];

		mixed += worker->mixed;
		if (i >= rig->cell->producers)
			continue;
		for (uint64_t n = 0; n < worker->messages; n++)
			mixed -= stream_mix(worker->first + n);
	}
	return mixed != 0;
}

/*
 * Sum of the squares of the words that a producer pushed, modulo 2^64. `count`
 * is below 2^40.
 */
static uint64_t squares_of_series(uint64_t first, uint64_t count)
{
	unsigned __int128 n = count ? count - 1 : 0;
	uint64_t squares = (uint64_t)(n * (n + 1) * (2 * n + 1) / 6);

	return first * first * count + 2 * first * (uint64_t)(n * (n + 1) / 2) +
	       squares;
}

/*
 * For a stack: count, sum and sum of squares show whether each word was popped
 * exactly once.
 */
static void verify_unordered(struct rig *rig, struct rest *rest,
			     struct verification *verification)
{
	uint64_t sent = 0, taken, sum = 0, squares = 0, foreign = 0;

	rest->order = &rig->workers[0].order;
	drain_rest(rig, rest);
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		foreign += worker->order.foreign;
		if (i < rig->cell->producers) {
			sent += worker->messages;
			sum += sum_of_series(worker->first, worker->messages);
			squares += squares_of_series(worker->first,
						     worker->messages);
			continue;
		}
		verification->messages += worker->messages;
		sum -= worker->sum;
		squares -= worker->squares;
	}
	taken = verification->messages + rest->count;
	verification->left_over = rest->count;
	verification->lost = taken < sent ? sent - taken : 0;
	verification->repeated = taken > sent ? taken - sent : 0;
	if (taken == sent && (sum != rest->sum || squares != rest->squares))
		verification->lost = verification->repeated =
			1; /* a gap is at least one word */
	if (verification->lost < foreign)
		verification->lost = foreign;
}

/*
 * With one consumer:
 * - gaps that late words did not fill are losses,
 * - late words beyond the number of gaps are repetitions,
 * - messages missing after the newest word are losses.
 *
 * With several consumers, or without an order, only totals can be compared:
 * first the number of messages, then the sums.
 */
static void verify_words(struct rig *rig, struct rest *rest,
			 struct verification *verification)
{
	uint64_t sent = 0, sum = 0, gaps = 0, late = 0, duplicates = 0,
		 foreign = 0;
	uint64_t taken;

	if (rig->backend->flags & BACKEND_LIFO) {
		verify_unordered(rig, rest, verification);
		return;
	}
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		if (i < rig->cell->producers) {
			sent += worker->messages;
			sum += sum_of_series(worker->first, worker->messages);
			continue;
		}
		verification->messages += worker->messages;
		sum -= worker->sum;
		rest->order = &worker->order;
	}
	if (rig->backend->flags & BACKEND_KEEPS_NOTHING)
		return;
	drain_rest(rig, rest);
	for (int i = (int)rig->cell->producers; i < rig->threads; i++) {
		const struct order *order = &rig->workers[i].order;

		gaps += order->slack ? 0 : order->gap;
		late += order->late;
		duplicates += order->duplicates;
		/* A sentinel ended a consumer, but no sentinel was sent. */
		foreign += order->foreign + (rig->workers[i].ended &&
					     rig->cell->stop != STOP_SENTINEL);
	}
	verification->left_over = rest->count;
	taken = verification->messages + rest->count;
	if (order_of(rig) == ORDER_ANY)
		late = 0; /* late words are not errors */
	verification->reordered = late;
	verification->repeated = duplicates;
	if (!has_gaps(rig)) {
		for (int p = 0; p < rig->cell->producers; p++) {
			uint64_t end = first_word(p) +
				       rig->workers[p].messages - 1;
			uint64_t last = rest->order->last[p];
			uint64_t beyond = last > end ? last - end : 0;
			/*
			 * A word that was never sent causes a gap, which
			 * usually contains no lost message. The word itself is
			 * counted.
			 */
			uint64_t unreal = beyond <= gaps ? beyond - !!beyond
							 : gaps;

			gaps += (beyond ? 0 : end - last) - unreal;
			foreign += beyond - unreal;
		}
		verification->reordered = late < gaps ? late : gaps;
		verification->repeated += late - verification->reordered;
		verification->lost = gaps - verification->reordered;
	} else if (taken < sent) {
		verification->lost = sent - taken;
	} else if (taken - sent > duplicates) {
		verification->repeated = taken - sent;
	}
	/* A word that replaced another word leaves a gap, and an additional
	 * word does not. Count the loss only once. */
	if (verification->lost < foreign)
		verification->lost = foreign;
	/*
	 * The counts are right, but the sums show that the popped words differ
	 * from the pushed words.
	 */
	if (verification->lost + verification->repeated +
			    verification->reordered ==
		    0 &&
	    (taken != sent || sum != rest->sum ||
	     mixed_words_differ(rig, rest->mixed)))
		verification->lost++;
}

#endif

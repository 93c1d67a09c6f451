/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream: P producers and C consumers on one queue, messages as fast as they
 * go. Every message is numbered, so every loss shows.
 */
#include <stdio.h>

#include "cell.h"
#include "stream.h"

static int stream_check(const struct cell *cell,
			char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->contender.backend;
	const char *why = NULL;

	if (cell->queues != 1)
		why = "stream has one queue";
	else if (cell->messages && cell->consumers > 1)
		why = "messages= needs a single consumer, which can count";
	else if (backend->flags & BACKEND_ONE_POINTER)
		why = "carries one pointer at a time, stream many numbers";
	else if (backend->flags & BACKEND_KEEPS_NOTHING &&
		 cell->producers * cell->consumers > 1)
		why = "makes up the words of one producer for one consumer";
	else if (cell->producers > 1 &&
		 !(backend->flags &
		   (BACKEND_MULTI_PRODUCER | BACKEND_KEEPS_NOTHING)))
		why = "is for one producer";
	else if (cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_CONSUMER))
		why = "is for one consumer";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s: %s", backend->id, why);
	return -1;
}

static void stream_shape(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	enum wait_kind wait = cell->wait.kind;
	enum loop_kind consumer = cell->producers * cell->consumers == 1
					  ? LOOP_STREAM_CONSUMER
					  : LOOP_STREAM_CONSUMER_OF_MANY;

	rig->threads = (int)(cell->producers + cell->consumers);
	rig->queues = 1;
	for (int i = 0; i < rig->threads; i++) {
		bool produces = i < cell->producers;

		rig->parts[i].role = produces ? "producer" : "consumer";
		rig->parts[i].loop =
			rig->backend->loops[produces ? LOOP_STREAM_PRODUCER
						     : consumer][wait];
	}
}

static uint64_t first_word(int producer)
{
	return ((uint64_t)producer << STREAM_PRODUCER_SHIFT) + 1;
}

static int stream_load(struct rig *rig)
{
	const struct cell *cell = rig->cell;

	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->in = worker->out = &rig->channels[0];
		worker->first = first_word(i);
		worker->order.senders = (uint64_t)cell->producers;
		worker->order.slack = cell->consumers > 1 ? INT64_MAX : 0;
		for (int p = 0; p < cell->producers; p++)
			worker->order.last[p] = first_word(p) - 1;
		if (i >= cell->producers && worker->limit != UINT64_MAX)
			worker->limit *= (uint64_t)cell->producers;
	}
	return 0;
}

/* What the drain goes on with: the order check of the only consumer. */
struct rest {
	struct order *order;
	uint64_t count;
	uint64_t sum;
};

static void check_rest(void *arg, uint64_t word)
{
	struct rest *rest = arg;
	uint64_t *last = &rest->order->last[(word >> STREAM_PRODUCER_SHIFT) %
					    PRODUCERS_MAX];

	rest->count++;
	rest->sum += word;
	if (word - *last - 1 > rest->order->slack)
		order_irregular(rest->order, word);
	else
		*last = word;
}

/* Sum of the words that a producer sent: an arithmetic series. */
static uint64_t sum_of_series(uint64_t first, uint64_t count)
{
	uint64_t half = count % 2 ? (count - 1) / 2 * count
				  : count / 2 * (count - 1);

	return first * count + half;
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
	rig->backend->drain(&rig->channels[0], check_rest, &rest);
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
	.payload_bytes = sizeof(uint64_t),
	.default_queues = 1,
	.default_producers = 1,
	.default_consumers = 1,
	.check = stream_check,
	.shape = stream_shape,
	.load = stream_load,
	.judge = stream_judge,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paced messages of stream: when each message is due, the threads' own
 * functions that wait for this time, and the latencies of a cell with a rate.
 *
 * The times at which messages are due are a function of the producer and the
 * number of the message. So a message carries no time stamp: after the window,
 * latencies are computed from three lists of times. Each list belongs to one
 * thread. A thread writes 8 bytes (producer) or 16 bytes (consumer) for each
 * message to memory that no other thread uses meanwhile.
 *
 * Latency counts from the time at which a message was due. A producer that was
 * delayed sends its next messages late, and counting from the actual time of
 * sending would hide this ("coordinated omission", Gil Tene). Both are
 * computed: where they differ, the producer was late. Included by stream.c.
 */
#ifndef STREAM_PACE_H
#define STREAM_PACE_H

#include <math.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "cell.h"
#include "histogram.h"
#include "ringbench_clock.h"
#include "pacing.h"
#include "ringbench_memory.h"
#include "stream_verify.h"

enum arrivals {
	ARRIVALS_CONSTANT = 1,
	ARRIVALS_POISSON,
	ARRIVALS_BURST, /* the value of burst:N is ARRIVALS_BURST + N - 1 */
	BURST_MAX = 100000,
};

enum {
	/* A producer reads the clock twice for each message: about 60 ns. */
	PRODUCER_RATE_MAX = 10000000,
	JOURNAL_MAX =
		1 << 23, /* largest number of messages whose times are stored */
	ARRIVALS_SEED = 1,
};

/* When the messages of one producer are due, from the start of its window. */
struct schedule {
	double gap_ns; /* mean time between two messages */
	double due_ns; /* time at which the next message is due, from the start
			*/
	int64_t arrivals;
	uint64_t sent;	 /* number of messages so far */
	uint64_t random; /* state of the generator */
};

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a share in (0, 1]. */
static double schedule_share(struct schedule *schedule)
{
	uint64_t z = schedule->random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (double)((z ^ z >> 31) >> 11) * 0x1p-53 + 0x1p-53;
}

static void schedule_init(struct schedule *schedule, int64_t arrivals,
			  double gap_ns, int producer, int64_t producers)
{
	*schedule = (struct schedule){
		.gap_ns = gap_ns,
		.arrivals = arrivals,
		.random = ARRIVALS_SEED + ((uint64_t)producer << 32),
		/* Shifts the schedules of the producers, so that they take
		 * turns. */
		.due_ns = arrivals == ARRIVALS_POISSON
				  ? 0
				  : gap_ns * producer / (double)producers,
	};
	if (arrivals == ARRIVALS_POISSON)
		schedule->due_ns = -gap_ns * log(schedule_share(schedule));
}

/* Returns the time at which the next message is due, and advances the
 * schedule. */
static int64_t schedule_next(struct schedule *schedule)
{
	int64_t due_ns = llround(schedule->due_ns);

	schedule->sent++;
	if (schedule->arrivals == ARRIVALS_POISSON) {
		schedule->due_ns -= schedule->gap_ns *
				    log(schedule_share(schedule));
	} else if (schedule->arrivals < ARRIVALS_BURST) {
		schedule->due_ns += schedule->gap_ns;
	} else {
		uint64_t burst = (uint64_t)(schedule->arrivals -
					    ARRIVALS_BURST + 1);

		if (schedule->sent % burst == 0)
			schedule->due_ns += schedule->gap_ns * (double)burst;
	}
	return due_ns;
}

struct popped {
	uint64_t word;
	int64_t at_ns;
};

/* The state of one thread. */
struct pace {
	struct schedule schedule; /* producer */
	struct schedule again;	  /* a copy of the schedule at its start */
	int64_t start_ns;	  /* start of the schedule; 0: not started */
	int64_t rest_ns;	  /* consumer: rest after each message */
	bool only_sleeps;	  /* never spins until a message is due */
	int64_t *sent;		  /* producer: when each message was sent */
	struct popped *popped;	  /* consumer */
	uint64_t size;		  /* size of the list; 0: no list is kept */
	uint64_t count;		  /* number of messages; may exceed `size` */
} RINGBENCH_ALIGNED;

static int64_t rate_of(const struct cell *cell)
{
	return cell_value(cell, "rate");
}

/* A late message does not change the times at which later messages are due. */
static bool produce_paced(struct worker *me, uint64_t *word)
{
	struct pace *pace = me->state;

	if (pace->schedule.gap_ns > 0) {
		int64_t now_ns;

		if (pace->start_ns == 0)
			pace->start_ns = ringbench_now_ns();
		now_ns = pace_wait(
			me, pace->start_ns + schedule_next(&pace->schedule),
			pace->only_sleeps);
		/* A message that is not due when the window ends is not sent.
		 */
		if (pace->size && ringbench_load_relaxed(me->stop))
			return false;
		if (pace->count++ < pace->size)
			pace->sent[pace->count - 1] = now_ns;
	}
	*word = me->first + me->messages;
	me->messages++;
	return true;
}

/* Handles the message first and rests then, like the consumer of the tutorial.
 */
static bool consume_paced(struct worker *me, uint64_t *word)
{
	struct pace *pace = me->state;

	if (pace->size && pace->count++ < pace->size)
		pace->popped[pace->count - 1] =
			(struct popped){ *word, ringbench_now_ns() };
	me->sum += *word;
	me->squares += *word * *word;
	check_order(&me->order, *word);
	if (pace->rest_ns) {
		int64_t begin_ns = ringbench_now_ns();

		pace_sleep(me, begin_ns + pace->rest_ns);
		me->pace_ns += ringbench_now_ns() - begin_ns;
	}
	return false;
}

/* Number of messages whose times a thread may have to store. */
static uint64_t journal_size(const struct cell *cell, bool produces)
{
	double seconds = (double)cell->duration_ns / RINGBENCH_NS_PER_S;
	double count = (double)rate_of(cell) * seconds;

	if (!rate_of(cell))
		return 0;
	if (cell->messages)
		count = (double)(cell->messages * cell->producers);
	if (produces)
		count /= (double)cell->producers;
	/* Random arrivals, or a window that ends late, can give more
	 * messages. */
	return (uint64_t)(1.5 * count) + 1024;
}

static void pace_producer(const struct rig *rig, struct pace *pace, int number)
{
	const struct cell *cell = rig->cell;
	double gap_ns = (double)cell_value(cell, "produce-every");

	pace->only_sleeps = gap_ns > 0 || shares_a_cpu(rig);
	if (rate_of(cell))
		gap_ns = (double)(RINGBENCH_NS_PER_S * cell->producers) /
			 (double)rate_of(cell);
	schedule_init(&pace->schedule,
		      rate_of(cell) ? cell_value(cell, "arrivals")
				    : ARRIVALS_CONSTANT,
		      gap_ns, number, rate_of(cell) ? cell->producers : 1);
	if (!rate_of(cell))
		pace->schedule.due_ns = 0;
	pace->again = pace->schedule;
}

/* Allocates one block with the states of all threads, followed by their
 * lists. */
static int load_paces(struct rig *rig)
{
	const struct cell *cell = rig->cell;
	size_t producers = (size_t)cell->producers;
	size_t sent = journal_size(cell, true);
	size_t popped = journal_size(cell, false);
	size_t of_sent = sent * sizeof(int64_t) + RINGBENCH_LINE;
	size_t of_popped = popped * sizeof(struct popped) + RINGBENCH_LINE;
	struct pace *paces = ringbench_alloc_lines(
		(size_t)rig->threads * sizeof(*paces) + producers * of_sent +
		(size_t)cell->consumers * of_popped);
	char *list;

	if (!paces)
		return -ENOMEM;
	list = (char *)(paces + rig->threads);
	rig->state = paces;
	for (int i = 0; i < rig->threads; i++) {
		struct worker *worker = &rig->workers[i];
		bool produces = i < cell->producers;

		worker->state = &paces[i];
		worker->work = produces ? produce_paced : consume_paced;
		worker->until_empty = !produces &&
				      cell_value(cell, "until") == UNTIL_EMPTY;
		worker->out = produces ? &rig->channels[0] : NULL;
		paces[i].size = produces ? sent : popped;
		if (produces) {
			pace_producer(rig, &paces[i], i);
			paces[i].sent = (int64_t *)list;
			list += of_sent & ~(size_t)(RINGBENCH_LINE - 1);
			continue;
		}
		paces[i].rest_ns = cell_value(cell, "consume-every");
		paces[i].popped = (struct popped *)list;
		list += of_popped & ~(size_t)(RINGBENCH_LINE - 1);
	}
	return 0;
}

#endif

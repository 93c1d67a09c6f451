/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The latencies of a cell with a rate, computed after the window from the lists
 * of stream_pace.h. Included by stream.c.
 */
#ifndef STREAM_LATENCY_H
#define STREAM_LATENCY_H

#include "latency.h"
#include "stream_pace.h"

/* A message is late if it is sent later than this after it was due, and later
 * than a tenth of the mean gap. */
#define LATE_NS RINGBENCH_NS_PER_US

struct latencies {
	struct histogram
		due; /* latencies from the time at which a message was due */
	struct histogram
		sent; /* latencies from the time at which a message was sent */
	uint64_t offered; /* messages due in the window */
	uint64_t late;
	int64_t latest_ns; /* longest delay of a producer */
};

/* The times at which the producer's messages were due. DELIVERED replaces the
 * time of a popped message. */
#define DELIVERED INT64_MIN

static int64_t *due_times(const struct pace *pace, uint64_t count)
{
	int64_t *due = calloc(count + 1, sizeof(*due));
	struct schedule schedule = pace->again;

	if (!due)
		abort();
	for (uint64_t i = 0; i < count; i++)
		due[i] = pace->start_ns + schedule_next(&schedule);
	return due;
}

/* Counts the messages that the producer sent late. */
static void count_late(const struct pace *pace, const int64_t *due,
		       uint64_t count, struct latencies *latencies)
{
	double limit = fmax((double)LATE_NS, pace->schedule.gap_ns / 10);

	for (uint64_t i = 0; i < count; i++) {
		int64_t late_ns = pace->sent[i] - due[i];

		latencies->late += (double)late_ns > limit;
		if (late_ns > latencies->latest_ns)
			latencies->latest_ns = late_ns;
	}
}

static void record_popped(const struct rig *rig, const struct pace *consumer,
			  int64_t *const *due, const uint64_t *counts,
			  struct latencies *latencies)
{
	const struct pace *paces = rig->state;

	for (uint64_t i = 0; i < consumer->count && i < consumer->size; i++) {
		const struct popped *popped = &consumer->popped[i];
		uint64_t producer = popped->word >> STREAM_PRODUCER_SHIFT;
		uint64_t number;

		if (producer >= (uint64_t)rig->cell->producers)
			continue; /* the verification reports this message */
		number = popped->word - first_word((int)producer);
		if (number >= counts[producer] ||
		    due[producer][number] == DELIVERED)
			continue;
		histogram_record(&latencies->due,
				 popped->at_ns - due[producer][number]);
		histogram_record(&latencies->sent,
				 popped->at_ns - paces[producer].sent[number]);
		due[producer][number] = DELIVERED;
	}
}

/*
 * Messages that were due and not popped when the window ended have waited until
 * then at least. Leaving them out would hide the longest waits.
 */
static void record_undelivered(const struct rig *rig, const struct pace *pace,
			       const int64_t *due, uint64_t count,
			       struct latencies *latencies)
{
	struct schedule schedule = pace->again;
	uint64_t number = 0;

	for (;;) {
		int64_t due_ns = pace->start_ns + schedule_next(&schedule);

		if (due_ns > rig->request_ns || number > pace->size)
			break;
		latencies->offered++;
		if (number >= count || due[number] != DELIVERED)
			histogram_record(&latencies->due,
					 rig->request_ns - due_ns);
		number++;
	}
}

static void latencies_make(const struct rig *rig, struct latencies *latencies)
{
	const struct pace *paces = rig->state;
	int64_t *due[PRODUCERS_MAX];
	uint64_t counts[PRODUCERS_MAX];
	int producers = (int)rig->cell->producers;

	for (int i = 0; i < producers; i++) {
		counts[i] = paces[i].count < paces[i].size ? paces[i].count
							   : paces[i].size;
		due[i] = due_times(&paces[i], counts[i]);
		count_late(&paces[i], due[i], counts[i], latencies);
	}
	for (int i = producers; i < rig->threads; i++)
		record_popped(rig, &paces[i], due, counts, latencies);
	for (int i = 0; i < producers; i++) {
		if (rig->request_ns && paces[i].start_ns)
			record_undelivered(rig, &paces[i], due[i], counts[i],
					   latencies);
		else
			latencies->offered += counts[i];
		free(due[i]);
	}
}

static void set_latencies(struct rig *rig, struct record *result)
{
	struct latencies *latencies = calloc(1, sizeof(*latencies));
	int64_t window_ns = rig->cell->duration_ns;
	const struct pace *paces = rig->state;
	uint64_t sent = 0;

	if (!latencies)
		abort();
	latencies_make(rig, latencies);
	for (int i = 0; i < rig->cell->producers; i++)
		sent += paces[i].count;
	latency_set(result, "latency", &latencies->due);
	latency_set(result, "sent_latency", &latencies->sent);
	if (rig->request_ns && paces[0].start_ns)
		window_ns = rig->request_ns - paces[0].start_ns;
	if (window_ns > 0)
		record_set_real(result, column_of("offered_msg_per_s"),
				(double)latencies->offered / (double)window_ns *
					RINGBENCH_NS_PER_S);
	if (sent) {
		record_set_real(result, column_of("late_share"),
				(double)latencies->late / (double)sent);
		record_set_integer(result, column_of("late_max_ns"),
				   latencies->latest_ns);
	}
	free(latencies);
}

#endif

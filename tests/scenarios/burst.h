/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measured loops of burst, and the state of its two threads. The build
 * compiles this file into every backend, in C and in C++.
 */
#ifndef BURST_H
#define BURST_H

#include "backend.h"
#include "ringbench_clock.h"
#include "histogram.h"

/* A message is its number times 8: the backend `line` uses the lowest bits. */
enum {
	BURST_STEP = 8,
};

struct burst {
	uint64_t size;		/* messages of one burst */
	struct histogram times; /* one entry for each burst */
};

#define BURST_LOOPS(X) X(burst_producer) X(burst_consumer)

#ifdef WORKERS_H
QUEUE_OPERATION void burst_producer(struct worker *me, enum wait_kind kind)
{
	struct burst *burst = (struct burst *)me->state;
	struct port out, in;
	uint64_t word = 0, answer;

	port_open(&out, (struct queue *)me->out->queue);
	port_open(&in, (struct queue *)me->in->queue);
	while (me->messages < me->limit && !ringbench_load_relaxed(me->stop)) {
		int64_t start_ns = ringbench_now_ns();

		for (uint64_t i = 0; i < burst->size; i++) {
			word += BURST_STEP;
			if (!transfer(&out, me->out, &word, me, PUSH, kind))
				goto end;
			me->messages++;
		}
		if (!transfer(&in, me->in, &answer, me, POP, kind))
			goto end;
		histogram_record(&burst->times, ringbench_now_ns() - start_ns);
	}
end:
	port_close(&in);
	port_close(&out);
}

/* The answer is the number of the last message of the burst. */
QUEUE_OPERATION void burst_consumer(struct worker *me, enum wait_kind kind)
{
	struct burst *burst = (struct burst *)me->state;
	struct port out, in;
	uint64_t word = 0, expected = BURST_STEP;

	port_open(&out, (struct queue *)me->out->queue);
	port_open(&in, (struct queue *)me->in->queue);
	while (me->messages < me->limit && !ringbench_load_relaxed(me->stop)) {
		for (uint64_t i = 0; i < burst->size; i++) {
			if (!transfer(&in, me->in, &word, me, POP, kind))
				goto end;
			me->messages++;
			if (RINGBENCH_UNLIKELY(word != expected))
				me->order.late++;
			expected = word + BURST_STEP;
		}
		if (!transfer(&out, me->out, &word, me, PUSH, kind))
			goto end;
	}
end:
	port_close(&in);
	port_close(&out);
}
#endif

#endif

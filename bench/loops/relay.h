/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two loops for scenarios that spend microseconds on a message. A source makes
 * messages and pushes them. A stage pops a message, handles it and pushes it to
 * the next queue. The scenario's own functions make and handle messages and are
 * called for each message. The operations of the queue are inlined. workers.h
 * includes this file.
 */
#ifndef RELAY_H
#define RELAY_H

#include "backend.h"

/* The loops of this file; see workers.h. */
#define RELAY_LOOPS(X) X(relay_source) X(relay_stage)

#ifdef WORKERS_H
static RINGBENCH_INLINE void relay_source(struct worker *me,
					  enum wait_kind kind)
{
	struct channel *out = me->out;
	struct port port;
	uint64_t messages = 0, word = 0;

	port_open(&port, (struct queue *)out->queue);
	while (messages != me->limit && worker_goes_on(me, messages) &&
	       me->work(me, &word)) {
		if (!transfer(&port, out, &word, me, PUSH, kind)) {
			me->held = 1;
			break;
		}
		messages++;
		if (me->after)
			me->after(me, word);
	}
	port_close(&port);
	me->messages = messages;
}

/*
 * The loop ends at a sentinel, at its limit, when it sees an empty queue
 * (until_empty), or when the stop flag is set. The stop flag of a stage stays
 * clear if the cell ends by sentinels. The loop always waits for the first
 * message, also with until_empty.
 */
static RINGBENCH_INLINE void relay_stage(struct worker *me, enum wait_kind kind)
{
	struct channel *in = me->in, *out = me->out;
	struct port in_port, out_port;
	uint64_t messages = 0, word = 0;

	port_open(&in_port, (struct queue *)in->queue);
	port_open(&out_port, (struct queue *)(out ? out : in)->queue);
	while (messages != me->limit && worker_goes_on(me, messages)) {
		if (me->until_empty && messages && queue_is_empty(&in_port))
			break;
		if (!transfer(&in_port, in, &word, me, POP, kind))
			break;
		me->ended = word == WORD_SENTINEL;
		if (me->ended)
			break;
		messages++;
		if (!me->work(me, &word) || !out)
			continue;
		if (!transfer(&out_port, out, &word, me, PUSH, kind)) {
			me->held = 1;
			break;
		}
	}
	port_close(&out_port);
	port_close(&in_port);
	me->messages = messages;
}
#endif

#endif

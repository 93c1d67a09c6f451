/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of pingpong: pop the message, add 1 to its three numbers, push it to
 * the same queue or to the other queue. workers.h includes this file.
 */
#ifndef PINGPONG_H
#define PINGPONG_H

#include "backend.h"

/*
 * The tutorial's list [1, 2, 3], as plain memory: push and pop make the writes
 * visible to the other thread.
 */
struct pingpong_message {
	uint64_t number[3];
} RINGBENCH_ALIGNED;

/* The loops of this file; see workers.h. */
#define PINGPONG_LOOPS(X) X(pingpong_one_queue) X(pingpong_two_queues)

#ifdef WORKERS_H
static RINGBENCH_INLINE void pingpong(struct worker *me, enum wait_kind kind,
				      bool one_queue)
{
	struct pingpong_message *message =
		(struct pingpong_message *)(uintptr_t)me->first;
	struct channel *in = me->in, *out = me->out;
	struct port in_port, out_port;
	struct port *put_port = one_queue ? &in_port : &out_port;
	const uint32_t *stop = me->sentinel_flag ? me->sentinel_flag : me->stop;
	/*
	 * Waits also read the stop flag, but not sentinel_flag. So a thread
	 * with a sentinel_flag reads it for every message.
	 */
	uint64_t stride = me->sentinel_flag ? 1 : worker_stride(me);
	uint64_t messages = 0, foreign = 0, check = 0, word = 0, n;
	bool held = false;

	port_open(&in_port, (struct queue *)in->queue);
	if (!one_queue)
		port_open(&out_port, (struct queue *)out->queue);
	while (transfer(&in_port, in, &word, me, POP, kind)) {
		if (RINGBENCH_UNLIKELY(word != me->first)) {
			me->ended = word == WORD_SENTINEL;
			/* the word is not the message's address: do not touch
			 * the memory */
			foreign += !me->ended;
			break;
		}
		n = message->number[0];
		if (RINGBENCH_UNLIKELY(n >= check)) {
			ringbench_store_relaxed(&me->done, messages);
			if (n >= me->limit || ringbench_load_relaxed(stop)) {
				/*
				 * The end: pushes the message back, or keeps
				 * the message (`held`) and pushes a sentinel
				 * instead.
				 */
				if (me->sentinel_flag)
					word = WORD_SENTINEL;
				held = !transfer(put_port, out, &word, me, PUSH,
						 kind);
				break;
			}
			check = n + stride;
			check = check < me->limit ? check : me->limit;
		}
		if (RINGBENCH_UNLIKELY(message->number[1] != n + 1 ||
				       message->number[2] != n + 2))
			foreign++;
		message->number[0] = n + 1;
		message->number[1] += 1;
		message->number[2] += 1;
		messages++;
		held = !transfer(put_port, out, &word, me, PUSH, kind);
		if (RINGBENCH_UNLIKELY(held))
			break;
	}
	if (!one_queue)
		port_close(&out_port);
	port_close(&in_port);
	me->messages = messages;
	me->held = held;
	me->order.foreign = foreign;
}

static RINGBENCH_INLINE void pingpong_one_queue(struct worker *me,
						enum wait_kind kind)
{
	pingpong(me, kind, true);
}

static RINGBENCH_INLINE void pingpong_two_queues(struct worker *me,
						 enum wait_kind kind)
{
	pingpong(me, kind, false);
}
#endif

#endif

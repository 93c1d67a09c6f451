/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waits for a free slot of a queue that has a native wait for messages only.
 * The queue has no capacity limit, but it refuses a push when it holds so many
 * messages that memory runs short. Speed does not matter then, so the thread
 * tries once every millisecond.
 */
#ifndef UNBOUNDED_WAIT_H
#define UNBOUNDED_WAIT_H

#include "ringbench_clock.h"
#include "contract.h"

#ifdef __cplusplus
namespace
{
#endif

QUEUE_OPERATION enum queue_status
queue_push_until(struct port *port, uint64_t word, int64_t deadline_ns)
{
	while (!queue_try_push(port, word)) {
		int64_t now_ns = ringbench_now_ns();
		int64_t nap_ns = RINGBENCH_NS_PER_MS;
		struct timespec nap;

		if (now_ns >= deadline_ns)
			return QUEUE_TIMEOUT;
		if (deadline_ns - now_ns < nap_ns)
			nap_ns = deadline_ns - now_ns;
		nap = ringbench_timespec(nap_ns);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	return QUEUE_OK;
}

#ifdef __cplusplus
}
#endif

#endif

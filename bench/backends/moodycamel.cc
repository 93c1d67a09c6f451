// SPDX-License-Identifier: BSD-2-Clause
/*
 * moodycamel::ConcurrentQueue without tokens: each push looks up the list of
 * its thread in a hash table, each pop searches the fullest of the first lists
 * (moodycamel_common.h).
 *
 * NEEDS: concurrentqueue/concurrentqueue.h libconcurrentqueue-dev
 */
#define MOODYCAMEL_QUEUE ConcurrentQueue
#include "moodycamel_common.h"

namespace
{

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->lists.enqueue(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->lists.try_dequeue(*word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->lists.size_approx() == 0;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(moodycamel, "ConcurrentQueue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED |
		       BACKEND_PRODUCER_ORDER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

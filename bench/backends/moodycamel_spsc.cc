// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cameron Desrochers' ring for one producer and one consumer
 * (moodycamel::ReaderWriterQueue). Each side has its own index and a copy of
 * the other's on one line, and reads the other's line only when the copy says
 * full or empty. Indices are published after a release fence and believed
 * before an acquire fence. No side waits for the other: wait-free.
 *
 * With try_enqueue, which never allocates, it is bounded. It is a circle of
 * rings; one ring alone is refilled while it is read, more than one are only
 * when they were read to the end. So that "full" means full at any capacity, it
 * gets a single ring here (by default it has one up to 1023 messages, which is
 * the default here, too).
 *
 * NEEDS: readerwriterqueue/readerwriterqueue.h libreaderwriterqueue-dev
 */
#define NDEBUG
#include <readerwriterqueue/readerwriterqueue.h>

#include "contract.h"
#include "peer.h"

namespace
{

enum {
	/* Up to twice that is one ring. */
	BLOCK_MAX = 1 << 20
};

struct RINGBENCH_ALIGNED queue {
	moodycamel::ReaderWriterQueue<uint64_t, BLOCK_MAX> ring;

	explicit queue(size_t capacity) : ring(capacity)
	{
	}
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	size_t slots = 2; /* one of them stays free */

	if (capacity == 0 || capacity >= 2 * BLOCK_MAX)
		return -EINVAL;
	while (slots <= capacity)
		slots *= 2;
	*usable = slots - 1;
	return peer_create(created, capacity, slots - 1);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->ring.try_enqueue(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->ring.try_dequeue(*word);
}

/* The consumer's question, as poll and sleep ask it. */
QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return !port->queue->ring.peek();
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(moodycamel_spsc, "moodycamel::ReaderWriterQueue", 0,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)

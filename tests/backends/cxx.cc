// SPDX-License-Identifier: BSD-2-Clause A correct queue in C++: the contract
// also works in C++.
#include <cerrno>
#include <deque>
#include <mutex>
#include <new>

#include "contract.h"

namespace
{

struct queue {
	std::mutex lock;
	std::deque<uint64_t> words;
	size_t capacity;
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*created = new (std::nothrow) queue;
	if (!*created)
		return -ENOMEM;
	(*created)->capacity = *usable = capacity;
	return 0;
}

void queue_destroy(struct queue *q)
{
	delete q;
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	std::lock_guard<std::mutex> guard(port->queue->lock);

	if (port->queue->words.size() == port->queue->capacity)
		return false;
	port->queue->words.push_back(word);
	return true;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	std::lock_guard<std::mutex> guard(port->queue->lock);

	if (port->queue->words.empty())
		return false;
	*word = port->queue->words.front();
	port->queue->words.pop_front();
	return true;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	std::lock_guard<std::mutex> guard(port->queue->lock);

	return port->queue->words.empty();
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(cxx, "std::deque under std::mutex",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

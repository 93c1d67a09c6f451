/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages by value through the queue of a C++ library. A backend defines
 * value_ring<N>, the library's queue of value<N>, and its operations
 * ring_push() and ring_pop(), and then includes this file. The libraries copy
 * messages, so a port keeps one message.
 */
#ifndef PEER_VALUE_H
#define PEER_VALUE_H

#include <cstring>

#include "peer.h"

namespace
{

/* The call for the size of the queue's messages. */
#define VALUE_SIZED(bytes, call)          \
	((bytes) == 8	 ? call<8>(port)  \
	 : (bytes) == 32 ? call<32>(port) \
	 : (bytes) == 64 ? call<64>(port) \
			 : call<256>(port))

struct value_queue {
	void *ring;
	size_t bytes;
};

struct value_port {
	void *ring;
	uint64_t message[256 / sizeof(uint64_t)];
};

template <size_t N>
QUEUE_OPERATION bool value_push_sized(struct value_port *port)
{
	value<N> message;

	std::memcpy(&message, port->message, N);
	return ring_push(static_cast<value_ring<N> *>(port->ring), message);
}

template <size_t N>
QUEUE_OPERATION bool value_pop_sized(struct value_port *port)
{
	value<N> message;

	if (!ring_pop(static_cast<value_ring<N> *>(port->ring), message))
		return false;
	std::memcpy(port->message, &message, N);
	return true;
}

QUEUE_OPERATION void value_port_open(struct value_port *port,
				     struct value_queue *q, size_t bytes)
{
	(void)bytes;
	port->ring = q->ring;
}

QUEUE_OPERATION void *value_place(struct value_port *port, size_t bytes)
{
	(void)bytes;
	return port->message;
}

QUEUE_OPERATION bool value_push(struct value_port *port, size_t bytes)
{
	return VALUE_SIZED(bytes, value_push_sized);
}

QUEUE_OPERATION const void *value_front(struct value_port *port, size_t bytes)
{
	return VALUE_SIZED(bytes, value_pop_sized) ? port->message : nullptr;
}

QUEUE_OPERATION void value_pop(struct value_port *port, size_t bytes)
{
	(void)port;
	(void)bytes;
}

template <size_t N> void *value_make_sized(size_t *capacity)
{
	return new value_ring<N>(*capacity);
}

template <size_t N> bool value_free_sized(struct value_queue *q)
{
	delete static_cast<value_ring<N> *>(q->ring);
	return true;
}

/* Also pushes and pops `messages` messages, so that all pages are mapped. */
inline int value_create_peer(size_t capacity, size_t bytes,
			     struct value_queue **queue, size_t messages)
{
	struct value_port opened;

	try {
		size_t *port = &capacity;

		*queue = new value_queue();
		(*queue)->bytes = bytes;
		(*queue)->ring = VALUE_SIZED(bytes, value_make_sized);
	} catch (const std::bad_alloc &) {
		delete *queue;
		return -ENOMEM;
	}
	std::memset(&opened, 0, sizeof(opened));
	value_port_open(&opened, *queue, bytes);
	for (size_t i = 0; i < messages; i++)
		value_push(&opened, bytes);
	for (size_t i = 0; i < messages; i++)
		value_front(&opened, bytes);
	return 0;
}

void value_destroy(struct value_queue *port)
{
	VALUE_SIZED(port->bytes, value_free_sized);
	delete port;
}

} // namespace

#endif

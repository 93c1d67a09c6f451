/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Creates and destroys the queue of a C++ library, for the backends that wrap
 * one. Each backend defines a struct queue with a constructor, and it defines
 * NDEBUG before the headers of the library, because assertions would be
 * measured otherwise.
 */
#ifndef PEER_H
#define PEER_H

#include <cerrno>
#include <new>

#include "contract.h"

namespace
{

/* A message by value. */
template <size_t N> struct value {
	uint64_t words[N / sizeof(uint64_t)];
};

/*
 * Creates a Q from `argument`, then pushes and pops as many words as the queue
 * will hold later, so that all its pages are mapped before the window. The
 * types that a backend defines later are template parameters here.
 */
template <typename Q, typename Port = struct port>
inline int peer_create(Q **made, size_t argument, size_t words)
{
	Port port;
	uint64_t word;

	try {
		*made = new Q(argument);
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
	port_open(&port, *made);
	for (size_t i = 0; i < words; i++)
		queue_try_push(&port, 1);
	for (size_t i = 0; i < words; i++)
		queue_try_pop(&port, &word);
	port_close(&port);
	return 0;
}

} // namespace

#endif

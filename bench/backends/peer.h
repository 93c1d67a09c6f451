/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making and destroying the queue of a C++ library, for the backends that wrap
 * one. Each defines NDEBUG before its library's headers, whose assertions would
 * be measured otherwise, and a struct queue with a constructor.
 */
#ifndef PEER_H
#define PEER_H

#include <cerrno>
#include <new>

#include "contract.h"

namespace
{

/*
 * Makes a Q of `argument`, and passes as many words through as are to be in it
 * later, so that no page that it uses then is a new one. Types that a backend
 * defines further down are parameters here.
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenium's queues without capacity limit. A popped node is freed when no thread
 * can use it any more: epoch-based reclamation (Fraser, 2004; xenium's
 * new_epoch_based). Both sides call the allocator and may have to wait for it:
 * blocking, although the lists are lock-free. A suspended thread delays the
 * freeing of all nodes, so the queue can become full.
 *
 * Without a limit, such a queue would take all memory of the machine if its
 * consumer is too slow. So `operator new` of a node counts the bytes; each
 * thread adds its count to the total from time to time. When NODE_BYTES_MAX
 * bytes are in use, a push is refused. The total does not contain the latest
 * pushes and pops, so "full" is not exact (BACKEND_WEAK_EMPTY). "Empty" is
 * exact.
 */
#ifndef XENIUM_LIST_H
#define XENIUM_LIST_H

#include <array> /* the library does not include it */
#include <cstdlib>
#include <xenium/reclamation/generic_epoch_based.hpp>

#define QUEUE_HAS_PORT
#include "contract.h"

namespace
{

enum : long {
	NODE_BYTES_MAX = 1 << 28,
	BYTES_A_REPORT =
		1 << 16 /* bytes that a thread counts before it reports */
};

long node_bytes RINGBENCH_ALIGNED;
thread_local long unreported;

inline void count_bytes(long bytes)
{
	unreported += bytes;
	if (RINGBENCH_LIKELY(std::labs(unreported) < BYTES_A_REPORT))
		return;
	__atomic_fetch_add(&node_bytes, unreported, __ATOMIC_RELAXED);
	unreported = 0;
}

struct epochs : xenium::reclamation::new_epoch_based<> {
	template <class T, std::size_t N = 0,
		  class Deleter = std::default_delete<T>>
	struct enable_concurrent_ptr
	    : xenium::reclamation::new_epoch_based<>::enable_concurrent_ptr<
		      T, N, Deleter> {
		static void *operator new(std::size_t bytes)
		{
			if (ringbench_load_relaxed(&node_bytes) >
			    NODE_BYTES_MAX)
				throw std::bad_alloc();
			count_bytes((long)bytes);
			return ::operator new(bytes);
		}

		static void operator delete(void *node, std::size_t bytes)
		{
			count_bytes(-(long)bytes);
			::operator delete(node);
		}
	};
};

} // namespace

#endif

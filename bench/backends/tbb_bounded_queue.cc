// SPDX-License-Identifier: BSD-2-Clause
/*
 * oneTBB's bounded queue for many producers and consumers
 * (tbb::concurrent_bounded_queue). A thread claims a ticket by
 * compare-and-swap. The tickets are distributed over eight inner queues, and a
 * thread waits until all earlier tickets of its inner queue are done. A thread
 * that is suspended in between stops the later tickets: blocking, on both
 * sides. "Empty" and "full" are exact. Every 32nd message allocates a page of
 * an inner queue.
 *
 * The native waiting push and pop claim by fetch-and-add and sleep until their
 * ticket is served. They have no deadline (BACKEND_NO_DEADLINE). abort() ends
 * the threads that wait at that moment, but not threads that are about to wait,
 * so it is called until no thread is left (callers.h). A message that arrives
 * meanwhile may be popped by a later ticket than its own, which the library
 * cannot handle: with several consumers, a run that ends under `block` may hang
 * or lose a message, and the row then says so.
 *
 * The library is loaded when a queue is created, because it would load two
 * other libraries at each start of the program: this file forwards the
 * functions that the library's header calls. An exception of abort() crosses
 * the library, so the program and the library must unwind with the same libgcc.
 *
 * LDLIBS: -lgcc_s
 * NEEDS: oneapi/tbb/concurrent_queue.h libtbb-dev
 */
#define NDEBUG
#define QUEUE_HAS_PORT
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <dlfcn.h>
#include <oneapi/tbb/concurrent_queue.h>

#include "callers.h"
#include "peer.h"

namespace
{

using tbb::detail::d0::exception_id;
using tbb::detail::d1::delegate_base;
using tbb::detail::r1::concurrent_monitor;

struct library {
	void *(*allocate)(size_t);
	void (*deallocate)(void *);
	uint8_t *(*allocate_rep)(size_t);
	void (*deallocate_rep)(uint8_t *, size_t);
	void (*abort)(concurrent_monitor *);
	void (*notify)(concurrent_monitor *, size_t, size_t);
	void (*throw_it)(exception_id);
	void (*wait)(concurrent_monitor *, size_t, ptrdiff_t, delegate_base &);
};

struct library library;

/* The clock of the waiting operation that this thread is in. */
thread_local struct waitclock *sleeping;

} // namespace

namespace tbb::detail::r1
{

void *cache_aligned_allocate(size_t bytes)
{
	return library.allocate(bytes);
}

void cache_aligned_deallocate(void *memory)
{
	library.deallocate(memory);
}

uint8_t *allocate_bounded_queue_rep(size_t bytes)
{
	return library.allocate_rep(bytes);
}

void deallocate_bounded_queue_rep(uint8_t *memory, size_t bytes)
{
	library.deallocate_rep(memory, bytes);
}

void abort_bounded_queue_monitors(concurrent_monitor *monitors)
{
	library.abort(monitors);
}

void notify_bounded_queue_monitor(concurrent_monitor *monitors, size_t tag,
				  size_t ticket)
{
	library.notify(monitors, tag, ticket);
}

void wait_bounded_queue_monitor(concurrent_monitor *monitors, size_t tag,
				ptrdiff_t target, delegate_base &condition)
{
	waitclock_sleeps(sleeping);
	library.wait(monitors, tag, target, condition);
}

void throw_exception(d0::exception_id what)
{
	library.throw_it(what);
}

} // namespace tbb::detail::r1

namespace
{

/* Looks up one of the functions above by its symbol name. */
template <typename F> bool find(void *from, F &function, const char *name)
{
	function = (F)dlsym(from, name);
	return function;
}

bool find_library()
{
	void *from = dlopen("libtbb.so.12", RTLD_NOW | RTLD_LOCAL);

#define IN_TBB "_ZN3tbb6detail2r1"
	return from &&
	       find(from, library.allocate,
		    IN_TBB "22cache_aligned_allocateEm") &&
	       find(from, library.deallocate,
		    IN_TBB "24cache_aligned_deallocateEPv") &&
	       find(from, library.allocate_rep,
		    IN_TBB "26allocate_bounded_queue_repEm") &&
	       find(from, library.deallocate_rep,
		    IN_TBB "28deallocate_bounded_queue_repEPhm") &&
	       find(from, library.abort,
		    IN_TBB "28abort_bounded_queue_monitorsEPNS1_"
			   "18concurrent_monitorE") &&
	       find(from, library.notify,
		    IN_TBB "28notify_bounded_queue_monitorEPNS1_"
			   "18concurrent_monitorEmm") &&
	       find(from, library.throw_it,
		    IN_TBB "15throw_exceptionENS0_2d012exception_idE") &&
	       find(from, library.wait,
		    IN_TBB "26wait_bounded_queue_monitorEPNS1_"
			   "18concurrent_monitorEmlRNS0_2d113delegate_baseE");
}

struct port {
	struct queue *queue;
	struct caller caller;
};

struct RINGBENCH_ALIGNED queue {
	struct callers callers; /* the first member; see abort_waits() */
	tbb::concurrent_bounded_queue<uint64_t> tickets;

	explicit queue(size_t capacity)
	{
		callers_init(&callers);
		tickets.set_capacity((ptrdiff_t)capacity);
	}
};

int queue_create(size_t capacity, struct queue **created, size_t *usable)
{
	*usable = capacity;
	if (capacity == 0 || capacity > SIZE_MAX / 4 / sizeof(uint64_t))
		return -EINVAL;
	if (!find_library())
		return -ELIBACC;
	return peer_create(created, capacity, capacity);
}

void queue_destroy(struct queue *q)
{
	delete q;
}

void abort_waits(struct callers *callers, const struct caller *)
{
	reinterpret_cast<struct queue *>(callers)->tickets.abort();
}

void queue_close(struct queue *q)
{
	callers_end(&q->callers, abort_waits);
}

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
	callers_add(&queue->callers, &port->caller);
}

QUEUE_OPERATION void port_close(struct port *port)
{
	callers_remove(&port->queue->callers, &port->caller);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return port->queue->tickets.try_push(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return port->queue->tickets.try_pop(*word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	return port->queue->tickets.empty();
}

/* Waits by push() or pop(). False: aborted, or the queue was closed before. */
template <typename Operation>
inline bool wait_in(struct port *port, struct waitclock *clock,
		    Operation operation)
{
	bool done = false;

	if (callers_enter(&port->queue->callers, &port->caller)) {
		sleeping = clock;
		try {
			operation();
			done = true;
		} catch (...) {
		}
	}
	callers_leave(&port->caller);
	return done;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word, int64_t,
						   struct waitclock *clock)
{
	return wait_in(port, clock, [=] { port->queue->tickets.push(word); })
		       ? QUEUE_OK
		       : QUEUE_CLOSED;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word, int64_t,
						  struct waitclock *clock)
{
	return wait_in(port, clock, [=] { port->queue->tickets.pop(*word); }) ||
			       queue_try_pop(port, word)
		       ? QUEUE_OK
		       : QUEUE_CLOSED;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(tbb_bounded_queue, "oneTBB's concurrent_bounded_queue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_NO_DEADLINE | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pipe of the kernel (pipe(7)): each push writes 8 bytes, each pop reads 8
 * bytes. The kernel does this atomically under a mutex of the pipe. A thread
 * that is suspended while it holds this mutex stops all other threads:
 * blocking, on both sides.
 *
 * A pipe consists of pages of 512 messages; the number of pages is a power of
 * two. A page that is being read accepts no message until it is empty. So the
 * pipe gets one page more than the capacity needs; otherwise it could stay full
 * with one message in it. Between the requested and the usable capacity, a push
 * may be refused although there is space (BACKEND_WEAK_EMPTY). A batch may be
 * refused as well, because up to 512 messages are written as a whole or not at
 * all. "Empty" is exact.
 *
 * It waits by ppoll(2). Closing the file would discard the messages in the
 * pipe, so a waiting thread checks for the end of the run every 10 ms instead.
 */
#define QUEUE_HAS_BULK
#define QUEUE_HAS_WAIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "contract.h"
#include "fd_wait.h"
#include "ringbench_memory.h"

struct queue {
	int read_end;
	int write_end;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct queue *q;
	int ends[2], bytes, error;

	if (capacity == 0 || capacity > (INT_MAX - page) / sizeof(uint64_t))
		return -EINVAL;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	/* Rounds up. EPERM: more than fs.pipe-max-size allows. */
	bytes = fcntl(ends[1], F_SETPIPE_SZ,
		      (int)(capacity * sizeof(uint64_t) + page));
	q = bytes > 0 ? ringbench_alloc_lines(sizeof(*q)) : NULL;
	if (!q) {
		error = bytes > 0 ? ENOMEM : errno;
		close(ends[0]);
		close(ends[1]);
		return error == EPERM ? -ENOBUFS : -error;
	}
	q->read_end = ends[0];
	q->write_end = ends[1];
	*usable = (size_t)bytes / sizeof(uint64_t);
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	close(q->read_end);
	close(q->write_end);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return write(port->queue->write_end, &word, sizeof(word)) ==
	       sizeof(word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return read(port->queue->read_end, word, sizeof(*word)) ==
	       sizeof(*word);
}

/*
 * The kernel splits a transfer only at page boundaries, which are also message
 * boundaries.
 */
static RINGBENCH_INLINE size_t words_of(ssize_t bytes)
{
	return bytes > 0 ? (size_t)bytes / sizeof(uint64_t) : 0;
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	return words_of(
		write(port->queue->write_end, words, count * sizeof(*words)));
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	return words_of(
		read(port->queue->read_end, words, count * sizeof(*words)));
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	int bytes = 0;

	return ioctl(port->queue->read_end, FIONREAD, &bytes) != 0 ||
	       bytes == 0;
}

QUEUE_OPERATION enum queue_status
queue_push_until(struct port *port, uint64_t word, int64_t deadline_ns)
{
	while (!queue_try_push(port, word))
		if (!fd_wait(port->queue->write_end, POLLOUT, deadline_ns))
			return QUEUE_TIMEOUT;
	return QUEUE_OK;
}

QUEUE_OPERATION enum queue_status
queue_pop_until(struct port *port, uint64_t *word, int64_t deadline_ns)
{
	while (!queue_try_pop(port, word))
		if (!fd_wait(port->queue->read_end, POLLIN, deadline_ns))
			return QUEUE_TIMEOUT;
	return QUEUE_OK;
}

#include "workers.h"

EXPORT_BACKEND(pipe, "the kernel's pipe",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pipe of the kernel (pipe(7)): each push writes 8 bytes, each pop reads 8,
 * which the kernel does under a mutex of the pipe, in one piece. A thread that
 * is suspended under that mutex stops all others: blocking, on both sides.
 *
 * Its room is pages of 512 messages, a power of two of them, and a page that
 * is being read takes no more until it is empty. So it gets a page more than
 * the capacity needs, or it could be full for ever with one message in it;
 * between that capacity and what is usable, a push may be refused though there
 * is room (BACKEND_WEAK_EMPTY), and so may a batch for which there is not
 * enough: up to 512 messages go in one piece. "Empty" is exact.
 *
 * It waits by ppoll(2). It is not closed by closing a file, with which what is
 * left in it would go: a waiting thread looks every 10 ms.
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

/* The kernel cuts at the ends of pages, which are ends of messages, too. */
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

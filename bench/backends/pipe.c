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
 * A wait without a deadline is one blocking call, as programs make it. A wait
 * with a deadline is ppoll(2) and a call. Whether a call blocks depends on how
 * the pipe was opened, so it is opened twice. Closing a file would discard the
 * messages in the pipe, so a signal ends the waits (interrupted.h).
 */
#define QUEUE_HAS_BULK
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#define QUEUE_SLEEPS_UNSEEN
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "interrupted.h"
#include "fd_wait.h"
#include "ringbench_memory.h"

struct queue {
	int read_end;
	int write_end;
	int waiting_read_end;
	int waiting_write_end;
	struct callers callers;
};

/* Opens an end of the pipe again, for calls that block. */
static int open_again(int end, int how)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", end);
	return open(path, how | O_CLOEXEC);
}

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct queue *q;
	int ends[2], again[2], bytes, error;

	if (capacity == 0 || capacity > (INT_MAX - page) / sizeof(uint64_t))
		return -EINVAL;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -errno;
	/* Rounds up. EPERM: more than fs.pipe-max-size allows. */
	bytes = fcntl(ends[1], F_SETPIPE_SZ,
		      (int)(capacity * sizeof(uint64_t) + page));
	error = bytes > 0 ? 0 : errno;
	again[0] = error ? -1 : open_again(ends[0], O_RDONLY);
	again[1] = error ? -1 : open_again(ends[1], O_WRONLY);
	if (!error && (again[0] < 0 || again[1] < 0))
		error = errno;
	q = error ? NULL : ringbench_alloc_lines(sizeof(*q));
	if (!q) {
		for (int i = 0; i < 2; i++) {
			close(ends[i]);
			if (again[i] >= 0)
				close(again[i]);
		}
		return error == EPERM ? -ENOBUFS : error ? -error : -ENOMEM;
	}
	q->read_end = ends[0];
	q->write_end = ends[1];
	q->waiting_read_end = again[0];
	q->waiting_write_end = again[1];
	interrupts_init(&q->callers);
	*usable = (size_t)bytes / sizeof(uint64_t);
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	close(q->read_end);
	close(q->write_end);
	close(q->waiting_read_end);
	close(q->waiting_write_end);
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

static RINGBENCH_INLINE bool push_call(struct queue *q, const uint64_t *word)
{
	return write(q->waiting_write_end, word, sizeof(*word)) ==
	       sizeof(*word);
}

static RINGBENCH_INLINE bool push_call_until(struct port *port, struct queue *q,
					     const uint64_t *word,
					     int64_t deadline_ns, bool *expired)
{
	*expired = !fd_wait(q->write_end, POLLOUT, deadline_ns);
	return queue_try_push(port, *word);
}

static RINGBENCH_INLINE bool pop_call(struct queue *q, uint64_t *word)
{
	return read(q->waiting_read_end, word, sizeof(*word)) == sizeof(*word);
}

static RINGBENCH_INLINE bool pop_call_until(struct port *port, struct queue *q,
					    uint64_t *word, int64_t deadline_ns,
					    bool *expired)
{
	*expired = !fd_wait(q->read_end, POLLIN, deadline_ns);
	return queue_try_pop(port, word);
}

#include "interrupted_wait.h"
#include "workers.h"

EXPORT_BACKEND(pipe, "the kernel's pipe",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pair of connected sockets of the kernel (unix(7), SOCK_SEQPACKET): each
 * push sends a packet of 8 bytes, each pop receives one. Packets stay whole
 * whoever sends and receives. Either side holds a lock of the kernel meanwhile,
 * and a thread that is suspended under it stops all others: blocking.
 *
 * Room is the memory that packets take, some 100 times a message, and comes out
 * of the sender's buffer (socket(7), SO_SNDBUF). How many it is for is found
 * out by filling it. Without privileges net.core.wmem_max bounds it. A receiver
 * gives the memory back after it has taken the packet, so "full" may be said
 * too long (BACKEND_WEAK_EMPTY). "Empty" is exact.
 *
 * It waits by ppoll(2), for room until three quarters of the buffer are free.
 */
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#include <errno.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contract.h"
#include "fd_wait.h"
#include "ringbench_memory.h"

enum {
	/* More than what the kernel takes for one; it doubles that again. */
	PACKET_BYTES = 1024
};

struct queue {
	int read_end;
	int write_end;
};

static RINGBENCH_INLINE bool send_packet(int end, uint64_t word)
{
	return send(end, &word, sizeof(word), MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       sizeof(word);
}

static RINGBENCH_INLINE bool receive_packet(int end, uint64_t *word)
{
	return recv(end, word, sizeof(*word), MSG_DONTWAIT) == sizeof(*word);
}

/* Returns how many messages fit, and leaves none of them. */
static size_t fill_and_empty(const int ends[2])
{
	size_t count = 0;
	uint64_t word;

	while (send_packet(ends[1], 1))
		count++;
	while (receive_packet(ends[0], &word))
		;
	return count;
}

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q;
	int ends[2], bytes, error, refused = 0;

	if (capacity == 0 || capacity > INT_MAX / 2 / PACKET_BYTES)
		return -EINVAL;
	bytes = (int)capacity * PACKET_BYTES;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -errno;
	if (setsockopt(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &bytes,
		       sizeof(bytes)) != 0 &&
	    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) !=
		    0)
		refused = errno;
	*usable = fill_and_empty(ends);
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q || *usable < capacity) {
		error = !q ? -ENOMEM : refused ? -refused : -ENOBUFS;
		free(q);
		close(ends[0]);
		close(ends[1]);
		return error;
	}
	q->read_end = ends[0];
	q->write_end = ends[1];
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	close(q->read_end);
	close(q->write_end);
	free(q);
}

/* What was sent can still be received. */
static void queue_close(struct queue *q)
{
	shutdown(q->write_end, SHUT_RDWR);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return send_packet(port->queue->write_end, word);
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return receive_packet(port->queue->read_end, word);
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
	while (!queue_try_push(port, word)) {
		if (errno == EPIPE)
			return QUEUE_CLOSED;
		if (!fd_wait(port->queue->write_end, POLLOUT, deadline_ns))
			return QUEUE_TIMEOUT;
	}
	return QUEUE_OK;
}

QUEUE_OPERATION enum queue_status
queue_pop_until(struct port *port, uint64_t *word, int64_t deadline_ns)
{
	ssize_t bytes;

	/* 0: the end of what was sent before the shutdown. */
	while ((bytes = recv(port->queue->read_end, word, sizeof(*word),
			     MSG_DONTWAIT)) < 0)
		if (!fd_wait(port->queue->read_end, POLLIN, deadline_ns))
			return QUEUE_TIMEOUT;
	return bytes ? QUEUE_OK : QUEUE_CLOSED;
}

#include "workers.h"

EXPORT_BACKEND(socketpair, "the kernel's connected sockets",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

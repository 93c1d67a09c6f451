/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pair of connected sockets of the kernel (unix(7), SOCK_SEQPACKET): each
 * push sends a packet of 8 bytes, each pop receives one packet. Packets stay
 * whole with any number of senders and receivers. Each operation holds a lock
 * of the kernel, and a thread that is suspended while it holds the lock stops
 * all other threads: blocking.
 *
 * The capacity is limited by the memory of the sender's buffer (socket(7),
 * SO_SNDBUF). A packet takes about 100 times the memory of a message. The
 * backend fills the buffer to find out how many packets fit. Without privileges
 * net.core.wmem_max limits the buffer. A receiver frees the memory after it has
 * removed the packet, so the queue may be reported full for too long
 * (BACKEND_WEAK_EMPTY). "Empty" is exact.
 *
 * A wait without a deadline is one blocking call, as programs make it; with a
 * deadline it is ppoll(2) and a call. shutdown(2) ends both. A sender waits
 * until three quarters of the buffer are free.
 */
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#define QUEUE_SLEEPS_UNSEEN
#include <errno.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contract.h"
#include "fd_wait.h"
#include "ringbench_memory.h"

enum {
	/*
	 * More than the kernel needs for one packet; the kernel doubles the
	 * value of SO_SNDBUF.
	 */
	PACKET_BYTES = 1024
};

struct queue {
	int read_end;
	int write_end;
};

static RINGBENCH_INLINE bool send_packet(int end, uint64_t word, int how)
{
	return send(end, &word, sizeof(word), how | MSG_NOSIGNAL) ==
	       sizeof(word);
}

static RINGBENCH_INLINE bool receive_packet(int end, uint64_t *word)
{
	return recv(end, word, sizeof(*word), MSG_DONTWAIT) == sizeof(*word);
}

/* Returns the number of messages that fit. The buffer is empty afterwards. */
static size_t fill_and_empty(const int ends[2])
{
	size_t count = 0;
	uint64_t word;

	while (send_packet(ends[1], 1, MSG_DONTWAIT))
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

/* Packets that were sent can still be received. */
static void queue_close(struct queue *q)
{
	shutdown(q->write_end, SHUT_RDWR);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return send_packet(port->queue->write_end, word, MSG_DONTWAIT);
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

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	int end = port->queue->write_end;
	bool waits = deadline_ns == RINGBENCH_NEVER;
	bool in_time = true;

	(void)clock;
	for (;;) {
		if (!waits)
			in_time = fd_wait(end, POLLOUT, deadline_ns);
		if (send_packet(end, word, waits ? 0 : MSG_DONTWAIT))
			return QUEUE_OK;
		if (errno == EPIPE)
			return QUEUE_CLOSED;
		if (!in_time)
			return QUEUE_TIMEOUT;
	}
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	int end = port->queue->read_end;
	bool waits = deadline_ns == RINGBENCH_NEVER;
	bool in_time = true;
	ssize_t bytes;

	(void)clock;
	for (;;) {
		if (!waits)
			in_time = fd_wait(end, POLLIN, deadline_ns);
		bytes = recv(end, word, sizeof(*word),
			     waits ? 0 : MSG_DONTWAIT);
		/* 0: all packets sent before the shutdown were received */
		if (bytes >= 0)
			return bytes ? QUEUE_OK : QUEUE_CLOSED;
		if (!in_time)
			return QUEUE_TIMEOUT;
	}
}

#include "workers.h"

EXPORT_BACKEND(socketpair, "the kernel's connected sockets",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

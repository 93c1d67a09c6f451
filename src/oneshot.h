/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A one-shot event: one thread sets it, once; one thread waits for it, once,
 * before or after that. It can be made of four things, for comparison.
 *
 *	waiter, who owns it			setter
 *	oneshot_init(&event, ONESHOT_ON_FUTEX);
 *	hand the event over		->	write the answer
 *	oneshot_wait(&event);			oneshot_set(&event);
 *	read the answer
 *	oneshot_destroy(&event);
 *
 * What the setter wrote before oneshot_set() is visible after oneshot_wait().
 *
 * The hard part of such an event is its end: the waiter may go on, destroy the
 * event and use its memory again while the setter is still inside
 *oneshot_set(). So oneshot_set() must not touch the memory after the step that
 *lets the waiter go. That holds for each kind:
 *
 * futex: the word goes from EMPTY to WAITED (the waiter is about to sleep) and
 *    to SET. Both sides change it by an exchange, so one of them comes first:
 *    - The setter's: the waiter's exchange returns SET, and as an acquire it
 *      pairs with the release of the setter's. It does not sleep.
 *    - The waiter's: the setter's exchange returns WAITED, and it wakes. The
 *      waiter's load (acquire) of SET pairs with that exchange (release). No
 *      wake-up is lost, since the kernel compares the word with WAITED under
 *      the lock that the wake-up takes, too: the waiter either sees SET and
 *      does not sleep, or already stands in the kernel's list and is woken.
 *    With a store of SET and then a load of "somebody waits" in place of the
 *    exchange, both sides could read the old value (see eventcount.h), and the
 *    waiter would sleep for ever; with relaxed order it could read an answer
 *    that is not there yet.
 *    The setter's last access is its exchange. What may come late is its
 *    system call, which uses the word's address and not its content: it can
 *    wake the waiter of the next event at this address for nothing. That is
 *    why the waiter looks again after each return, whatever the reason.
 * cond: a flag under a mutex. The setter signals before it unlocks, never
 *    after: the waiter can only leave once it has the lock, and then the
 *    signal is done. (After the unlock, the signal could reach a condition
 *    variable that is destroyed.) POSIX demands that a mutex can be destroyed
 *    as soon as it is unlocked; glibc reads nothing from it afterwards.
 * sem: glibc since 2.21 does not touch a semaphore after its increment (its
 *    bug 12674 was that it did).
 * eventfd: the number is read before the system call, and the kernel holds the
 *    file until the end of the write, even if it is closed meanwhile. It takes
 *    a system call to make one and another one to close it.
 *
 * Progress: waiting blocks, as it is meant to. Setting is wait-free for the
 * futex but for the system call; for cond it waits for the mutex.
 *
 * Sources: Drepper, "Futexes are tricky", 2011, for the three states; rationale
 * of pthread_mutex_destroy in POSIX for the end.
 */
#ifndef ONESHOT_H
#define ONESHOT_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ringbench_atomics.h"
#include "ringbench_futex.h"

enum oneshot_type {
	ONESHOT_ON_FUTEX,
	ONESHOT_ON_COND,
	ONESHOT_ON_SEM,
	ONESHOT_ON_EVENTFD,
	ONESHOT_TYPES
};

struct oneshot {
	enum oneshot_type type;
	union {
		uint32_t word; /* of enum oneshot_state */
		struct {
			pthread_mutex_t lock;
			pthread_cond_t changed;
			bool set;
		} cond;
		sem_t sem;
		int fd;
	} on;
};

enum oneshot_state {
	ONESHOT_EMPTY,
	ONESHOT_WAITED, /* the waiter sleeps or is about to */
	ONESHOT_SET,
};

/* Returns 0 or -errno: an eventfd needs a free file descriptor. */
static inline int oneshot_init(struct oneshot *event, enum oneshot_type type)
{
	event->type = type;
	switch (type) {
	case ONESHOT_ON_FUTEX:
		event->on.word = ONESHOT_EMPTY;
		return 0;
	case ONESHOT_ON_COND:
		event->on.cond.set = false;
		pthread_cond_init(&event->on.cond.changed, NULL);
		return -pthread_mutex_init(&event->on.cond.lock, NULL);
	case ONESHOT_ON_SEM:
		return sem_init(&event->on.sem, 0, 0) == 0 ? 0 : -errno;
	case ONESHOT_ON_EVENTFD:
		event->on.fd = eventfd(0, EFD_CLOEXEC);
		return event->on.fd >= 0 ? 0 : -errno;
	case ONESHOT_TYPES:
		break;
	}
	return -EINVAL;
}

/* By the waiter's side, after oneshot_wait(), or when nobody will set it. */
static inline void oneshot_destroy(struct oneshot *event)
{
	switch (event->type) {
	case ONESHOT_ON_COND:
		pthread_cond_destroy(&event->on.cond.changed);
		pthread_mutex_destroy(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		sem_destroy(&event->on.sem);
		break;
	case ONESHOT_ON_EVENTFD:
		close(event->on.fd);
		break;
	case ONESHOT_ON_FUTEX:
	case ONESHOT_TYPES:
		break;
	}
}

/* Does not touch *event after the step that lets the waiter go. */
static inline void oneshot_set(struct oneshot *event)
{
	const uint64_t one = 1;

	switch (event->type) {
	case ONESHOT_ON_FUTEX:
		if (ringbench_exchange_acq_rel(&event->on.word, ONESHOT_SET) ==
		    ONESHOT_WAITED)
			ringbench_futex_wake_all(&event->on.word);
		break;
	case ONESHOT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		event->on.cond.set = true;
		pthread_cond_signal(&event->on.cond.changed);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		sem_post(&event->on.sem);
		break;
	case ONESHOT_ON_EVENTFD: {
		int fd = event->on.fd;

		while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
		break;
	}
	case ONESHOT_TYPES:
		break;
	}
}

/* Returns when the event is set; neither a signal nor a wake-up for nothing
 * ends it. */
static inline void oneshot_wait(struct oneshot *event)
{
	uint64_t count;

	switch (event->type) {
	case ONESHOT_ON_FUTEX:
		if (ringbench_exchange_acq_rel(&event->on.word,
					       ONESHOT_WAITED) == ONESHOT_SET)
			break;
		while (ringbench_load_acquire(&event->on.word) != ONESHOT_SET)
			ringbench_futex_wait(&event->on.word, ONESHOT_WAITED,
					     RINGBENCH_NEVER);
		break;
	case ONESHOT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		while (!event->on.cond.set)
			pthread_cond_wait(&event->on.cond.changed,
					  &event->on.cond.lock);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		while (sem_wait(&event->on.sem) != 0)
			;
		break;
	case ONESHOT_ON_EVENTFD:
		while (read(event->on.fd, &count, sizeof(count)) < 0 &&
		       errno == EINTR)
			;
		break;
	case ONESHOT_TYPES:
		break;
	}
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A one-shot event: one thread sets it, once; one thread waits for it, once,
 * before or after that. It can be made of four things, for comparison.
 *
 *	waiter, who owns it			setter
 *	event_init(&event, EVENT_ON_FUTEX);
 *	hand the event over		->	write the answer
 *	event_wait(&event);			event_set(&event);
 *	read the answer
 *	event_destroy(&event);
 *
 * What the setter wrote before event_set() is visible after event_wait().
 *
 * The hard part of such an event is its end: the waiter may go on, destroy the
 * event and use its memory again while the setter is still inside event_set().
 * So event_set() must not touch the memory after the step that lets the waiter
 * go. That holds for each kind:
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
#ifndef EVENT_H
#define EVENT_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "atomics.h"
#include "futex.h"

enum event_type {
	EVENT_ON_FUTEX,
	EVENT_ON_COND,
	EVENT_ON_SEM,
	EVENT_ON_EVENTFD,
	EVENT_TYPES
};

struct event {
	enum event_type type;
	union {
		uint32_t word; /* of enum event_state */
		struct {
			pthread_mutex_t lock;
			pthread_cond_t changed;
			bool set;
		} cond;
		sem_t sem;
		int fd;
	} on;
};

enum event_state {
	EVENT_EMPTY,
	EVENT_WAITED, /* the waiter sleeps or is about to */
	EVENT_SET,
};

/* Returns 0 or -errno: an eventfd needs a free file descriptor. */
static inline int event_init(struct event *event, enum event_type type)
{
	event->type = type;
	switch (type) {
	case EVENT_ON_FUTEX:
		event->on.word = EVENT_EMPTY;
		return 0;
	case EVENT_ON_COND:
		event->on.cond.set = false;
		pthread_cond_init(&event->on.cond.changed, NULL);
		return -pthread_mutex_init(&event->on.cond.lock, NULL);
	case EVENT_ON_SEM:
		return sem_init(&event->on.sem, 0, 0) == 0 ? 0 : -errno;
	case EVENT_ON_EVENTFD:
		event->on.fd = eventfd(0, EFD_CLOEXEC);
		return event->on.fd >= 0 ? 0 : -errno;
	case EVENT_TYPES:
		break;
	}
	return -EINVAL;
}

/* By the waiter's side, after event_wait(), or when nobody will set it. */
static inline void event_destroy(struct event *event)
{
	switch (event->type) {
	case EVENT_ON_COND:
		pthread_cond_destroy(&event->on.cond.changed);
		pthread_mutex_destroy(&event->on.cond.lock);
		break;
	case EVENT_ON_SEM:
		sem_destroy(&event->on.sem);
		break;
	case EVENT_ON_EVENTFD:
		close(event->on.fd);
		break;
	case EVENT_ON_FUTEX:
	case EVENT_TYPES:
		break;
	}
}

/* Does not touch *event after the step that lets the waiter go. */
static inline void event_set(struct event *event)
{
	const uint64_t one = 1;

	switch (event->type) {
	case EVENT_ON_FUTEX:
		if (exchange_acq_rel(&event->on.word, EVENT_SET) ==
		    EVENT_WAITED)
			futex_wake_all(&event->on.word);
		break;
	case EVENT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		event->on.cond.set = true;
		pthread_cond_signal(&event->on.cond.changed);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case EVENT_ON_SEM:
		sem_post(&event->on.sem);
		break;
	case EVENT_ON_EVENTFD: {
		int fd = event->on.fd;

		while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
		break;
	}
	case EVENT_TYPES:
		break;
	}
}

/* Returns when the event is set; neither a signal nor a wake-up for nothing
 * ends it. */
static inline void event_wait(struct event *event)
{
	uint64_t count;

	switch (event->type) {
	case EVENT_ON_FUTEX:
		if (exchange_acq_rel(&event->on.word, EVENT_WAITED) ==
		    EVENT_SET)
			break;
		while (load_acquire(&event->on.word) != EVENT_SET)
			futex_wait_until(&event->on.word, EVENT_WAITED,
					 CLOCK_NEVER);
		break;
	case EVENT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		while (!event->on.cond.set)
			pthread_cond_wait(&event->on.cond.changed,
					  &event->on.cond.lock);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case EVENT_ON_SEM:
		while (sem_wait(&event->on.sem) != 0)
			;
		break;
	case EVENT_ON_EVENTFD:
		while (read(event->on.fd, &count, sizeof(count)) < 0 &&
		       errno == EINTR)
			;
		break;
	case EVENT_TYPES:
		break;
	}
}

#endif

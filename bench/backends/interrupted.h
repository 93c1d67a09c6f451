/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends blocking system calls by a signal whose handler does nothing: the call
 * returns EINTR. The signal is SIGURG, which a process ignores otherwise.
 */
#ifndef INTERRUPTED_H
#define INTERRUPTED_H

#define QUEUE_HAS_PORT
#include <signal.h>

#include "callers.h"

struct port {
	struct queue *queue;
	struct caller caller;
};

static void on_interrupt(int number)
{
	(void)number;
}

/* For queue_create(). */
static void interrupts_init(struct callers *callers)
{
	const struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGURG, &action, NULL);
	callers_init(callers);
}

static void interrupt(struct callers *callers, const struct caller *caller)
{
	(void)callers;
	tgkill(getpid(), caller->thread, SIGURG);
}

#endif

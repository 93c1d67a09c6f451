/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C, SIGTERM and a closed terminal, for commands that must clean up before
 * they exit. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>

#include "fault.h"

/* The number of the received signal; 0: none. Long functions check it; if it is
 * not 0, they return. */
extern volatile sig_atomic_t interrupted;

struct interrupts {
	struct sigaction old[3];
};

/* After this call the signals only set `interrupted`. Calls may be nested. */
void interrupts_catch(struct interrupts *interrupts);
void interrupts_release(const struct interrupts *interrupts);

/* Returns the exit code for the received signal; EXIT_FINE: no signal. */
enum exit_code interrupts_code(void);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C, SIGTERM and a closed terminal, for work that has something to put in
 * order first. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>

#include "fault.h"

/* The number of the signal that came, or 0: give up, now. */
extern volatile sig_atomic_t interrupted;

struct interrupts {
	struct sigaction old[3];
};

/* From here on the signals only set `interrupted`; may be nested. */
void interrupts_catch(struct interrupts *interrupts);
void interrupts_release(const struct interrupts *interrupts);

/* The exit code of what was interrupted, or EXIT_FINE. */
enum exit_code interrupts_code(void);

#endif

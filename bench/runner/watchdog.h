/* SPDX-License-Identifier: BSD-2-Clause */
/* Describes the state of a process that hangs. */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stddef.h>
#include <sys/types.h>

#include "board.h"

/*
 * Writes the phase, and for each thread its role, CPU, operation and number of
 * messages. Without a board (NULL), writes the names and states of the threads
 * from /proc: "main asleep, python3 running".
 */
void watchdog_describe(pid_t pid, const struct board *board, char *text,
		       size_t size);

/* Writes " in drain of the warm-up"; nothing without a board. Also for a
 * process that has ended. */
void watchdog_phase(const struct board *board, char *text, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what a process that hangs is doing. */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stddef.h>
#include <sys/types.h>

#include "board.h"

/*
 * The phase, and of each thread its role, CPU, operation and messages; of a
 * program without a board, what the kernel knows: "main asleep, python3
 * running". board: NULL for none.
 */
void watchdog_describe(pid_t pid, const struct board *board, char *text,
		       size_t size);

#endif

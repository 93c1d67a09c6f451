/* SPDX-License-Identifier: BSD-2-Clause */
/* The parameter `share`: whether the workers are threads or processes. */
#ifndef SHARE_H
#define SHARE_H

#include "cell.h"

enum share_kind {
	SHARE_THREADS = 1,
	SHARE_PROCESSES,
};

/* The values of the parameter, in the order of enum share_kind. */
static const char *const share_names[] = { "threads", "processes", NULL };

#define SHARE_PARAM                                                 \
	{                                                           \
		"share", "WHAT", "threads or processes", "threads", \
			PARAM_CHOICE, .choices = share_names        \
	}

static inline bool has_processes(const struct cell *cell)
{
	return cell_value(cell, "share") == SHARE_PROCESSES;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One fetch-and-add on a shared cache line for every eight pushes and for every
 * eight pops.
 */
enum {
	FAA_TICKETS = 8
};
#include "faa_common.h"
#include "workers.h"

EXPORT_BACKEND(faa_bulk, "one fetch-and-add for 8 messages",
	       BACKEND_NOT_A_QUEUE | BACKEND_KEEPS_NOTHING |
		       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)

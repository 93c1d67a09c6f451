/* SPDX-License-Identifier: BSD-2-Clause */
/* One fetch-and-add on a shared cache line for each push and for each pop. */
enum {
	FAA_TICKETS = 1
};
#include "faa_common.h"
#include "workers.h"

EXPORT_BACKEND(faa, "fetch-and-add: bound of rings",
	       BACKEND_NOT_A_QUEUE | BACKEND_KEEPS_NOTHING |
		       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER,
	       PROGRESS_WAIT_FREE, PROGRESS_WAIT_FREE)

// SPDX-License-Identifier: BSD-2-Clause
/*
 * moodycamel::ConcurrentQueue with a token for each thread and side, its
 * fastest use (moodycamel_tokens.h).
 *
 * NEEDS: concurrentqueue/concurrentqueue.h libconcurrentqueue-dev
 */
#define MOODYCAMEL_QUEUE ConcurrentQueue
#include "moodycamel_tokens.h"
#include "workers.h"

EXPORT_BACKEND(moodycamel_tokens, "ConcurrentQueue with tokens",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED |
		       BACKEND_PRODUCER_ORDER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)

/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts the web server and ends it reliably. */
#ifndef SITE_H
#define SITE_H

#include <stdint.h>
#include <sys/types.h>

#include "library.h"
#include "store.h"

struct site {
	pid_t process; /* 0: none */
	/* pipe to the server's standard input; closing it ends the server */
	int server_input;
	unsigned port;
	/* folder of the pages; removed at the end */
	char folder[STORE_PATH_MAX];
};

/*
 * Starts `ringbench serve` on the CPUs of the calling thread and waits until it
 * is ready. A fork without exec is not enough: after a fork, the child of a
 * process with threads may call only few functions. Returns 0, or -1 with the
 * reason.
 */
int site_open(struct site *site, int64_t service_ns,
	      char reason[WEB_REASON_MAX]);

/* Removes the folder and ends the server. Does nothing on a zeroed site. */
void site_close(struct site *site);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The website as its user sees it: started, and ended for sure. */
#ifndef SITE_H
#define SITE_H

#include <stdint.h>
#include <sys/types.h>

#include "library.h"
#include "store.h"

struct site {
	pid_t process;	  /* 0: none */
	int server_input; /* the server lives until this is closed */
	unsigned port;
	char folder[STORE_PATH_MAX]; /* for pages, removed at the end */
};

/*
 * Starts `ringbench serve` on the CPUs of the calling thread and waits until it
 * is ready. It is a program of its own and not a fork, which in a process with
 * threads could do next to nothing. Returns 0, or -1 with the reason.
 */
int site_open(struct site *site, int64_t service_ns,
	      char reason[WEB_REASON_MAX]);

/* Removes the folder and ends the server. Harmless on a site of zeros. */
void site_close(struct site *site);

#endif

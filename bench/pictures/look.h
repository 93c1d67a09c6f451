/* SPDX-License-Identifier: BSD-2-Clause */
/* How a queue looks: one colour and one mark in all pictures of all runs. */
#ifndef LOOK_H
#define LOOK_H

#include <stddef.h>

struct look {
	unsigned colour; /* 0xRRGGBB */
	int mark;	 /* gnuplot's point type */
};

/*
 * The look follows from the name alone, so that neither the other queues of a
 * run nor those of a build change it. A backend that is no queue is grey.
 */
struct look look_of(const char *backend);

/* The look of the i-th curve where all curves are of one queue. */
struct look look_of_number(size_t i);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A queue has the same colour and mark in all pictures of all runs. */
#ifndef LOOK_H
#define LOOK_H

#include <stddef.h>

struct look {
	unsigned colour; /* 0xRRGGBB */
	int mark;	 /* gnuplot's point type */
};

/*
 * The look depends only on the name of the queue, so it is equal in every run
 * and every build. Backends that are not queues are grey.
 */
struct look look_of(const char *backend);

/* The look of curve i, for a picture in which all curves belong to one
 * queue. */
struct look look_of_number(size_t i);

#endif

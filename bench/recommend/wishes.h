/* SPDX-License-Identifier: BSD-2-Clause */
/* The needs of a user: the load, and limits for latency and CPU time. */
#ifndef WISHES_H
#define WISHES_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "fault.h"

struct wishes {
	int64_t producers;
	int64_t consumers;
	int64_t rate; /* messages a second of all producers together */
	double cpu;   /* largest number of CPUs that the consumers may use
			 together, such as 0.05; 0: no limit */
	const char *percentile; /* "p99"; the column is latency_p99_ns */
	int64_t latency_ns;	/* largest value of the percentile; 0: no
				   limit */
	enum queue_order order; /* smallest order of messages that is needed */
	bool non_blocking; /* push and pop must be lock-free or wait-free */
	bool bounded;	   /* the queue must have a capacity */
	unsigned given;	   /* a bit for each wish that was set */
};

/* 1 producer, 1 consumer, no rate, and no limits. */
void wishes_init(struct wishes *wishes);

/*
 * Sets the wish with this name: producers, consumers, rate, cpu, latency,
 * order, blocking or bounded. Returns 0, or -1 with the fault set.
 */
int wishes_set(struct wishes *wishes, const char *name, const char *text,
	       struct fault *fault);

/* Checks that the wishes are complete and do not contradict each other. */
int wishes_check(const struct wishes *wishes, struct fault *fault);

/* "2 producers, 1 consumer, 50k messages/s, p99 of at most 20us": one line. */
void wishes_format(const struct wishes *wishes, char *text, unsigned size);

#endif

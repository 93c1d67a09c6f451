/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Classes of core distances. The hypervisor of a virtual machine can move a
 * virtual CPU to another core. The core distance then changes, often by a
 * factor of five, and most results change by this factor. Runs are therefore
 * divided into classes of observations at a similar distance.
 *
 * Classes are found for each place, which is a placement on a set of CPUs of
 * one host. A gap in the sorted distances separates two classes if the
 * distances on both sides of the gap differ by a factor of 1.35 or more and if
 * each side has at least 5 % of the distances.
 */
#ifndef DISTANCE_CLASS_H
#define DISTANCE_CLASS_H

#include "lookup.h"
#include "record.h"

#define DISTANCE_SHARE 0.05

enum {
	CLASS_UNKNOWN, /* threads not pinned, on one CPU, or not measured */
	DISTANCE_TEXT_MAX = 1200,
};

#define NO_PLACE UINT32_MAX

struct place {
	char host[64]; /* "": the run is of one host */
	char placement[32];
	char cpus[64]; /* CPUs of the place, as a list such as 0-3,8 */
	uint32_t first_class;
	uint32_t class_count;
	double *values; /* all distances of the place; freed when the classes
			   are found */
	size_t count;
	bool is_split; /* tables show each class of the place separately */
};

struct distance_class {
	uint32_t place;
	double from_ns; /* smaller distances belong to the previous class */
	double median_ns;
};

struct distances {
	struct place *places;
	struct lookup lookup;
	struct distance_class *classes; /* the first one is CLASS_UNKNOWN */
	uint32_t class_count;
};

/* The place of the row, or NO_PLACE if its distance was not measured. */
uint32_t distances_place(struct distances *distances, const struct record *row);

/* Adds a distance that was measured at place number. NaN is ignored. */
void distances_add(struct distances *distances, uint32_t number, double ns);

/* Finds the classes of all distances that were added. */
void distances_classify(struct distances *distances);

/* Returns the class of a distance; CLASS_UNKNOWN if ns is NaN. */
uint32_t distances_class(const struct distances *distances, uint32_t number,
			 double ns);

/* "llc 62 or 301 ns, package 130 ns"; "" if no distance is known. In a merged
 * run: "node1 llc 62 ns, node2 llc 80 ns". */
void distances_describe(const struct distances *distances,
			char text[DISTANCE_TEXT_MAX]);

/* Whether a place has several classes. */
bool distances_differ(const struct distances *distances);

void distances_free(struct distances *distances);

#endif

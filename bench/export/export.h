/* SPDX-License-Identifier: BSD-2-Clause */
/* Exports the observations of a run in the formats of other tools. */
#ifndef EXPORT_H
#define EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "fault.h"

struct export_format;

/* The name of format i, or NULL. */
const char *export_name(size_t i);

/* The format of this name, or NULL with the fault set. */
const struct export_format *export_find(const char *name, struct fault *fault);

struct export_request {
	const char *path; /* a run's folder, a CSV file, or "-" */
	const struct export_format *format;
	int metric; /* column to export; -1: the columns that the tool expects
		     */
	const char *host; /* only this host of a merged run, or NULL */
	const char *cell; /* export only matching cells; NULL: all cells */
};

/* The program that compares runs in this format, or NULL. */
const char *export_reader(const struct export_format *format);

/* The number of rows, and of rows left out for each reason. */
struct export_counts {
	size_t rows;
	size_t unverified;
	size_t superseded;
	size_t incomplete; /* rows without a value that the format needs */
	size_t disturbed;  /* disturbed rows that are not used */
	bool torn;	   /* the file ends with half a row */
};

/*
 * Writes one line or object for each verified observation, without averaging.
 * Writes nothing if a part of the file cannot be read. Returns 0, or -1 with
 * the fault set.
 */
int export_write(const struct export_request *request, FILE *to,
		 struct export_counts *counts, struct fault *fault);

/* "2 not verified, 1 superseded"; "": all rows were exported. */
void export_format_counts(const struct export_counts *counts, char *text,
			  size_t size);

#endif

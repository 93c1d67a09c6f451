/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface of an export format. */
#ifndef EXPORTER_H
#define EXPORTER_H

#include <jansson.h>

#include "cell_match.h"
#include "distribution.h"
#include "dataset.h"
#include "export.h"
#include "hosts.h"

enum {
	BENCH_NAME_MAX = 4096,
	MOMENT_MAX = 64,
	SESSION_MAX = 128,
};

/* A cell. All of its observations are samples with the cell's name. */
struct export_cell {
	char *name;
	size_t family;	    /* number of its scenario, from 0 */
	size_t instance;    /* number of the cell in its scenario, from 0 */
	size_t repetitions; /* number of observations to write */
	size_t written;	    /* number of observations already written */
	/* Data that a format collects and prints at the end. */
	json_t *json;
	struct distribution distribution;
};

struct exporter {
	const struct export_request *request;
	json_t *facts; /* contents of run.json; NULL: the input is a CSV file
			  without run.json */
	struct hosts hosts; /* of the file */
	const char *host;   /* only rows of this host; NULL: the run is not
			       merged */
	FILE *to;
	char started_at[MOMENT_MAX]; /* start of the session of the first row */
	char session[SESSION_MAX];   /* session of the row that was written last
				      */
	struct cell_match match;     /* of request->cell */
	struct export_cell *cells;
	struct lookup lookup; /* names of the cells */
	struct dataset set;   /* decides which rows count */
	size_t number;	      /* number of the next row in the file */
	size_t next;	      /* the next datum to write */
	size_t written;	      /* observations */
	struct export_counts *counts;
};

struct export_format {
	const char *name;   /* of --to */
	const char *reader; /* the program that compares runs; NULL: none */
	bool only_times;    /* the metric must be a time */
	bool one_cell;
	/* A required column besides messages and elapsed_ns, or -1. */
	int needs;
	void (*begin)(const struct exporter *exporter);
	/* Called at the start of a session; the exporter has its id. NULL: no
	 * call. */
	void (*session)(const struct exporter *exporter);
	void (*row)(const struct exporter *exporter, struct export_cell *cell,
		    const struct record *row);
	void (*end)(const struct exporter *exporter);
};

/* https://go.dev/design/14313-benchmark-format; the JSON of google-benchmark
 * and of hyperfine; and the percentiles of HdrHistogram. */
extern const struct export_format export_go, export_google, export_hyperfine,
	export_hdr;

/*
 * "pingpong/backend=mutex/wait=sleep:1ms/queues=2/placement=llc": the factors
 * in the order of the columns; factors with their default value are left out.
 * Printable ASCII without blanks. A cell has the same name in every run.
 */
void bench_name(const struct record *row, char name[BENCH_NAME_MAX]);

/* The value in run.json by keys joined by dots ("host.cpu.model"), or NULL. */
json_t *export_fact(const struct exporter *exporter, const char *keys);

/* A value of the first session in run.json by keys joined by dots, or NULL. */
json_t *export_session_fact(const struct exporter *exporter, const char *keys);

#endif

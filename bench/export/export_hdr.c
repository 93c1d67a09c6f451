/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The percentile text of HdrHistogram, for one cell: the histograms of all its
 * observations are added. A value is the low end of its bucket in results.csv.
 */
#include <inttypes.h>
#include <math.h>

#include "distribution.h"
#include "exporter.h"

static void begin(const struct exporter *exporter)
{
	fprintf(exporter->to, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
		"TotalCount", "1/(1-Percentile)");
}

static void print_row(const struct exporter *exporter, struct export_cell *cell,
		      const struct record *row)
{
	distribution_add(&cell->distribution,
			 record_text(row, exporter->request->metric));
}

static void print_lines(const struct distribution *all, FILE *to)
{
	double below = 0;

	for (size_t i = 0; i < all->count; i++) {
		double share;

		below += all->buckets[i].count;
		share = below / all->total;
		fprintf(to, "%12.3f %2.12f %10.0f", all->buckets[i].low, share,
			below);
		if (i + 1 < all->count)
			fprintf(to, " %14.2f", 1 / (1 - share));
		fputc('\n', to);
	}
}

static void print_totals(const struct distribution *all, FILE *to)
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < all->count; i++)
		mean += all->buckets[i].low * all->buckets[i].count /
			all->total;
	for (size_t i = 0; i < all->count; i++)
		squares += pow(all->buckets[i].low - mean, 2) *
			   all->buckets[i].count / all->total;
	fprintf(to,
		"#[Mean    = %12.3f, StdDeviation   = %12.3f]\n"
		"#[Max     = %12.3f, Total count    = %12.0f]\n"
		"#[Buckets = %12zu, SubBuckets     = %12d]\n",
		mean, sqrt(squares), all->buckets[all->count - 1].low,
		all->total, all->count, 1);
}

/* check_format() has made sure that there is one cell. */
static void end(const struct exporter *exporter)
{
	const struct distribution *all = &exporter->cells[0].distribution;

	if (!all->count)
		return;
	print_lines(all, exporter->to);
	print_totals(all, exporter->to);
}

const struct export_format export_hdr = {
	.name = "hdr",
	.needs = -1,
	.one_cell = true,
	.begin = begin,
	.row = print_row,
	.end = end,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * make prove-slowdown: makes the table for docs/statistics.md and the data of
 * its plot from a run of mutex and its slowed copies. Usage: detect RUN DATA
 * [DRAWS]; DRAWS is the number of draws for each figure.
 *
 * A pair costs more than one round if attempts were repeated, or if pairs were
 * left out. The column of n rounds has as many pairs as n rounds pay for.
 */
#include <stdio.h>
#include <string.h>

#include "detection.h"
#include "judge.h"
#include "quantiles.h"

enum {
	SEED = 1,
};

static size_t draws = 2000;

#define ALPHA	  0.05
#define THRESHOLD 0.03

static const size_t rounds[] = { 6, 8, 12, 16, 24, 32, 48, 64, 96 };
static const int planted[] = { 2, 5, 10, 20 }; /* % */

enum {
	COLUMNS = sizeof(rounds) / sizeof(rounds[0]),
	SLOWDOWNS = sizeof(planted) / sizeof(planted[0]),
};

/* The number of the cell with this backend. Ends the program if there is no
 * such cell. */
static uint32_t find_cell(const struct dataset *set, const char *backend)
{
	for (uint32_t i = 0; i < dataset_cells(set); i++)
		if (strcmp(record_text(&set->cells[i].factors, COLUMN_backend),
			   backend) == 0)
			return i;
	fprintf(stderr, "detect: the run has no cell with %s\n", backend);
	exit(3);
}

static double spread_of_pairs(const struct pairs *pairs, double *mean)
{
	double squares = 0;

	*mean = 0;
	for (size_t i = 0; i < pairs->count; i++)
		*mean += pairs->logs[i] / (double)pairs->count;
	for (size_t i = 0; i < pairs->count; i++)
		squares += pow(pairs->logs[i] - *mean, 2);
	return sqrt(squares / (double)(pairs->count - 1));
}

static void print_line(const char *what, const double *shares, FILE *to)
{
	fprintf(to, "%-23s", what);
	for (int i = 0; i < COLUMNS; i++)
		if (isnan(shares[i]))
			fprintf(to, "%6s", "-");
		else
			fprintf(to, "%6.0f", 100 * shares[i]);
	fputc('\n', to);
}

/* The observations of both cells, all attempts, for each pair, halved. */
static double cost_of_pair(const struct dataset *set, uint32_t base,
			   uint32_t slowed, const struct pairs *pairs)
{
	size_t observations = set->cells[base].on[SIDE_BASELINE].count +
			      set->cells[slowed].on[SIDE_BASELINE].count;

	return (double)observations / 2 / (double)pairs->count;
}

static void print_slowdown(gsl_rng *dice, int share, const struct pairs *pairs,
			   double cost, FILE *data)
{
	double found[COLUMNS], predicted[COLUMNS], verdicts[COLUMNS], mean;
	double spread = spread_of_pairs(pairs, &mean);
	char text[64];

	/* gnuplot needs two empty lines between two blocks. */
	fprintf(data, "%s\"%d %% slower\"\n", share == planted[0] ? "" : "\n\n",
		share);
	for (int i = 0; i < COLUMNS; i++) {
		struct detection in = { NAN, NAN }, should;
		size_t paid = (size_t)((double)rounds[i] / cost + 0.5);

		if (paid <= pairs->count / 2)
			in = detection_in(dice, pairs->logs, pairs->count, paid,
					  ALPHA, THRESHOLD, draws);
		should = detection_predicted(dice, log1p(-share / 100.0),
					     spread, paid, ALPHA, THRESHOLD,
					     draws);
		found[i] = in.found;
		verdicts[i] = in.verdict;
		predicted[i] = should.found;
		fprintf(data, "%zu %g %g %g\n", rounds[i], in.found,
			should.found, in.verdict);
	}
	snprintf(text, sizeof(text), "planted %2d %%, found", share);
	print_line(text, found, stdout);
	print_line("  predicted", predicted, stdout);
	print_line("  verdict slower", verdicts, stdout);
	printf("  measured: %.1f %% slower (median), s_d %.3f; a pair costs "
	       "%.2f rounds\n",
	       -100 * expm1(median_of(pairs->logs, pairs->count)), spread,
	       cost);
}

int main(int argc, char **argv)
{
	gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);
	struct dataset set;
	struct fault fault;
	uint32_t base;
	FILE *data;

	if (argc == 4)
		draws = strtoul(argv[3], NULL, 10);
	if (argc < 3 || argc > 4 || !draws) {
		fprintf(stderr, "usage: detect RUN DATA [DRAWS]\n");
		return 2;
	}
	dataset_init(&set, COLUMN_throughput_msg_per_s, NULL);
	if (dataset_add(&set, SIDE_BASELINE, argv[1], &fault) != 0) {
		fprintf(stderr, "detect: %s\n", fault.text);
		return 3;
	}
	dataset_sort(&set);
	data = fopen(argv[2], "we");
	if (!data) {
		perror(argv[2]);
		return 7;
	}
	gsl_rng_set(dice, SEED);
	base = find_cell(&set, "mutex");
	printf("%zu interleaved rounds; %zu draws for each figure, in %%\n\n",
	       (size_t)dataset_rounds(&set, SIDE_BASELINE), draws);
	printf("%-23s", "rounds");
	for (int i = 0; i < COLUMNS; i++)
		printf("%6zu", rounds[i]);
	putchar('\n');
	for (int i = 0; i < SLOWDOWNS; i++) {
		char backend[32];
		struct pairs pairs;
		uint32_t slowed;

		snprintf(backend, sizeof(backend), "mutex_slow%02d",
			 planted[i]);
		slowed = find_cell(&set, backend);
		pairs_make(&set, base, SIDE_BASELINE, slowed, SIDE_BASELINE,
			   &pairs);
		if (pairs.count < 2) {
			fprintf(stderr, "detect: too few rounds\n");
			exit(3);
		}
		print_slowdown(dice, planted[i], &pairs,
			       cost_of_pair(&set, base, slowed, &pairs), data);
		pairs_free(&pairs);
	}
	dataset_free(&set);
	gsl_rng_free(dice);
	return fclose(data) == 0 && fflush(stdout) == 0 ? 0 : 7;
}

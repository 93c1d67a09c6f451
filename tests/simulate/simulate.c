/* SPDX-License-Identifier: BSD-2-Clause */
/* make simulate: the tables of docs/statistics.md. Arguments: the seed, and
 * "shared" for the last part only. */
#include <stdio.h>

#include "shared_machine.h"

enum {
	TRIES = 10000,
	POWERS = 1000,
	TABLES = 300,
	SILENT = 40, /* number of tables, none of which may have a verdict */
	CELLS = 20,
};

/*
 * Prints a row: what happened, how often it should happen, the 99 % band for a
 * share that is as intended, and how often it happened with each noise.
 */
static void print(const char *what, const char *bound,
		  const struct covered covered[NOISES])
{
	size_t tries = covered[0].tries;
	struct estimate band = binomial_interval(
		(size_t)(covered[0].nominal * (double)tries + 0.5), tries,
		0.99);

	printf("| %s | %s%.2f %% | %.1f to %.1f %% |", what, bound,
	       100 * covered[0].nominal, 100 * band.low, 100 * band.high);
	for (enum noise n = 0; n < NOISES; n++)
		printf(" %.2f %% |", 100.0 * (double)covered[n].hits /
					     (double)covered[n].tries);
	putchar('\n');
	fflush(stdout);
}

/* Prints the results for a machine with changing distances and neighbours, with
 * and without the columns that record them. */
static void print_shared(gsl_rng *dice)
{
	static const double planted[] = { 0.98, 0.95, 0.90, 0.80 };
	static const char *const names[] = { "without", "with" };

	for (int known = 0; known < 2; known++) {
		struct covered wrong = shared_false_tables(dice, known, CELLS,
							   TABLES);

		printf("shared machine, %s distances: false verdict in %zu of "
		       "%zu tables of %d rows\n",
		       names[known], wrong.hits, wrong.tries, CELLS);
	}
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++)
		for (int known = 0; known < 2; known++) {
			struct covered found = shared_found_rows(
				dice, known, log(planted[i]), CELLS, SILENT);

			printf("shared machine, %s distances: %.0f %% slower "
			       "found in %zu of %zu rows\n",
			       names[known], 100 * (1 - planted[i]), found.hits,
			       found.tries);
		}
}

static void print_intervals(gsl_rng *dice)
{
	struct covered covered[NOISES];

	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_pairs(dice, n, signed_rank_estimate, 12, 0.95,
				       TRIES);
	print("the interval contains the true ratio: signed-rank, 12 rounds",
	      "", covered);
	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_pairs(dice, n, sign_estimate, 12, 0.95, TRIES);
	print("the interval contains the true ratio: sign test, 12 rounds", "",
	      covered);
	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_pairs(dice, n, signed_rank_estimate, 12, 0.90,
				       TRIES);
	print("the interval for `same` contains the true ratio: "
	      "signed-rank, 12 rounds",
	      "", covered);
	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_sessions(dice, n, 0.95, TRIES);
	print("the interval contains the true ratio: 6 and 6 alternating "
	      "sessions",
	      "at least ", covered);
}

static void print_tables(gsl_rng *dice)
{
	struct covered covered[NOISES];

	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_detectable(dice, n, 12, CELLS, POWERS);
	print("the difference of `detect.` is found: 12 rounds, 20 rows", "",
	      covered);
	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_detectable(dice, n, 30, 5, POWERS);
	print("the difference of `detect.` is found: 30 rounds, 5 rows", "",
	      covered);
	for (enum noise n = 0; n < NOISES; n++)
		covered[n] = sim_missed_tables(dice, n, CELLS, TABLES);
	print("a table of 20 rows has a wrong interval", "at most ", covered);
	for (enum layout l = 0; l < LAYOUTS; l++) {
		char what[96];

		snprintf(what, sizeof(what),
			 "a table of 20 rows has a false verdict: %s",
			 layout_names[l]);
		for (enum noise n = 0; n < NOISES; n++)
			covered[n] = sim_false_tables(
				dice, n, l, CELLS,
				l < LAYOUT_SITTINGS ? TABLES : SILENT);
		print(what, "at most ", covered);
	}
}

int main(int argc, char **argv)
{
	gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_rng_set(dice, argc > 1 ? strtoul(argv[1], NULL, 10) : 1);
	if (argc > 2 && strcmp(argv[2], "shared") == 0) {
		print_shared(dice);
		gsl_rng_free(dice);
		return 0;
	}
	fputs("| what happened | intended | 99 % band |", stdout);
	for (enum noise n = 0; n < NOISES; n++)
		printf(" %s |", noise_names[n]);
	puts("\n|---|---|---|--:|--:|--:|--:|--:|");
	print_intervals(dice);
	print_tables(dice);
	print_shared(dice);
	gsl_rng_free(dice);
	return 0;
}

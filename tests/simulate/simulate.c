/* SPDX-License-Identifier: BSD-2-Clause */
/* make simulate: the table for docs/comparing.md. Arguments: the seed, and
 * "shared" for the last part only. */
#include <stdio.h>

#include "shared_machine.h"

enum {
	TRIES = 10000,
	POWERS = 1000,
	TABLES = 300,
	SILENT = 40, /* where no table may have a verdict */
	CELLS = 20,
};

static void print(const char *what, enum noise noise, struct covered covered)
{
	struct estimate band = binomial_interval(covered.hits, covered.tries,
						 0.99);

	printf("| %s | %s | %.2f %% | %.2f %% | %.2f to %.2f %% |\n", what,
	       noise_names[noise], 100 * covered.nominal, 100 * band.value,
	       100 * band.low, 100 * band.high);
	fflush(stdout);
}

/* A machine whose distances and neighbours alternate, with and without the
 * columns that say so. */
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

int main(int argc, char **argv)
{
	gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);
	char what[96];

	gsl_rng_set(dice, argc > 1 ? strtoul(argv[1], NULL, 10) : 1);
	if (argc > 2 && strcmp(argv[2], "shared") == 0) {
		print_shared(dice);
		gsl_rng_free(dice);
		return 0;
	}
	printf("| what | noise | nominal | found | 99 %% band of it |\n"
	       "|---|---|--:|--:|---|\n");
	for (enum noise n = 0; n < NOISES; n++)
		print("signed-rank interval, 12 rounds", n,
		      sim_pairs(dice, n, signed_rank_estimate, 12, 0.95,
				TRIES));
	for (enum noise n = 0; n < NOISES; n++)
		print("sign interval, 12 rounds", n,
		      sim_pairs(dice, n, sign_estimate, 12, 0.95, TRIES));
	for (enum noise n = 0; n < NOISES; n++)
		print("signed-rank interval for `same`, 12 rounds", n,
		      sim_pairs(dice, n, signed_rank_estimate, 12, 0.90,
				TRIES));
	for (enum noise n = 0; n < NOISES; n++)
		print("interval of 6 and 6 alternating sessions, at least", n,
		      sim_sessions(dice, n, 0.95, TRIES));
	for (enum noise n = 0; n < NOISES; n++)
		print("detectable difference found, 12 rounds, 20 rows", n,
		      sim_detectable(dice, n, 12, CELLS, POWERS));
	for (enum noise n = 0; n < NOISES; n++)
		print("detectable difference found, 30 rounds, 5 rows", n,
		      sim_detectable(dice, n, 30, 5, POWERS));
	for (enum noise n = 0; n < NOISES; n++)
		print("20 intervals that do not all hold, at most", n,
		      sim_missed_tables(dice, n, CELLS, TABLES));
	for (enum layout l = 0; l < LAYOUTS; l++) {
		snprintf(what, sizeof(what),
			 "false verdict in 20 rows, at "
			 "most: %s",
			 layout_names[l]);
		for (enum noise n = 0; n < NOISES; n++)
			print(what, n,
			      sim_false_tables(dice, n, l, CELLS,
					       l < LAYOUT_SITTINGS ? TABLES
								   : SILENT));
	}
	print_shared(dice);
	gsl_rng_free(dice);
	return 0;
}

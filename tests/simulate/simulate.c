/* SPDX-License-Identifier: BSD-2-Clause */
/* make simulate: the table for docs/methodology.md; the seed may be given. */
#include <stdio.h>

#include "simulation.h"

enum {
	TRIES = 20000,
	TABLES = 4000,
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

int main(int argc, char **argv)
{
	gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_rng_set(dice, argc > 1 ? strtoul(argv[1], NULL, 10) : 1);
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
		print("Mann-Whitney interval, 6 and 6 sessions", n,
		      sim_sessions(dice, n, 0.95, TRIES));
	for (enum noise n = 0; n < NOISES; n++)
		print("paired table of 20 with a false verdict, at most", n,
		      sim_paired_tables(dice, n, TABLES));
	for (enum noise n = 0; n < NOISES; n++)
		print("lone run against a floor of 6, at most", n,
		      sim_floor_tables(dice, n, TABLES));
	gsl_rng_free(dice);
	return 0;
}

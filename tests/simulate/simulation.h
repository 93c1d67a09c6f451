/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Made-up machines on which the truth is known: do the intervals cover it, and
 * how often does a table without any difference show one?
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "quantiles.h"
#include "rank_sum.h"
#include "signed_rank.h"

enum noise {
	NOISE_CALM,	/* normal */
	NOISE_DRIFTING, /* a walk from observation to observation, and normal */
	NOISE_SKEWED,	/* mostly fast, at times much slower */
	NOISE_HUMPED,	/* one of two speeds, by the luck of the process */
	NOISES,
};

static const char *const noise_names[NOISES] = { "calm", "drifting", "skewed",
						 "two humps" };

enum {
	SIM_CELLS = 20,
	SIM_ROUNDS = 12,
	SIM_SESSIONS = 6,
};

#define SIM_TRUTH 0.04 /* the logarithm of the ratio, where there is one */

struct machine {
	gsl_rng *dice;
	enum noise noise;
	double drift; /* where the walk has come to */
};

static inline double machine_observe(struct machine *machine)
{
	double own = gsl_ran_gaussian(machine->dice, 0.02);

	machine->drift += gsl_ran_gaussian(machine->dice, 0.03);
	switch (machine->noise) {
	case NOISE_DRIFTING:
		return own + machine->drift;
	case NOISE_SKEWED:
		return own - gsl_ran_lognormal(machine->dice, -4, 1.2);
	case NOISE_HUMPED:
		return own + (gsl_rng_uniform(machine->dice) < 0.3 ? -0.25 : 0);
	default:
		return own;
	}
}

/* Differences of pairs: both of a round, one after the other in random order */
static inline void machine_pairs(struct machine *machine, double truth,
				 double *differences, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++) {
		double first = machine_observe(machine);
		double second = machine_observe(machine);

		differences[i] = gsl_rng_uniform_int(machine->dice, 2)
					 ? truth + first - second
					 : truth + second - first;
	}
}

/* The median of a session's rounds, with what the session shares. */
static inline double machine_session(struct machine *machine)
{
	double values[SIM_ROUNDS];
	double shared;

	machine->drift = 0;
	shared = machine_observe(machine);
	for (int i = 0; i < SIM_ROUNDS; i++) {
		machine->drift = 0;
		values[i] = machine_observe(machine);
	}
	return shared + median_of(values, SIM_ROUNDS);
}

struct covered {
	size_t hits, tries;
	double nominal; /* the coverage that the interval says it has */
};

typedef struct estimate sim_estimate(const double *differences, size_t count,
				     double wanted);

static inline struct covered sim_pairs(gsl_rng *dice, enum noise noise,
				       sim_estimate *estimate, size_t rounds,
				       double wanted, size_t tries)
{
	struct covered covered = { 0, tries, 0 };

	for (size_t i = 0; i < tries; i++) {
		struct machine machine = { dice, noise, 0 };
		double differences[64];
		struct estimate found;

		machine_pairs(&machine, SIM_TRUTH, differences, rounds);
		found = estimate(differences, rounds, wanted);
		covered.nominal = found.coverage;
		covered.hits += found.low <= SIM_TRUTH &&
				found.high >= SIM_TRUTH;
	}
	return covered;
}

static inline struct covered sim_sessions(gsl_rng *dice, enum noise noise,
					  double wanted, size_t tries)
{
	struct covered covered = { 0, tries, 0 };

	for (size_t i = 0; i < tries; i++) {
		struct machine machine = { dice, noise, 0 };
		double base[SIM_SESSIONS], new[SIM_SESSIONS];
		struct estimate found;

		for (int s = 0; s < SIM_SESSIONS; s++) {
			base[s] = machine_session(&machine);
			new[s] = SIM_TRUTH + machine_session(&machine);
		}
		found = rank_sum_estimate(base, SIM_SESSIONS, new, SIM_SESSIONS,
					  wanted);
		covered.nominal = found.coverage;
		covered.hits += found.low <= SIM_TRUTH &&
				found.high >= SIM_TRUTH;
	}
	return covered;
}

/* Tables of SIM_CELLS cells without a difference: how many show one. */
static inline struct covered sim_paired_tables(gsl_rng *dice, enum noise noise,
					       size_t tries)
{
	struct covered wrong = { 0, tries, 0.05 };

	for (size_t i = 0; i < tries; i++) {
		double p[SIM_CELLS], least = 1;

		for (int c = 0; c < SIM_CELLS; c++) {
			struct machine machine = { dice, noise, 0 };
			double differences[SIM_ROUNDS];

			machine_pairs(&machine, 0, differences, SIM_ROUNDS);
			p[c] = signed_rank_test(differences, SIM_ROUNDS).p;
		}
		holm_adjust(p, SIM_CELLS);
		for (int c = 0; c < SIM_CELLS; c++)
			least = fmin(least, p[c]);
		wrong.hits += least <= 0.05;
	}
	return wrong;
}

/* The same by the floor: SIM_SESSIONS of the old build, one of the new. */
static inline struct covered sim_floor_tables(gsl_rng *dice, enum noise noise,
					      size_t tries)
{
	struct covered wrong = { 0, tries, 0.05 };
	double t = t_quantile(1 - 0.05 / (2 * SIM_CELLS), SIM_SESSIONS - 1);

	for (size_t i = 0; i < tries; i++) {
		bool seen = false;

		for (int c = 0; c < SIM_CELLS; c++) {
			struct machine machine = { dice, noise, 0 };
			double old[SIM_SESSIONS], mean = 0, squares = 0;

			for (int s = 0; s < SIM_SESSIONS; s++)
				mean += (old[s] = machine_session(&machine)) /
					SIM_SESSIONS;
			for (int s = 0; s < SIM_SESSIONS; s++)
				squares += (old[s] - mean) * (old[s] - mean);
			seen |= fabs(machine_session(&machine) - old[0]) >
				t * sqrt(2 * squares / (SIM_SESSIONS - 1));
		}
		wrong.hits += seen;
	}
	return wrong;
}

#endif

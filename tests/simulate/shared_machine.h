/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A simulated machine with other users: the distance between its two CPUs
 * alternates, and a neighbour uses the CPUs from time to time. The runner
 * notices most of the neighbour's disturbances and measures the disturbed pairs
 * again.
 */
#ifndef SHARED_MACHINE_H
#define SHARED_MACHINE_H

#include "simulation.h"

/* A state that changes between two values after a random number of
 * observations. */
struct alternation {
	bool second;
	int left; /* observations until the next change */
};

struct shared_machine {
	gsl_rng *dice;
	struct alternation distance, neighbour;
	bool known; /* the rows contain distances and disturbances */
};

enum {
	SHARED_STRETCH =
		40, /* mean number of observations between two changes */
	SHARED_ATTEMPTS = 3,
};

static inline bool alternation_step(struct alternation *own, gsl_rng *dice)
{
	if (own->left-- <= 0) {
		own->left = (int)gsl_ran_geometric(dice, 1.0 / SHARED_STRETCH);
		own->second = !own->second;
	}
	return own->second;
}

/* Writes one observation. Returns whether the runner calls it disturbed. */
static inline bool shared_observe(struct shared_machine *machine,
				  const struct sim_side *side, int round,
				  int attempt, int cell, double log_rate)
{
	gsl_rng *dice = machine->dice;
	bool before = machine->distance.second;
	bool after = alternation_step(&machine->distance, dice);
	bool neighbour = alternation_step(&machine->neighbour, dice);
	/* If the distance changed, the end of the window has the old distance,
	 * the new distance, or a value in between. */
	double far = before == after ? after : gsl_rng_uniform(dice);
	bool hit = neighbour && gsl_rng_uniform(dice) < 0.5;
	bool noticed = hit && gsl_rng_uniform(dice) < 0.9;
	struct record row;

	log_rate += gsl_ran_gaussian(dice, 0.02) - far * log(4);
	if (hit)
		log_rate -= 0.7 * gsl_rng_uniform(dice);
	row = sim_row(1, round, cell, log_rate);
	if (machine->known) {
		record_set_integer(&row, COLUMN_attempt, attempt);
		record_set_real(&row, COLUMN_line_before_ns,
				(before ? 300 : 62) *
					exp(gsl_ran_gaussian(dice, 0.02)));
		record_set_real(&row, COLUMN_line_after_ns,
				(after ? 300 : 62) *
					exp(gsl_ran_gaussian(dice, 0.02)));
		if (noticed || before != after)
			record_set_text(&row, COLUMN_flags, "disturbed");
	}
	if (machine->known || attempt == 1)
		sim_append(side, row);
	return noticed || before != after;
}

/* Observes both sides of a cell, in random order. */
static inline bool shared_pair(struct shared_machine *machine,
			       const struct sim_side *sides, int round,
			       int attempt, int cell, double truth)
{
	int first = (int)gsl_rng_uniform_int(machine->dice, 2);
	bool disturbed = false;

	for (int i = 0; i < SIDES; i++) {
		int side = i ? !first : first;

		disturbed |= shared_observe(machine, &sides[side], round,
					    attempt, cell,
					    side == SIDE_CANDIDATE ? truth : 0);
	}
	return disturbed;
}

static inline void shared_round(struct shared_machine *machine,
				const struct sim_side *sides, int round,
				int cells, double truth)
{
	bool again[SIM_CELLS_MAX];

	for (int c = 0; c < cells; c++)
		again[c] = true;
	for (int attempt = 1; attempt <= SHARED_ATTEMPTS; attempt++)
		for (int c = 0; c < cells; c++)
			if (again[c])
				again[c] = shared_pair(machine, sides, round,
						       attempt, c, truth);
}

/* The verdicts of one table; truth: logarithm of the ratio of all rows. */
static inline struct sim_table shared_table(struct shared_machine *machine,
					    int cells, double truth)
{
	struct sim_side sides[SIDES];

	sim_open(&sides[SIDE_BASELINE]);
	sim_open(&sides[SIDE_CANDIDATE]);
	for (int round = 1; round <= SIM_ROUNDS; round++)
		shared_round(machine, sides, round, cells, truth);
	return sim_compare(sides, false);
}

/* Counts the tables of unchanged code that have a verdict. */
static inline struct covered shared_false_tables(gsl_rng *dice, bool known,
						 int cells, size_t tries)
{
	struct shared_machine machine = { .dice = dice, .known = known };
	struct covered wrong = { 0, tries, 0.05 };

	for (size_t i = 0; i < tries; i++)
		wrong.hits += shared_table(&machine, cells, 0).verdict;
	return wrong;
}

/* Counts the rows with a verdict in tables with a difference in each row. */
static inline struct covered shared_found_rows(gsl_rng *dice, bool known,
					       double truth, int cells,
					       size_t tries)
{
	struct shared_machine machine = { .dice = dice, .known = known };
	struct covered found = { 0, tries * (size_t)cells, 0 };

	for (size_t i = 0; i < tries; i++)
		found.hits += shared_table(&machine, cells, truth).slower;
	return found;
}

#endif

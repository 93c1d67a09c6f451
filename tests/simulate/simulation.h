/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Simulated machines with known true ratios. Do intervals cover the true ratio,
 * is the detectable difference found as often as promised, and how often does a
 * table of unchanged code show a difference? Tables are made by the program:
 * the simulation writes rows to a file and compares the files.
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "comparison.h"
#include "power.h"
#include "quantiles.h"
#include "rank_sum.h"
#include "signed_rank.h"

enum noise {
	NOISE_CALM,	/* normal */
	NOISE_DRIFTING, /* large drift, within sessions and between sessions */
	NOISE_SKEWED,	/* usually fast, sometimes much slower */
	NOISE_HEAVY,	/* Student's t with 2 degrees of freedom */
	NOISE_BIMODAL,	/* one of two speeds, chosen for a process or for a
			   session */
	NOISES,
};

static const char *const noise_names[NOISES] = { "calm", "drifting", "skewed",
						 "heavy-tailed", "bimodal" };

enum layout {
	LAYOUT_ROUNDS,	  /* each round measures both sides, in random order */
	LAYOUT_ALTERNATE, /* sessions of the two sides alternate */
	LAYOUT_SITTINGS,  /* all sessions of one side, then all sessions of the
			     other side */
	LAYOUT_LONE, /* six sessions of one side, then one session of the other
			side */
	LAYOUTS,
};

static const char *const layout_names[LAYOUTS] = { "same rounds",
						   "alternating sessions",
						   "one side after the other",
						   "six runs, then one run" };

enum {
	SIM_ROUNDS = 12,
	SIM_SESSIONS = 6,
	SIM_CELLS_MAX = 64,
};

#define SIM_TRUTH                                                            \
	0.04 /* the logarithm of the true ratio, in tables with a difference \
	      */

struct machine {
	gsl_rng *dice;
	enum noise noise;
	double walk;  /* drift from observation to observation */
	double state; /* drift from session to session; never reset */
	double cells[SIM_CELLS_MAX]; /* shift of each cell in the current
					session */
};

/* AR(1) with coefficient 0.9 between two sessions. */
static inline void machine_begin_session(struct machine *machine)
{
	double step = machine->noise == NOISE_DRIFTING ? 0.15 : 0.02;

	machine->state = 0.95 * machine->state +
			 gsl_ran_gaussian(machine->dice, step);
	for (int c = 0; c < SIM_CELLS_MAX; c++) {
		bool slow = gsl_rng_uniform(machine->dice) < 0.3;
		double own = gsl_ran_gaussian(machine->dice, 0.01);

		if (machine->noise == NOISE_HEAVY)
			own = 0.02 * gsl_ran_tdist(machine->dice, 2);
		if (machine->noise == NOISE_BIMODAL && slow)
			own -= 0.25;
		machine->cells[c] = machine->state + own;
	}
}

static inline double machine_observe(struct machine *machine)
{
	double own = gsl_ran_gaussian(machine->dice, 0.02);

	machine->walk += gsl_ran_gaussian(machine->dice, 0.03);
	switch (machine->noise) {
	case NOISE_DRIFTING:
		return own + machine->walk;
	case NOISE_SKEWED:
		return own - gsl_ran_lognormal(machine->dice, -4, 1.2);
	case NOISE_HEAVY:
		return 0.02 * gsl_ran_tdist(machine->dice, 2);
	case NOISE_BIMODAL:
		return own + (gsl_rng_uniform(machine->dice) < 0.3 ? -0.25 : 0);
	default:
		return own;
	}
}

/* Observes both sides of a round, one after the other, in random order. */
static inline void machine_round(struct machine *machine, double truth,
				 double *base, double *new)
{
	double first = machine_observe(machine);
	double second = machine_observe(machine);
	bool swapped = gsl_rng_uniform_int(machine->dice, 2);

	*base = swapped ? second : first;
	*new = truth + (swapped ? first : second);
}

static inline void machine_pairs(struct machine *machine, double truth,
				 double *differences, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++) {
		double base, new;

		machine_round(machine, truth, &base, &new);
		differences[i] = new - base;
	}
}

/* The median over the rounds of one cell in a session. */
static inline double machine_session(struct machine *machine)
{
	double values[SIM_ROUNDS];

	machine_begin_session(machine);
	machine->walk = 0;
	for (int i = 0; i < SIM_ROUNDS; i++)
		values[i] = machine->cells[0] + machine_observe(machine);
	return median_of(values, SIM_ROUNDS);
}

struct covered {
	size_t hits, tries;
	double nominal; /* the promised share */
};

typedef struct estimate sim_estimate(const double *differences, size_t count,
				     double wanted);

static inline struct covered sim_pairs(gsl_rng *dice, enum noise noise,
				       sim_estimate *estimate, size_t rounds,
				       double wanted, size_t tries)
{
	struct covered covered = { 0, tries, 0 };

	for (size_t i = 0; i < tries; i++) {
		struct machine machine = { .dice = dice, .noise = noise };
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

/* Alternating sessions on a machine that drifts within and between sessions. */
static inline struct covered sim_sessions(gsl_rng *dice, enum noise noise,
					  double wanted, size_t tries)
{
	struct machine machine = { .dice = dice, .noise = noise };
	struct covered covered = { 0, tries, 0 };

	for (size_t i = 0; i < tries; i++) {
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

/* How often the detectable shift of one set of rounds is found in another set
 * of rounds. */
static inline struct covered sim_detectable(gsl_rng *dice, enum noise noise,
					    size_t rounds, size_t rows,
					    size_t tries)
{
	struct demand demand = { 0.05 / (double)rows, log(1.03) };
	struct estimate none = { 0 };
	struct covered covered = { 0, tries, 0.8 };

	for (size_t i = 0; i < tries; i++) {
		struct machine machine = { .dice = dice, .noise = noise };
		double seen[64], other[64];
		struct estimate found;
		struct power power;

		machine_pairs(&machine, 0, seen, rounds);
		power = power_of_pairs(seen, rounds, false, &none, &demand);
		machine_pairs(&machine, power.detectable, other, rounds);
		found = signed_rank_estimate(other, rounds, 1 - demand.level);
		covered.hits += found.low > 0 && found.value > demand.threshold;
	}
	return covered;
}

/* A file of rows and its current session. */
struct sim_side {
	char folder[64];
	int file;
};

static inline void sim_die(const char *why)
{
	fprintf(stderr, "simulation: %s\n", why);
	abort();
}

static inline void sim_open(struct sim_side *side)
{
	struct fault fault;

	strcpy(side->folder, "/tmp/simulation.XXXXXX");
	if (!mkdtemp(side->folder))
		sim_die("no temporary folder");
	side->file = results_open(side->folder, &results_schema, &fault);
	if (side->file < 0)
		sim_die(fault.text);
}

static inline void sim_close(struct sim_side *side)
{
	char path[96];

	close(side->file);
	snprintf(path, sizeof(path), "%s/results.csv", side->folder);
	unlink(path);
	rmdir(side->folder);
}

static inline struct record sim_row(int session, int round, int cell,
				    double log_rate)
{
	struct record row;
	char text[32];

	record_init(&row, &results_schema);
	snprintf(text, sizeof(text), "s%d", session);
	record_set_text(&row, COLUMN_session_id, text);
	snprintf(text, sizeof(text), "2026-01-%02dT00:00:00Z", session + 1);
	record_set_text(&row, COLUMN_started_at, text);
	record_set_text(&row, COLUMN_host_id, "h");
	record_set_text(&row, COLUMN_build_id, "b");
	record_set_integer(&row, COLUMN_round, round);
	record_set_text(&row, COLUMN_scenario, "stream");
	record_set_text(&row, COLUMN_backend, "mutex");
	record_set_integer(&row, COLUMN_capacity, cell + 1);
	record_set_integer(&row, COLUMN_duration_ns, 80000000);
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_verified, 1);
	record_set_integer(&row, COLUMN_messages, 1000000);
	record_set_real(&row, COLUMN_throughput_msg_per_s, 1e7 * exp(log_rate));
	return row;
}

static inline void sim_append(const struct sim_side *side, struct record row)
{
	struct fault fault;

	if (results_append(side->file, &row, &fault) != 0)
		sim_die(fault.text);
}

/* The true logarithm of a cell's ratio: 0, or a value that differs between
 * cells. */
static inline double sim_truth(int cell, bool planted)
{
	return planted ? 0.1 * (cell % 4) - 0.1 : 0;
}

/* Writes one session of one side, or of both sides in the same rounds. */
static inline void sim_session(struct machine *machine, struct sim_side *sides,
			       int session, int side, int cells, bool planted)
{
	machine_begin_session(machine);
	for (int round = 1; round <= SIM_ROUNDS; round++)
		for (int c = 0; c < cells; c++) {
			double base, new;

			machine_round(machine, sim_truth(c, planted), &base,
				      &new);
			if (side != SIDE_CANDIDATE)
				sim_append(&sides[SIDE_BASELINE],
					   sim_row(session, round, c,
						   machine->cells[c] + base));
			if (side != SIDE_BASELINE)
				sim_append(&sides[SIDE_CANDIDATE],
					   sim_row(session, round, c,
						   machine->cells[c] + new));
		}
}

static inline void sim_lay_out(struct machine *machine, struct sim_side *sides,
			       enum layout layout, int cells, bool planted)
{
	int sessions = layout == LAYOUT_ROUNDS ? 1
		       : layout == LAYOUT_LONE ? SIM_SESSIONS + 1
					       : 2 * SIM_SESSIONS;

	for (int s = 0; s < sessions; s++) {
		int side = layout == LAYOUT_ROUNDS	? SIDES
			   : layout == LAYOUT_ALTERNATE ? s % 2
							: s >= SIM_SESSIONS;

		sim_session(machine, sides, s, side, cells, planted);
	}
}

struct sim_table {
	bool verdict; /* at least one row is faster or slower */
	bool missed; /* at least one interval does not contain the true ratio */
	size_t slower; /* rows */
};

/* Compares the files of both sides and removes them. */
static inline struct sim_table sim_compare(struct sim_side *sides, bool planted)
{
	static const struct comparison_options options = {
		.metric = COLUMN_throughput_msg_per_s,
		.threshold = 0.03,
		.alpha = 0.05,
		.adjust = true,
		.factor = -1,
	};
	struct sim_table table = { false, false };
	struct comparison comparison;
	struct dataset set;
	struct fault fault;

	dataset_init(&set, options.metric, NULL);
	for (int s = 0; s < SIDES; s++) {
		char path[96];

		snprintf(path, sizeof(path), "%s/results.csv", sides[s].folder);
		if (dataset_add(&set, s, path, &fault) != 0)
			sim_die(fault.text);
	}
	if (comparison_make(&comparison, &set, &options, &fault) != 0)
		sim_die(fault.text);
	table.verdict = comparison.verdicts[OUTCOME_FASTER] ||
			comparison.verdicts[OUTCOME_SLOWER];
	table.slower = comparison.verdicts[OUTCOME_SLOWER];
	for (size_t i = 0; i < comparison.count; i++) {
		const struct comparison_row *row = &comparison.rows[i];
		int cell = (int)record_integer(
				   &set.cells[row->baseline_cell].factors,
				   COLUMN_capacity) -
			   1;
		double truth = exp(sim_truth(cell, planted));

		table.missed |= row->low > truth || row->high < truth;
	}
	comparison_free(&comparison);
	dataset_free(&set);
	sim_close(&sides[SIDE_BASELINE]);
	sim_close(&sides[SIDE_CANDIDATE]);
	return table;
}

static inline struct sim_table
sim_table(struct machine *machine, enum layout layout, int cells, bool planted)
{
	struct sim_side sides[SIDES];

	sim_open(&sides[SIDE_BASELINE]);
	sim_open(&sides[SIDE_CANDIDATE]);
	sim_lay_out(machine, sides, layout, cells, planted);
	return sim_compare(sides, planted);
}

/* Counts the tables of unchanged code on one machine that have a verdict. */
static inline struct covered sim_false_tables(gsl_rng *dice, enum noise noise,
					      enum layout layout, int cells,
					      size_t tries)
{
	struct machine machine = { .dice = dice, .noise = noise };
	struct covered wrong = { 0, tries, 0.05 };

	if (layout == LAYOUT_SITTINGS || layout == LAYOUT_LONE)
		wrong.nominal = 0;
	for (size_t i = 0; i < tries; i++)
		wrong.hits += sim_table(&machine, layout, cells, false).verdict;
	return wrong;
}

/* Counts the tables in which an interval does not contain the true ratio. */
static inline struct covered sim_missed_tables(gsl_rng *dice, enum noise noise,
					       int cells, size_t tries)
{
	struct machine machine = { .dice = dice, .noise = noise };
	struct covered wrong = { 0, tries, 0.05 };

	for (size_t i = 0; i < tries; i++)
		wrong.hits +=
			sim_table(&machine, LAYOUT_ROUNDS, cells, true).missed;
	return wrong;
}

#endif

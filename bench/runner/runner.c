/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "disturbed.h"
#include "ringbench_clock.h"
#include "interrupt.h"
#include "progress.h"
#include "quiet.h"
#include "leaders.h"
#include "results.h"
#include "runner.h"

enum {
	PRINTS_MAX =
		10, /* largest number of observations whose output is shown */
};

/* State of one call of runner_run(). */
struct runner {
	const struct runner_job *job;
	struct progress progress;
	struct leaders leaders; /* for progress */
	enum exit_code worst;
	int prints;	  /* observations that printed something */
	int64_t spare_ns; /* remaining time for waits and repetitions */
	int64_t spent_ns; /* time used by waits and repetitions */
	bool noisy;	  /* the latest observation was disturbed */
	bool patient; /* the next wait may be successful; see await_quiet() */
	struct fault *fault;
};

/* The position of an observation in its round, and its side. */
struct place {
	const struct runner_side *side;
	int64_t round;
	int64_t attempt; /* from 1 */
	int64_t order;	 /* from 1 */
};

/* One round. */
struct round {
	int64_t number;
	int64_t observations; /* so far */
	bool *wanted;	 /* for each cell: measure the cell in this attempt */
	bool *disturbed; /* for each cell: whether this attempt was disturbed */
};

static void set_identity(const struct runner *runner, struct record *row,
			 const struct place *place)
{
	const struct run_folder *folder = place->side->folder;

	record_set_text(row, COLUMN_run_id, folder->run_id);
	record_set_text(row, COLUMN_session_id, folder->session_id);
	record_set_text(row, COLUMN_host_id, folder->host_id);
	record_set_text(row, COLUMN_build_id, folder->build_id);
	record_set_integer(row, COLUMN_seed, runner->job->plan->seed);
	record_set_integer(row, COLUMN_round, place->round);
	record_set_integer(row, COLUMN_attempt, place->attempt);
	record_set_integer(row, COLUMN_order_in_round, place->order);
}

/* Sets the columns that are computed from other columns. */
static void set_derived(struct record *row)
{
	double messages = record_number(row, COLUMN_messages);
	double elapsed = record_number(row, COLUMN_elapsed_ns);
	double busy = record_number(row, COLUMN_busy_ns);
	double waits = record_number(row, COLUMN_wait_empty_ns) +
		       record_number(row, COLUMN_wait_full_ns);

	if (messages >= 0 && elapsed > 0)
		record_set_real(row, COLUMN_throughput_msg_per_s,
				messages / elapsed * RINGBENCH_NS_PER_S);
	if (busy + waits > 0)
		record_set_real(row, COLUMN_idle_share, waits / (busy + waits));
}

static enum exit_code code_of(const struct record *row)
{
	const char *status = record_text(row, COLUMN_status);

	if (strcmp(status, "ok") == 0)
		return EXIT_FINE;
	return strcmp(status, "failed") == 0 ? EXIT_QUEUE : EXIT_CHILD;
}

static void warn(struct runner *runner, const struct runner_side *side,
		 const struct cell *cell, const struct observation *observation)
{
	char name[CELL_NAME_MAX];

	progress_clear(&runner->progress);
	cell_name(cell, name);
	fprintf(stderr, "ringbench: %s%s%s: %s: %s\n",
		side->label ? side->label : "", side->label ? ": " : "", name,
		record_text(&observation->result, COLUMN_status),
		*observation->reason ? observation->reason
				     : "see its row in results.csv");
}

/* Shows the output of measured code, which may explain a result. */
static void show_printed(struct runner *runner, const struct cell *cell,
			 const struct observation *observation)
{
	char name[CELL_NAME_MAX];

	if (!*observation->printed || runner->prints++ >= PRINTS_MAX)
		return;
	progress_clear(&runner->progress);
	cell_name(cell, name);
	fprintf(stderr, "ringbench: %s: printed%s%s\n", name,
		observation->printed,
		runner->prints == PRINTS_MAX
			? " (output of further observations is not shown)"
			: "");
}

static int keep(struct runner *runner, const struct run_folder *folder,
		const struct observation *observation)
{
	int error = 0;

	/*
	 * The row in results.csv is written last, so that its threads are
	 * always in threads.csv, even if the run is killed. If rows in
	 * threads.csv have no result, --resume measures their round again.
	 */
	for (int i = 0; i < observation->thread_count && !error; i++) {
		record_copy_cell(&observation->threads[i],
				 &observation->result);
		error = results_append(folder->threads,
				       &observation->threads[i], runner->fault);
	}
	if (error)
		return error;
	return results_append(folder->results, &observation->result,
			      runner->fault);
}

/* Returns 0, or -1 if a signal interrupted the run or the row cannot be
 * written. */
static int observe(struct runner *runner, const struct cell *cell,
		   const struct place *place, bool *disturbed)
{
	struct observation observation;
	struct record *row = &observation.result;
	char started_at[32];
	int error;

	observation_init(&observation);
	run_folder_time(started_at);
	if (child_observe(cell, place->side->program, &observation) != 0) {
		observation_free(&observation);
		return -1;
	}
	set_identity(runner, row, place);
	record_set_text(row, COLUMN_started_at, started_at);
	cell_to_record(cell, row);
	set_derived(row);
	*disturbed = is_disturbed(row);
	if (*disturbed)
		record_add_name(row, COLUMN_flags, "disturbed");
	if (code_of(row) != EXIT_FINE)
		warn(runner, place->side, cell, &observation);
	show_printed(runner, cell, &observation);
	runner->worst = fault_gravest(runner->worst, code_of(row));
	leaders_add(&runner->leaders, row);
	error = keep(runner, place->side->folder, &observation);
	observation_free(&observation);
	return error;
}

/* With two sides there is no ranking, because each backend would appear
 * twice. */
static void show(struct runner *runner, const struct cell *cell, int64_t round)
{
	char name[CELL_NAME_MAX], ranking[LEADERS_TEXT_MAX] = "";
	struct record row;

	cell_name(cell, name);
	if (runner->job->side_count == 1) {
		record_init(&row, &results_schema);
		cell_to_record(cell, &row);
		leaders_text(&runner->leaders, &row, ranking);
	}
	progress_show(&runner->progress, round, runner->job->plan->rounds, name,
		      ranking);
}

/* The time that all sides of the cell need. */
static int64_t attempt_ns(const struct runner *runner, const struct cell *cell)
{
	return plan_cell_ns(cell) * (int64_t)runner->job->side_count;
}

static void spend(struct runner *runner, int64_t ns)
{
	runner->spare_ns -= ns;
	runner->spent_ns += ns;
	runner->progress.total += (double)ns / RINGBENCH_NS_PER_S;
}

/*
 * Each round adds its part of the time for waits and repetitions, so that the
 * first rounds cannot use all of it. The part of one round more is available in
 * advance.
 */
static void earn(struct runner *runner, int64_t round)
{
	const struct plan *plan = runner->job->plan;
	int64_t rounds = round - runner->job->round + 2;
	int64_t left = plan->rounds - runner->job->round + 1;

	runner->spare_ns = (int64_t)runner->job->side_count *
				   plan_retry_ns(plan, rounds < left ? rounds
								     : left) -
			   runner->spent_ns;
}

/* Whether the remaining time is enough to measure all sides of the cell again.
 * If it is, subtracts the needed time from the remaining time. */
static bool take_time(struct runner *runner, const struct cell *cell)
{
	int64_t ns = attempt_ns(runner, cell);

	if (runner->spare_ns < ns)
		return false;
	spend(runner, ns);
	return true;
}

/* If the latest observation was disturbed, the next one would probably be
 * disturbed, too. */
static void await_quiet(struct runner *runner, const struct cell *cell)
{
	int64_t limit_ns = runner->spare_ns, ns;

	if (!runner->noisy || !runner->patient || limit_ns < QUIET_LOOK_NS)
		return;
	if (limit_ns > QUIET_LIMIT_NS)
		limit_ns = QUIET_LIMIT_NS;
	ns = quiet_wait(cell, limit_ns, &runner->patient);
	spend(runner, ns);
	progress_advance(&runner->progress, (double)ns / RINGBENCH_NS_PER_S);
}

static int measure_side(struct runner *runner, struct round *round,
			int64_t attempt, size_t cell_number, size_t side)
{
	const struct runner_job *job = runner->job;
	const struct cell *cell = &job->plan->cells[cell_number];
	const struct place place = {
		.side = &job->sides[side],
		.round = round->number,
		.attempt = attempt,
		.order = round->observations + 1,
	};
	int error;

	show(runner, cell, round->number);
	error = observe(runner, cell, &place, &runner->noisy);
	round->disturbed[cell_number] |= runner->noisy;
	runner->patient |= !runner->noisy;
	round->observations += !error;
	progress_advance(&runner->progress,
			 (double)plan_cell_ns(cell) / RINGBENCH_NS_PER_S);
	return error;
}

/* Measures the cells of `wanted` in a new random order. */
static int run_attempt(struct runner *runner, struct round *round,
		       int64_t attempt)
{
	const struct plan *plan = runner->job->plan;
	size_t sides = runner->job->side_count, count = plan->count * sides;
	size_t *order = calloc(count, sizeof(*order));
	int error = 0;

	if (!order)
		abort();
	plan_shuffle(plan, round->number, attempt, sides, order);
	for (size_t i = 0; i < count && !error && !interrupted; i++) {
		size_t cell = order[i] / sides;

		/* The first side of a cell decides for all sides. */
		if (i % sides == 0 && round->wanted[cell]) {
			await_quiet(runner, &plan->cells[cell]);
			if (attempt > 1)
				round->wanted[cell] = take_time(
					runner, &plan->cells[cell]);
		}
		if (round->wanted[cell])
			error = measure_side(runner, round, attempt, cell,
					     order[i] % sides);
	}
	free(order);
	return error;
}

/*
 * Measures every cell. Then measures all sides of the disturbed cells again,
 * until an attempt is undisturbed or --retry is reached. *whole: the rows of
 * all cells were written.
 */
static int run_round(struct runner *runner, int64_t number, bool *whole)
{
	const struct plan *plan = runner->job->plan;
	struct round round = {
		.number = number,
		.wanted = calloc(plan->count, sizeof(bool)),
		.disturbed = calloc(plan->count, sizeof(bool)),
	};
	int error;

	if (!round.wanted || !round.disturbed)
		abort();
	memset(round.wanted, true, plan->count * sizeof(bool));
	error = run_attempt(runner, &round, 1);
	*whole = round.observations ==
		 (int64_t)(plan->count * runner->job->side_count);
	for (int64_t i = 1; i <= plan->retry && !error && !interrupted; i++) {
		memcpy(round.wanted, round.disturbed,
		       plan->count * sizeof(bool));
		memset(round.disturbed, false, plan->count * sizeof(bool));
		error = run_attempt(runner, &round, i + 1);
	}
	free(round.wanted);
	free(round.disturbed);
	return error;
}

int runner_run(struct runner_job *job, enum exit_code *worst,
	       struct fault *fault)
{
	struct runner runner = { .job = job, .fault = fault };
	int64_t rounds = job->plan->rounds, left = rounds - job->round + 1;
	struct interrupts interrupts;
	bool whole = false;
	int error = 0;

	job->began = true;
	progress_start(&runner.progress,
		       (double)job->side_count * plan_seconds(job->plan, left));
	interrupts_catch(&interrupts);
	for (int64_t r = job->round; r <= rounds && !error && !interrupted;
	     r++) {
		if (job->prepare)
			error = job->prepare(r, job->arg, fault);
		earn(&runner, r);
		if (!error)
			error = run_round(&runner, r, &whole);
		job->complete = whole && r == rounds;
	}
	interrupts_release(&interrupts);
	progress_clear(&runner.progress);
	leaders_free(&runner.leaders);
	if (interrupted) {
		*worst = interrupts_code();
		return 0;
	}
	*worst = fault_gravest(*worst, runner.worst);
	return error;
}

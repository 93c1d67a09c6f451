/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "progress.h"
#include "results.h"
#include "runner.h"

/* State of one invocation. */
struct runner {
	const struct plan *plan;
	struct run_folder *folder;
	struct progress progress;
	enum exit_code worst;
	struct fault *fault;
};

static void on_signal(int number)
{
	child_interrupted = number;
}

static void catch_signals(struct sigaction old[2])
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, &old[0]);
	sigaction(SIGTERM, &action, &old[1]);
}

static void release_signals(const struct sigaction old[2])
{
	sigaction(SIGINT, &old[0], NULL);
	sigaction(SIGTERM, &old[1], NULL);
}

static void set_identity(const struct runner *runner, struct record *row,
			 int64_t round, int64_t place)
{
	const struct run_folder *folder = runner->folder;

	record_set_text(row, COLUMN_run_id, folder->run_id);
	record_set_text(row, COLUMN_session_id, folder->session_id);
	record_set_text(row, COLUMN_host_id, folder->host_id);
	record_set_text(row, COLUMN_build_id, folder->build_id);
	record_set_integer(row, COLUMN_seed, runner->plan->seed);
	record_set_integer(row, COLUMN_round, round);
	record_set_integer(row, COLUMN_order_in_round, place);
}

/* What follows from other columns, whoever measured them. */
static void set_derived(struct record *row)
{
	double messages = record_number(row, COLUMN_messages);
	double elapsed = record_number(row, COLUMN_elapsed_ns);
	double busy = record_number(row, COLUMN_busy_ns);
	double waits = record_number(row, COLUMN_wait_empty_ns) +
		       record_number(row, COLUMN_wait_full_ns);

	if (messages >= 0 && elapsed > 0)
		record_set_real(row, COLUMN_throughput_msg_per_s,
				messages / elapsed * NS_PER_S);
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

static void warn(struct runner *runner, const struct cell *cell,
		 const struct observation *observation)
{
	char name[CELL_NAME_MAX];

	progress_clear(&runner->progress);
	cell_name(cell, name);
	fprintf(stderr, "ringbench: %s: %s: %s\n", name,
		record_text(&observation->result, COLUMN_status),
		*observation->reason ? observation->reason
				     : "its numbers are in results.csv");
}

static int keep(struct runner *runner, const struct observation *observation)
{
	int error = results_append(runner->folder->results,
				   &observation->result, runner->fault);

	for (int i = 0; i < observation->thread_count && !error; i++) {
		record_copy_cell(&observation->threads[i],
				 &observation->result);
		error = results_append(runner->folder->threads,
				       &observation->threads[i], runner->fault);
	}
	return error;
}

/* Returns 0, or -1: interrupted, or the row cannot be written. */
static int observe(struct runner *runner, const struct cell *cell,
		   int64_t round, int64_t place)
{
	struct observation observation;
	struct record *row = &observation.result;
	char started_at[32];
	int error;

	observation_init(&observation);
	run_folder_time(started_at);
	if (child_observe(cell, &observation) != 0) {
		observation_free(&observation);
		return -1;
	}
	set_identity(runner, row, round, place);
	record_set_text(row, COLUMN_started_at, started_at);
	cell_to_record(cell, row);
	set_derived(row);
	if (code_of(row) != EXIT_FINE)
		warn(runner, cell, &observation);
	runner->worst = fault_gravest(runner->worst, code_of(row));
	error = keep(runner, &observation);
	observation_free(&observation);
	return error;
}

static int run_round(struct runner *runner, int64_t round)
{
	const struct plan *plan = runner->plan;
	size_t *order = calloc(plan->count, sizeof(*order));
	int error = 0;

	if (!order)
		abort();
	plan_shuffle(plan, round, order);
	for (size_t i = 0; i < plan->count && !error && !child_interrupted;
	     i++) {
		const struct cell *cell = &plan->cells[order[i]];
		char name[CELL_NAME_MAX];

		cell_name(cell, name);
		progress_show(&runner->progress, round, plan->rounds, name);
		error = observe(runner, cell, round, (int64_t)i + 1);
		progress_advance(&runner->progress,
				 (double)(cell->duration_ns + cell->warmup_ns) /
					 NS_PER_S);
	}
	free(order);
	return error;
}

int runner_run(const struct plan *plan, struct run_folder *folder,
	       int64_t round, enum exit_code *worst, struct fault *fault)
{
	struct runner runner = { .plan = plan,
				 .folder = folder,
				 .fault = fault };
	struct sigaction old[2];
	int error = 0;

	progress_start(&runner.progress,
		       plan_seconds(plan, plan->rounds - round + 1));
	catch_signals(old);
	while (round <= plan->rounds && !error && !child_interrupted)
		error = run_round(&runner, round++);
	release_signals(old);
	progress_clear(&runner.progress);
	if (child_interrupted) {
		*worst = child_interrupted == SIGTERM ? EXIT_TERMINATED
						      : EXIT_INTERRUPTED;
		return 0;
	}
	*worst = fault_gravest(*worst, runner.worst);
	return error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench run: measures a plan, or the cells named on the command line. */
#include <stdio.h>

#include "closing.h"
#include "commands.h"
#include "interrupt.h"
#include "measuring.h"
#include "report.h"
#include "runner.h"
#include "text.h"

enum {
	KEY_RESUME = 0x3000,
	KEY_BUDGET,
};

struct request {
	struct measuring measuring;
	struct format_choice format;
	const char *resume;
	const char *budget;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		request->format.input = request->measuring.input;
		state->child_inputs[0] = &request->measuring;
		state->child_inputs[1] = &request->format;
		return 0;
	case KEY_RESUME:
		request->resume = value;
		return 0;
	case KEY_BUDGET:
		request->budget = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_words(int argc, char **argv, struct request *request)
{
	static const struct argp_option options[] = {
		{ "resume", KEY_RESUME, "DIR", 0,
		  "continue an interrupted run in this folder", 1 },
		{ "budget", KEY_BUDGET, "TIME", 0,
		  "choose the number of rounds: as many as fit into this time, "
		  "such as 10min",
		  1 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	const struct argp_child children[] = {
		{ measuring_argp(), 0, NULL, 0 },
		{ &format_argp, 0, NULL, 0 },
		{ NULL, 0, NULL, 0 },
	};
	const struct argp argp = {
		options,
		parse,
		NULL,
		"Measures cells. A cell is one combination of the parameters "
		"below. A parameter accepts a list such as a,b,c; all "
		"combinations of the lists are measured. Without parameters, "
		"run measures the plan `tutorial`.",
		children,
		NULL,
		NULL,
	};

	return options_parse(&argp, argc, argv, 0, &request->measuring.input);
}

static int check_request(const struct request *request)
{
	const struct measuring *other = &request->measuring;

	if (request->resume &&
	    (other->plan || other->some_param || other->out || other->rounds ||
	     other->retry || other->seed || other->dry_run || request->budget))
		return fault_set(other->input.fault, EXIT_USAGE,
				 "cannot combine --resume with other "
				 "options, because --resume continues the "
				 "plan that is stored in the folder; remove "
				 "the other options");
	if (request->budget && other->rounds)
		return fault_set(other->input.fault, EXIT_USAGE,
				 "cannot combine --budget with --rounds, "
				 "because --budget chooses the number of "
				 "rounds; remove one of them");
	return 0;
}

static int make_plan(const struct request *request, struct plan *plan,
		     const struct topology *topology)
{
	struct fault *fault = request->measuring.input.fault;
	int64_t budget_ns;

	if (measuring_plan(&request->measuring, "tutorial", plan, topology))
		return -1;
	if (!request->budget)
		return 0;
	if (text_parse_duration(request->budget, &budget_ns) != 0)
		return fault_set(fault, EXIT_USAGE,
				 "--budget: cannot use the value \"%.60s\"; "
				 "write a time such as 10min",
				 request->budget);
	return plan_set_budget(plan, budget_ns, fault);
}

/* Ignores errors: the report has read the run before and has printed them. */
static void print_closing(const char *path, FILE *to)
{
	struct fault ignored;
	struct run run;

	if (run_load(&run, path, &ignored) != 0)
		return;
	closing_print(&run, to);
	run_free(&run);
}

/* Prints where the results are and which queue they recommend. After an
 * interruption, prints how to continue. */
static void print_end(const struct run_folder *folder, bool complete,
		      enum output_format format, enum exit_code worst)
{
	/* In the other formats, standard output contains nothing else. */
	FILE *to = format == OUTPUT_TEXT ? stdout : stderr;

	fprintf(to, "\nresults: %s/results.csv\n", folder->path);
	if (worst != EXIT_INTERRUPTED && worst != EXIT_TERMINATED)
		print_closing(folder->path, to);
	else if (complete)
		fprintf(stderr, "ringbench: interrupted after the last "
				"observation; the run is complete\n");
	else
		fprintf(stderr,
			"ringbench: interrupted; the finished observations "
			"are kept; continue with: ringbench run --resume %s\n",
			folder->path);
}

/* Prints the report even if a full disk prevents writing report.txt. */
static int conclude(struct run_folder *folder, const struct runner_job *job,
		    enum output_format format, enum exit_code exit_code,
		    struct fault *fault)
{
	struct fault report_fault;
	int error = run_folder_finish(folder, exit_code, fault);

	if (report_write(folder->path, &(struct report_choice){ NULL }, format,
			 stdout, &report_fault) != 0) {
		fprintf(stderr, "ringbench: cannot make the report: %s\n",
			report_fault.text);
		if (!error && report_fault.exit_code == EXIT_OUTPUT) {
			*fault = report_fault;
			error = -1;
		}
	}
	print_end(folder, job->complete, format, exit_code);
	return error;
}

static int measure(const struct request *request, struct plan *plan,
		   const struct topology *topology, enum exit_code *exit_code)
{
	struct fault *fault = request->measuring.input.fault;
	struct run_folder folder;
	struct runner_job job = {
		.plan = plan,
		.sides = { { .folder = &folder } },
		.side_count = 1,
		.round = 1,
	};
	struct run_identity identity;
	int error;

	run_identity_own(&identity);
	if (request->resume)
		error = run_folder_resume(&folder, request->resume, &identity,
					  plan, topology, &job.round, fault);
	else
		error = run_folder_open(&folder, request->measuring.out,
					&identity, plan, topology, fault);
	json_decref(identity.program);
	if (!error) {
		measuring_print_warnings(plan, &folder);
		error = runner_run(&job, exit_code, fault);
	}
	if (!error)
		error = conclude(&folder, &job, request->format.format,
				 *exit_code, fault);
	else if (job.began && fault->exit_code == EXIT_OUTPUT)
		fault_add(fault,
			  ", then continue with: ringbench run --resume %s",
			  folder.path);
	run_folder_free(&folder);
	return error;
}

/* While interrupts are caught, a signal ends the run after the current
 * observation is discarded. */
static int lock_and_measure(const struct request *request, struct plan *plan,
			    const struct topology *topology,
			    enum exit_code *exit_code)
{
	struct interrupts interrupts;
	int error;

	interrupts_catch(&interrupts);
	error = measuring_lock(&request->measuring);
	if (!error && interrupted) {
		*exit_code = interrupts_code();
		fprintf(stderr, "ringbench: interrupted before the first "
				"observation\n");
	} else if (!error) {
		error = measure(request, plan, topology, exit_code);
	}
	interrupts_release(&interrupts);
	return error;
}

int command_run(int argc, char **argv, enum exit_code *exit_code,
		struct fault *fault)
{
	struct request request = { .measuring = { .input = { fault } } };
	struct topology *topology = NULL;
	struct plan plan = { .lines = NULL };
	int error;

	if (parse_words(argc, argv, &request) != 0 ||
	    check_request(&request) != 0)
		return -1;
	error = topology_load(&topology, fault);
	if (!error && !request.resume)
		error = make_plan(&request, &plan, topology);
	if (!error && request.measuring.dry_run)
		error = measuring_print_dry_run(
			&request.measuring,
			request.format.format == OUTPUT_TEXT, &plan, NULL, 1);
	else if (!error)
		error = lock_and_measure(&request, &plan, topology, exit_code);
	plan_free(&plan);
	if (topology)
		topology_free(topology);
	return error;
}

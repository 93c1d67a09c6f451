/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench ab: builds two revisions, measures each cell with both revisions,
 * and compares the observations in pairs. Before each round both programs are
 * linked in a new order. The rows of the two sides are two runs with a common
 * session and common rounds.
 */
#include <string.h>
#include <unistd.h>

#include "revision_build.h"
#include "ringbench_clock.h"
#include "commands.h"
#include "interrupt.h"
#include "judging.h"
#include "measuring.h"
#include "runner.h"

enum {
	SIDES_OF_AB = 2,
};

static const char *const labels[SIDES_OF_AB] = { "base", "new" };

struct request {
	struct options_input input;
	struct measuring measuring;
	struct judging judging;
	const char *names[SIDES_OF_AB];
	int count;
};

/* One of the two sides: sources, program and run folder. */
struct contestant {
	struct revision_build build;
	struct program program;
	struct run_folder folder;
};

struct ab {
	const struct request *request;
	struct plan plan;
	struct topology *topology;
	char scratch[PATHS_MAX];
	char paths[SIDES_OF_AB][PATHS_MAX]; /* paths of the two run folders */
	struct contestant sides[SIDES_OF_AB];
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->measuring;
		state->child_inputs[1] = &request->judging;
		return 0;
	case ARGP_KEY_ARG:
		request->names[request->count++] = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_words(int argc, char **argv, struct request *request)
{
	static const struct argp_option none[] = { { 0, 0, 0, 0, 0, 0 } };
	const struct argp_child children[] = {
		{ measuring_argp(), 0, NULL, 0 },
		{ &judging_argp, 0, NULL, 0 },
		{ NULL, 0, NULL, 0 },
	};
	const struct argp argp = {
		none,
		parse,
		"REV [REV]",
		"Shows whether a change of the code makes the queues faster or "
		"slower. Builds two git revisions (by default the second is "
		"the working tree), measures the same cells with both in the "
		"same rounds, and compares them in pairs. Before each round "
		"both programs are linked again in a random order. Without "
		"parameters, ab measures the plan `quick`.\vThe results are "
		"two runs: DIR-base and DIR-new with --out DIR, otherwise two "
		"folders in results/.",
		children,
		NULL,
		NULL,
	};

	if (options_parse(&argp, argc, argv, SIDES_OF_AB, &request->input) != 0)
		return -1;
	if (request->count > 0)
		return 0;
	return fault_set(request->input.fault, EXIT_USAGE,
			 "ab needs a revision; write ringbench ab HEAD to "
			 "compare the working tree with the last commit");
}

/* Checks that both revisions exist before the first build begins. */
static int find_revisions(struct ab *ab, char top[PATHS_MAX])
{
	struct fault *fault = ab->request->input.fault;

	if (revision_top(top, fault) != 0)
		return -1;
	for (int i = 0; i < SIDES_OF_AB; i++)
		if (revision_find(&ab->sides[i].build.revision, top,
				  ab->request->names[i], fault) != 0)
			return -1;
	return 0;
}

static void announce(const struct ab *ab)
{
	const struct revision *base = &ab->sides[0].build.revision;
	const struct revision *new = &ab->sides[1].build.revision;

	fprintf(stderr, "ab: %s (base) against %s (new%s)\n", base->name,
		new->name, *new->commit ? "" : ", the working tree");
}

/* Printed on a terminal only. A build takes about one minute, so say what is
 * happening. */
static void say_building(const struct revision_build *build)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "building %s (%s)...\n", build->label,
			build->revision.name);
}

/*
 * Measures a cell for a very short time, to check that this side knows the cell
 * and that its result can be read. A run without messages is accepted here.
 */
static int try_cell(const struct contestant *side, const struct cell *cell,
		    struct fault *fault)
{
	struct observation observation;
	struct cell brief = *cell;
	char name[CELL_NAME_MAX];
	int error = 0;

	brief.duration_ns = brief.warmup_ns = RINGBENCH_NS_PER_MS;
	brief.messages = 0;
	observation_init(&observation);
	if (child_observe(&brief, &side->program, &observation) != 0) {
		observation_free(&observation);
		return -1;
	}
	cell_name(cell, name);
	if (strcmp(record_text(&observation.result, COLUMN_status),
		   "crashed") == 0)
		error = fault_set(fault, EXIT_CHILD,
				  "%s (%s) cannot measure %s: %.300s; remove "
				  "this cell, or choose another revision",
				  side->build.label, side->build.revision.name,
				  name, observation.reason);
	observation_free(&observation);
	return error;
}

static int try_cells(const struct ab *ab, const struct contestant *side)
{
	for (size_t c = 0; c < ab->plan.count; c++)
		if (try_cell(side, &ab->plan.cells[c],
			     ab->request->input.fault) != 0)
			return -1;
	return 0;
}

static int build(struct ab *ab, const char *top)
{
	struct fault *fault = ab->request->input.fault;

	for (int i = 0; i < SIDES_OF_AB; i++) {
		struct contestant *side = &ab->sides[i];
		char own[PATHS_MAX], log[PATHS_MAX];

		/* Both paths have the same length. The path of the program is
		 * on its stack, so a longer path would shift the stack. */
		snprintf(own, sizeof(own), "%.2050s/%c", ab->scratch, 'a' + i);
		snprintf(log, sizeof(log), "%.4000s.log", ab->paths[i]);
		say_building(&side->build);
		if (revision_build_make(&side->build, top, own, log, fault))
			return -1;
		side->program = (struct program){
			.executable = side->build.executable,
			.tree = side->build.tree,
		};
		if (try_cells(ab, side) != 0)
			return -1;
	}
	return 0;
}

/* The link order depends on the side, the round and the seed only, so a run can
 * be repeated. */
static int relink(int64_t round, void *arg, struct fault *fault)
{
	const struct ab *ab = arg;

	for (int i = 0; i < SIDES_OF_AB; i++)
		if (revision_build_relink(&ab->sides[i].build,
					  (uint64_t)(ab->plan.seed * 1000003 +
						     round * SIDES_OF_AB + i),
					  fault) != 0)
			return -1;
	return 0;
}

static int open_folders(struct ab *ab)
{
	struct run_identity identity;

	run_folder_session(identity.session_id);
	for (int i = 0; i < SIDES_OF_AB; i++) {
		struct contestant *side = &ab->sides[i];

		memcpy(identity.build_id, side->build.build_id,
		       sizeof(identity.build_id));
		identity.program = side->build.program;
		json_object_set_new(
			identity.program, "link_order",
			json_string("a new order before every round"));
		if (run_folder_open(&side->folder, ab->paths[i], &identity,
				    &ab->plan, ab->topology,
				    ab->request->input.fault) != 0)
			return -1;
	}
	return 0;
}

static int measure(struct ab *ab, enum exit_code *exit_code)
{
	struct fault *fault = ab->request->input.fault;
	struct runner_job job = {
		.plan = &ab->plan,
		.side_count = SIDES_OF_AB,
		.round = 1,
		.prepare = relink,
		.arg = ab,
	};
	int error = open_folders(ab);

	for (int i = 0; i < SIDES_OF_AB; i++)
		job.sides[i] = (struct runner_side){
			.label = ab->sides[i].build.label,
			.program = &ab->sides[i].program,
			.folder = &ab->sides[i].folder,
		};
	if (!error) {
		measuring_print_warnings(&ab->plan, &ab->sides[0].folder);
		error = runner_run(&job, exit_code, fault);
	}
	for (int i = 0; i < SIDES_OF_AB && !error; i++)
		error = run_folder_finish(&ab->sides[i].folder, *exit_code,
					  fault);
	return error;
}

/* The steps that need the temporary folder. */
static int build_and_measure(struct ab *ab, enum exit_code *exit_code)
{
	struct fault *fault = ab->request->input.fault;
	char top[PATHS_MAX];
	int error;

	if (find_revisions(ab, top) != 0 ||
	    measuring_paths(&ab->request->measuring, &ab->plan, labels,
			    ab->paths) != 0 ||
	    scratch_make(ab->scratch, fault) != 0)
		return -1;
	error = build(ab, top);
	if (!error) {
		announce(ab);
		error = measure(ab, exit_code);
	}
	paths_remove_tree(ab->scratch);
	return error;
}

static void free_sides(struct ab *ab)
{
	for (int i = 0; i < SIDES_OF_AB; i++) {
		revision_build_free(&ab->sides[i].build);
		run_folder_free(&ab->sides[i].folder);
	}
}

/* Prints the verdicts. After Ctrl-C, prints the command that compares the
 * finished rounds. */
static int conclude(const struct ab *ab, enum exit_code *exit_code)
{
	const char *base = ab->paths[0], *new = ab->paths[1];
	enum exit_code verdict;

	if (interrupted) {
		fprintf(stderr,
			"ringbench: interrupted; the finished observations "
			"are kept; compare them with: ringbench compare %s "
			"%s\n",
			base, new);
		return 0;
	}
	if (judging_compare(&ab->request->judging, base, new, &verdict) != 0) {
		/* A more severe error of the measurement has already been
		 * printed. */
		verdict = ab->request->input.fault->exit_code;
		if (*exit_code <= verdict)
			return -1;
	}
	*exit_code = fault_gravest(*exit_code, verdict);
	return 0;
}

static int run(struct ab *ab, enum exit_code *exit_code)
{
	struct interrupts interrupts;
	bool opened;
	int error;

	interrupts_catch(&interrupts);
	error = measuring_lock(&ab->request->measuring);
	if (!error && !interrupted)
		error = build_and_measure(ab, exit_code);
	interrupts_release(&interrupts);
	opened = ab->sides[1].folder.json != NULL;
	if (interrupted && !opened) {
		*exit_code = interrupts_code();
		fprintf(stderr, "ringbench: interrupted before the first "
				"observation\n");
		return 0;
	}
	return error ? error : conclude(ab, exit_code);
}

int command_ab(int argc, char **argv, enum exit_code *exit_code,
	       struct fault *fault)
{
	struct request request = {
		.input = { fault },
		.measuring = { .input = { fault } },
	};
	struct ab ab = {
		.request = &request,
		.sides = { { .folder = { .results = -1, .threads = -1 } },
			   { .folder = { .results = -1, .threads = -1 } } },
	};
	int error;

	*exit_code = EXIT_FINE;
	for (int i = 0; i < SIDES_OF_AB; i++)
		ab.sides[i].build.label = labels[i];
	judging_init(&request.judging, fault);
	if (parse_words(argc, argv, &request) != 0)
		return -1;
	error = topology_load(&ab.topology, fault);
	if (!error)
		error = measuring_plan(&request.measuring, "quick", &ab.plan,
				       ab.topology);
	if (!error && request.measuring.dry_run)
		error = measuring_print_dry_run(&request.measuring,
						request.judging.print ==
							comparison_print_text,
						&ab.plan, labels, 1);
	else if (!error)
		error = run(&ab, exit_code);
	free_sides(&ab);
	plan_free(&ab.plan);
	if (ab.topology)
		topology_free(ab.topology);
	return error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench list: prints backends, scenarios, parameters, plans and the meaning
 * of the columns. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "columns.h"
#include "commands.h"
#include "options.h"
#include "paths.h"
#include "text.h"

enum {
	TEXT_MAX = 1024,
};

struct request {
	struct format_choice format;
	const char *what;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = &request->format;
	else if (key == ARGP_KEY_ARG)
		request->what = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const char *const classes[] = {
	[PROGRESS_BLOCKING] = "blocking",
	[PROGRESS_LOCK_FREE] = "lock-free",
	[PROGRESS_WAIT_FREE] = "wait-free",
};

static const char *shape(const struct backend *backend)
{
	bool producers = backend->flags & BACKEND_MULTI_PRODUCER;
	bool consumers = backend->flags & BACKEND_MULTI_CONSUMER;

	if (backend->flags & BACKEND_NOT_A_QUEUE)
		return "-";
	if (producers)
		return consumers ? "MPMC" : "MPSC";
	return consumers ? "SPMC" : "SPSC";
}

/* Returns a word for a backend that is not a bounded FIFO queue; "" for all
 * others. */
static const char *kind(const struct backend *backend)
{
	if (backend->flags & BACKEND_LIFO)
		return "stack: ";
	return backend->flags & BACKEND_UNBOUNDED ? "unbounded: " : "";
}

/* Returns the order of messages, if it is not FIFO for every number of
 * threads. */
static const char *order(const struct backend *backend)
{
	if (backend->flags & BACKEND_LIFO)
		return ""; /* kind() describes it */
	switch (backend_order(backend->flags, true)) {
	case ORDER_FIFO:
		return "";
	case ORDER_PER_PRODUCER:
		return "; FIFO per producer";
	case ORDER_ANY:
		return "; not FIFO with several threads on a side";
	}
	return "";
}

/* Adds a row of texts. */
static void add_row(struct text_table *table, const char *const *texts)
{
	text_table_row(table);
	for (size_t i = 0; i < table->columns; i++)
		text_table_set(table, i, texts[i], NULL);
}

static void begin(struct text_table *table, const char *const *titles)
{
	text_table_init(table);
	for (; *titles; titles++)
		text_table_column(table, *titles, true);
}

static void list_backends(struct output *output)
{
	static const char *const titles[] = { "backend", "shape",   "push",
					      "pop",	 "meaning", NULL };
	struct backend_choice choice;
	struct text_table table;

	begin(&table, titles);
	for (size_t i = 0; registry_choice(i, &choice); i++) {
		const struct backend *backend = choice.backend;
		char text[TEXT_MAX];
		const char *const texts[] = {
			choice.id,
			backend ? shape(backend) : "other",
			backend ? classes[backend->push_progress] : "",
			backend ? classes[backend->pop_progress] : "",
			text,
		};

		if (backend)
			snprintf(text, sizeof(text), "%s%s%s%s%s",
				 kind(backend), choice.summary,
				 backend->flags & BACKEND_NATIVE_BULK ? "; bulk"
								      : "",
				 order(backend),
				 backend->create_value ? "; by value" : "");
		else
			snprintf(text, sizeof(text), "program: %s",
				 choice.summary);
		add_row(&table, texts);
	}
	output_table(output, "backends",
		     "backends: allowed producers and consumers (S: one, M: "
		     "several), progress class of push, progress class of "
		     "pop; bulk: one operation can move several messages; by "
		     "value: messages of 8 to 256 bytes (payload-by). Unless "
		     "the line says otherwise, messages leave in the order "
		     "of their arrival (FIFO)",
		     &table);
	text_table_free(&table);
}

static void list_scenarios(struct output *output)
{
	static const char *const titles[] = { "scenario", "meaning", NULL };
	struct text_table table;

	begin(&table, titles);
	for (size_t i = 0; i < registry_scenario_count; i++) {
		const char *const texts[] = { registry_scenarios[i]->id,
					      registry_scenarios[i]->summary };

		add_row(&table, texts);
	}
	output_table(output, "scenarios", "scenarios", &table);
	text_table_free(&table);
}

static void list_params(struct output *output)
{
	static const char *const titles[] = { "parameter", "value", "default",
					      "meaning", NULL };
	struct text_table table;

	begin(&table, titles);
	for (size_t i = 0; i < param_count; i++) {
		char name[TEXT_TABLE_CELL_MAX], text[TEXT_MAX];
		const char *const texts[] = { name, params[i].argument,
					      params[i].fallback, text };

		snprintf(name, sizeof(name), "--%s", params[i].name);
		snprintf(text, sizeof(text), "%s%s%s",
			 params[i].scope ? params[i].scope : "",
			 params[i].scope ? ": " : "", params[i].help);
		add_row(&table, texts);
	}
	output_table(output, "params",
		     "parameters of a cell, for the command line and plans",
		     &table);
	text_table_free(&table);
}

/* Adds the name of a plan and the comment in its first line. */
static void add_plan(struct text_table *table, const char *folder,
		     const char *file)
{
	char path[PATHS_MAX + 256], line[256] = "";
	FILE *plan;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	plan = fopen(path, "re");
	if (!plan)
		return;
	if (!fgets(line, sizeof(line), plan) || line[0] != '#')
		snprintf(line, sizeof(line), "# ");
	fclose(plan);
	line[strcspn(line, "\r\n")] = '\0';
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(file, "."), file);
	text_clean(path);
	text_clean(line);
	add_row(table,
		(const char *const[]){ path, line + strspn(line, "# ") });
}

static int is_plan(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".plan") == 0;
}

static void list_plans(struct output *output)
{
	static const char *const titles[] = { "plan", "meaning", NULL };
	struct text_table table;
	char folder[PATHS_MAX];
	struct dirent **entries;
	int count = 0;

	if (paths_find("bench/plans", folder) == 0)
		count = scandir(folder, &entries, is_plan, alphasort);
	begin(&table, titles);
	for (int i = 0; i < count; i++) {
		add_plan(&table, folder, entries[i]->d_name);
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
	output_table(output, "plans", "plans", &table);
	text_table_free(&table);
}

static const char *const types[] = {
	[TYPE_TEXT] = "text",
	[TYPE_INTEGER] = "integer",
	[TYPE_REAL] = "real",
};
static const char *const roles[] = {
	[ROLE_IDENTITY] = "identity",
	[ROLE_FACTOR] = "factor",
	[ROLE_METRIC] = "metric",
	[ROLE_CHECK] = "check",
};
static const char *const directions[] = {
	[BETTER_NEITHER] = "",
	[BETTER_HIGHER] = "higher",
	[BETTER_LOWER] = "lower",
};

static void add_column(struct text_table *table, const struct column *column,
		       bool code)
{
	char name[TEXT_TABLE_CELL_MAX];
	const char *const texts[] = { name,
				      types[column->type],
				      column->unit,
				      roles[column->role],
				      directions[column->better],
				      column->meaning };

	snprintf(name, sizeof(name), code ? "`%.60s`" : "%.60s", column->name);
	add_row(table, texts);
}

static void list_schema(struct output *output, const struct schema *schema)
{
	static const char *const titles[] = { "column", "type",	  "unit",
					      "role",	"better", "meaning",
					      NULL };
	static const struct column checksum = {
		"checksum",
		"",
		"CRC-32 of the header and of the row up to this field",
		TYPE_TEXT,
		ROLE_CHECK,
		BETTER_NEITHER,
		SCALE_VALUE,
	};
	bool code = output->format == OUTPUT_MARKDOWN;
	struct text_table table;

	begin(&table, titles);
	for (size_t i = 0; i < schema->count; i++)
		if (!schema->columns[i].is_derived)
			add_column(&table, &schema->columns[i], code);
	add_column(&table, &checksum, code);
	output_table(output, schema->file, schema->file, &table);
	text_table_free(&table);
}

/* Prints "OWNER LOOP" for each loop that check-asm must find: in every backend
 * for each wait policy, and in scenarios that have their own loops. */
static void list_loops(struct output *output)
{
	static const char *const titles[] = { "owner", "loop", NULL };
	struct text_table table;
	char name[TEXT_MAX];

	begin(&table, titles);
	table.untitled = true;
	for (const struct loop *loop = registry_backends[0]->loops; loop->name;
	     loop++)
		for (int wait = 0; wait < WAIT_KINDS; wait++) {
			snprintf(name, sizeof(name), "%s_%s", loop->name,
				 wait_names[wait]);
			add_row(&table,
				(const char *const[]){ "backend", name });
		}
	for (size_t i = 0; i < registry_backend_count; i++) {
		const struct backend *backend = registry_backends[i];
		const struct value_loop *loop = backend->value_loops;

		for (; loop && loop->name; loop++) {
			char owner[CELL_TEXT_MAX];

			snprintf(owner, sizeof(owner), "backend:%s",
				 backend->id);
			add_row(&table,
				(const char *const[]){ owner, loop->name });
		}
	}
	for (size_t i = 0; i < registry_scenario_count; i++) {
		const char *word = registry_scenarios[i]->loops;

		while (word && *(word += strspn(word, " "))) {
			size_t length = strcspn(word, " ");

			snprintf(name, sizeof(name), "%.*s", (int)length, word);
			add_row(&table,
				(const char *const[]){
					registry_scenarios[i]->id, name });
			word += length;
		}
	}
	output_table(output, "loops", NULL, &table);
	text_table_free(&table);
}

static void list_columns(struct output *output)
{
	if (output->format == OUTPUT_MARKDOWN) {
		output->began = true;
		fprintf(output->to,
			"# Columns\n\n`make docs` writes this page from "
			"`bench/results/columns.h` and the declarations of "
			"the\nscenarios. An empty field means \"not "
			"measured\"; "
			"it never means 0. Sums are over all\nthreads of the "
			"observation.\n\nRoles: *identity* columns identify "
			"the "
			"observation. *factor* columns are the parameters\nof "
			"the cell. *metric* columns are measured. *check* "
			"columns show whether the row is\nreliable. The column "
			"*better* is the direction that `compare` calls "
			"faster.\n");
	}
	list_schema(output, &results_schema);
	list_schema(output, &threads_schema);
}

static const struct listing {
	const char *name;
	void (*print)(struct output *output);
	bool usual; /* printed by `ringbench list` without arguments */
} listings[] = {
	{ "scenarios", list_scenarios, true },
	{ "backends", list_backends, true },
	{ "params", list_params, true },
	{ "plans", list_plans, true },
	{ "columns", list_columns, false },
	{ "loops", list_loops, false },
};

enum {
	LISTINGS = sizeof(listings) / sizeof(listings[0]),
};

static int unknown(const struct request *request)
{
	struct fault *fault = request->format.input.fault;
	const char *names[LISTINGS];

	for (size_t i = 0; i < LISTINGS; i++)
		names[i] = listings[i].name;
	fault_set(fault, EXIT_USAGE, "cannot list \"%.60s\"", request->what);
	return fault_suggest(fault, request->what, "", names, LISTINGS,
			     "choose scenarios, backends, params, plans, "
			     "columns or loops");
}

static int list(const struct request *request)
{
	struct output output;
	bool found = false;

	if (registry_conflict())
		return fault_set(request->format.input.fault, EXIT_USAGE, "%s",
				 registry_conflict());
	for (size_t i = 0; i < LISTINGS && request->what; i++)
		found |= strcmp(request->what, listings[i].name) == 0;
	if (request->what && !found)
		return unknown(request);
	output_begin(&output, request->format.format, stdout);
	for (size_t i = 0; i < LISTINGS; i++)
		if (request->what ? strcmp(request->what, listings[i].name) == 0
				  : listings[i].usual)
			listings[i].print(&output);
	if (!request->what)
		text_wrap("columns of the results: see `ringbench list "
			  "columns`",
			  0, output_text(&output));
	output_end(&output);
	return 0;
}

int command_list(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault)
{
	static const struct argp_option options[] = { { 0, 0, 0, 0, 0, 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[WHAT]",
		"Lists the backends, scenarios, parameters and plans of this "
		"program, and the meaning of the columns in the results. WHAT "
		"is one of scenarios, backends, params, plans, columns and "
		"loops.",
		format_children,
		NULL,
		NULL,
	};
	struct request request = { .format = { .input = { fault } } };

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.format.input) != 0)
		return -1;
	return list(&request);
}

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
	KEY_MARKDOWN = 0x1000,
	MEANING_INDENT = 6,
	TEXT_MAX = 1024,
};

struct request {
	struct options_input input;
	const char *what;
	bool markdown;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == KEY_MARKDOWN)
		request->markdown = true;
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

/* A word for backends that are not bounded first-in-first-out queues. */
static const char *kind(const struct backend *backend)
{
	if (backend->flags & BACKEND_LIFO)
		return "stack: ";
	return backend->flags & BACKEND_UNBOUNDED ? "unbounded: " : "";
}

static void list_backends(void)
{
	struct backend_choice choice;

	printf("backends: allowed producers and consumers (S: one, M: "
	       "several), progress class\nof push, progress class of pop; "
	       "bulk: one operation can move several messages\n");
	for (size_t i = 0; registry_choice(i, &choice); i++) {
		const struct backend *backend = choice.backend;
		char text[TEXT_MAX];

		if (backend)
			snprintf(text, sizeof(text), "%s%s%s", kind(backend),
				 choice.summary,
				 backend->flags & BACKEND_NATIVE_BULK ? "; bulk"
								      : "");
		else
			snprintf(text, sizeof(text), "program: %s",
				 choice.summary);
		text_wrap(
			text,
			(size_t)printf(
				"  %-17s %-5s %-9s %-9s  ", choice.id,
				backend ? shape(backend) : "other",
				backend ? classes[backend->push_progress] : "",
				backend ? classes[backend->pop_progress] : ""),
			stdout);
	}
}

static void list_scenarios(void)
{
	printf("scenarios\n");
	for (size_t i = 0; i < registry_scenario_count; i++)
		printf("  %-10s %s\n", registry_scenarios[i]->id,
		       registry_scenarios[i]->summary);
}

static void list_params(void)
{
	printf("parameters of a cell, for the command line and plans (default "
	       "in parentheses)\n");
	for (size_t i = 0; i < param_count; i++) {
		char text[TEXT_MAX];

		snprintf(text, sizeof(text), "%s%s%s%s%s%s",
			 params[i].scope ? params[i].scope : "",
			 params[i].scope ? ": " : "", params[i].help,
			 *params[i].fallback ? " (" : "", params[i].fallback,
			 *params[i].fallback ? ")" : "");
		text_wrap(text,
			  (size_t)printf("  --%-13s %-7s ", params[i].name,
					 params[i].argument),
			  stdout);
	}
}

/* Prints the name of a plan and the comment in its first line. */
static void print_plan(const char *folder, const char *file)
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
	printf("  %-10s %s\n", path, line + strspn(line, "# "));
}

static int is_plan(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".plan") == 0;
}

static void list_plans(void)
{
	char folder[PATHS_MAX];
	struct dirent **entries;
	int count = 0;

	if (paths_find("bench/plans", folder) == 0)
		count = scandir(folder, &entries, is_plan, alphasort);
	printf("plans\n");
	for (int i = 0; i < count; i++) {
		print_plan(folder, entries[i]->d_name);
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
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

static void print_column(const struct column *column, bool markdown)
{
	if (markdown) {
		printf("| `%s` | %s | %s | %s | %s | %s |\n", column->name,
		       types[column->type], column->unit, roles[column->role],
		       directions[column->better], column->meaning);
		return;
	}
	printf("  %-22s %-7s %-10s %-8s %s\n%*s", column->name,
	       types[column->type], column->unit, roles[column->role],
	       directions[column->better], MEANING_INDENT, "");
	text_wrap(column->meaning, MEANING_INDENT, stdout);
}

static void list_schema(const struct schema *schema, bool markdown)
{
	static const struct column checksum = {
		"checksum",
		"",
		"CRC-32 of the header and of the row up to this field",
		TYPE_TEXT,
		ROLE_CHECK,
		BETTER_NEITHER,
		SCALE_VALUE,
	};

	if (markdown)
		printf("\n## %s\n\n| column | type | unit | role | better | "
		       "meaning |\n"
		       "|---|---|---|---|---|---|\n",
		       schema->file);
	else
		printf("%s\n", schema->file);
	for (size_t i = 0; i < schema->count; i++)
		print_column(&schema->columns[i], markdown);
	print_column(&checksum, markdown);
}

/* Prints "OWNER LOOP" for each loop that check-asm must find: in every backend
 * for each wait policy, and in scenarios that have their own loops. */
static void list_loops(void)
{
	for (const struct loop *loop = registry_backends[0]->loops; loop->name;
	     loop++)
		for (int wait = 0; wait < WAIT_KINDS; wait++)
			printf("backend %s_%s\n", loop->name, wait_names[wait]);
	for (size_t i = 0; i < registry_scenario_count; i++) {
		const char *word = registry_scenarios[i]->loops;

		while (word && *(word += strspn(word, " "))) {
			int length = (int)strcspn(word, " ");

			printf("%s %.*s\n", registry_scenarios[i]->id, length,
			       word);
			word += length;
		}
	}
}

static void list_columns(bool markdown)
{
	if (markdown)
		printf("# Columns\n\n`make docs` writes this page from "
		       "`bench/results/columns.h` and the declarations of "
		       "the\nscenarios. An empty field means \"not measured\"; "
		       "it never means 0. Sums are over all\nthreads of the "
		       "observation.\n\nRoles: *identity* columns identify the "
		       "observation. *factor* columns are the parameters\nof "
		       "the cell. *metric* columns are measured. *check* "
		       "columns show whether the row is\nreliable. The column "
		       "*better* is the direction that `compare` calls "
		       "faster.\n");
	list_schema(&results_schema, markdown);
	list_schema(&threads_schema, markdown);
}

static int list(const struct request *request)
{
	static const char *const names[] = { "scenarios", "backends", "params",
					     "plans",	  "columns",  "loops" };
	const char *what = request->what, *nearest;

	if (registry_conflict())
		return fault_set(request->input.fault, EXIT_USAGE, "%s",
				 registry_conflict());
	if (what && strcmp(what, "columns") == 0) {
		list_columns(request->markdown);
		return 0;
	}
	if (what && strcmp(what, "loops") == 0) {
		list_loops();
		return 0;
	}
	for (size_t i = 0; i < 4; i++) {
		if (what && strcmp(what, names[i]) != 0)
			continue;
		if (i == 0)
			list_scenarios();
		else if (i == 1)
			list_backends();
		else if (i == 2)
			list_params();
		else
			list_plans();
		if (what)
			return 0;
	}
	if (!what) {
		printf("columns of the results: see `ringbench list "
		       "columns`\n");
		return 0;
	}
	nearest = text_nearest(what, names, 6);
	return fault_set(request->input.fault, EXIT_USAGE,
			 "cannot list \"%.60s\"%s%s; choose scenarios, "
			 "backends, params, plans, columns or loops",
			 what, nearest ? ", did you mean " : "",
			 nearest ? nearest : "");
}

int command_list(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "markdown", KEY_MARKDOWN, 0, 0,
		  "with columns: print Markdown tables", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[scenarios|backends|params|plans|columns|loops]",
		"Lists the backends, scenarios, parameters and plans of this "
		"program, and the meaning of the columns in the results.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, NULL, false };

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0)
		return -1;
	return list(&request);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench list: what there is to choose from, and what the columns mean. */
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
		return "floor";
	if (producers)
		return consumers ? "MPMC" : "MPSC";
	return consumers ? "SPMC" : "SPSC";
}

/* What is not a bounded queue, first in first out. */
static const char *kind(const struct backend *backend)
{
	if (backend->flags & BACKEND_LIFO)
		return "stack: ";
	return backend->flags & BACKEND_UNBOUNDED ? "unbounded: " : "";
}

static void list_backends(void)
{
	struct backend_choice choice;

	printf("backends: threads, what a suspended one does to push and pop; "
	       "bulk: passes several\nmessages in one operation\n");
	for (size_t i = 0; registry_choice(i, &choice); i++) {
		const struct backend *backend = choice.backend;

		if (backend)
			printf("  %-17s %-5s %-9s %-9s  %s%s%s\n", choice.id,
			       shape(backend), classes[backend->push_progress],
			       classes[backend->pop_progress], kind(backend),
			       choice.summary,
			       backend->flags & BACKEND_NATIVE_BULK ? "; bulk"
								    : "");
		else
			printf("  %-17s %-5s program: %s\n", choice.id, "other",
			       choice.summary);
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
	printf("parameters of a cell: on the command line, in plans and in the "
	       "CSV\n");
	for (size_t i = 0; i < param_count; i++)
		printf("  --%-10s %-7s %s%s%s%s%s%s\n", params[i].name,
		       params[i].argument,
		       params[i].scope ? params[i].scope : "",
		       params[i].scope ? ": " : "", params[i].help,
		       *params[i].fallback ? " (" : "", params[i].fallback,
		       *params[i].fallback ? ")" : "");
}

/* The first comment line of a plan. */
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

static void list_schema(const struct schema *schema, bool markdown)
{
	if (markdown)
		printf("\n## %s\n\n| column | type | unit | role | better | "
		       "meaning |\n"
		       "|---|---|---|---|---|---|\n",
		       schema->file);
	else
		printf("%s\n", schema->file);
	for (size_t i = 0; i < schema->count; i++) {
		const struct column *column = &schema->columns[i];

		printf(markdown ? "| `%s` | %s | %s | %s | %s | %s |\n"
				: "  %-20s %-7s %-10s %-8s %-6s %s\n",
		       column->name, types[column->type], column->unit,
		       roles[column->role], directions[column->better],
		       column->meaning);
	}
	printf(markdown ? "| `%s` | text |  | check |  | %s |\n"
			: "  %-20s text               check           %s\n",
	       "checksum", "crc32 of the header and of the row before it");
}

/* "OWNER LOOP": what check-asm demands of every backend, under each wait
 * policy, and of scenarios that have loops of their own. */
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
		printf("# Columns\n\nMade by `make docs` from the table in "
		       "`bench/results/columns.h`. An empty field means\n\"not "
		       "measured\", never 0. Sums are over the threads of the "
		       "observation. *identity*: which\nobservation it is; "
		       "*factor*: what was asked for, and tells cells apart; "
		       "*metric*: what was\nmeasured; *check*: whether the row "
		       "can be believed. *better*: the direction of\na metric "
		       "that `compare` calls faster.\n");
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
		printf("columns of the results: `ringbench list columns`\n");
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
		{ "markdown", KEY_MARKDOWN, 0, 0, "columns: as Markdown", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[scenarios|backends|params|plans|columns|loops]",
		"Lists what can be measured, and how.",
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

/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "columns.h"
#include "complete.h"
#include "export.h"
#include "paths.h"

static void print_word(const char *word, const char *meaning)
{
	printf("%s\t%s\n", word, meaning ? meaning : "");
}

void complete_options(const struct argp *argp)
{
	char name[CELL_TEXT_MAX];

	for (const struct argp_option *option = argp->options; option->name;
	     option++) {
		snprintf(name, sizeof(name), "--%.60s", option->name);
		print_word(name, option->doc);
	}
	for (const struct argp_child *child = argp->children;
	     child && child->argp; child++)
		complete_options(child->argp);
}

static const struct argp_option *find(const struct argp *argp, const char *name)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *option = argp->options; option->name;
	     option++)
		if (strcmp(option->name, name) == 0)
			return option;
	for (const struct argp_child *child = argp->children;
	     child && child->argp && !found; child++)
		found = find(child->argp, name);
	return found;
}

static void print_backends(void)
{
	struct backend_choice choice;

	for (size_t i = 0; registry_choice(i, &choice); i++)
		print_word(choice.id, choice.summary);
}

static void print_scenarios(void)
{
	for (size_t i = 0; i < registry_scenario_count; i++)
		print_word(registry_scenarios[i]->id,
			   registry_scenarios[i]->summary);
}

static void print_waits(void)
{
	for (int i = 0; i < WAIT_KINDS; i++)
		print_word(wait_names[i], NULL);
}

static void print_placements(void)
{
	for (int i = 0; i < PLACEMENTS; i++)
		print_word(placement_names[i], NULL);
}

static void print_columns(void)
{
	for (size_t i = 0; i < results_schema.count; i++)
		if (results_schema.columns[i].role == ROLE_METRIC)
			print_word(results_schema.columns[i].name,
				   results_schema.columns[i].meaning);
}

static void print_factors(void)
{
	for (size_t i = 0; i < results_schema.count; i++)
		if (results_schema.columns[i].role == ROLE_FACTOR)
			print_word(results_schema.columns[i].name,
				   results_schema.columns[i].meaning);
}

static void print_formats(void)
{
	for (size_t i = 0; export_name(i); i++)
		print_word(export_name(i), NULL);
}

static void print_plans(void)
{
	char folder[PATHS_MAX];
	struct dirent **entries;
	int count = 0;

	if (paths_find("bench/plans", folder) == 0)
		count = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char *dot = strrchr(entries[i]->d_name, '.');

		if (dot && strcmp(dot, ".plan") == 0) {
			*dot = '\0';
			print_word(entries[i]->d_name, NULL);
		}
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
}

/* Prints the words of a list such as "yes|no". */
static void print_alternatives(const char *argument)
{
	while (*argument) {
		size_t length = strcspn(argument, "|");

		printf("%.*s\t\n", (int)length, argument);
		argument += length + (argument[length] == '|');
	}
}

static void print_choices(const struct param *param)
{
	for (const char *const *choice = param->choices; choice && *choice;
	     choice++)
		print_word(*choice, NULL);
}

void complete_values(const struct argp *argp, const char *option)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} lists[] = {
		{ "backend", print_backends },
		{ "scenario", print_scenarios },
		{ "wait", print_waits },
		{ "placement", print_placements },
		{ "plan", print_plans },
		{ "metric", print_columns },
		{ "by", print_factors },
		{ "to", print_formats },
	};
	const char *name = option + strspn(option, "-");
	const struct argp_option *found = find(argp, name);
	const struct param *param = param_find(name);

	if (!found || !found->arg)
		return;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, name) == 0) {
			lists[i].print();
			return;
		}
	if (param && param->choices)
		print_choices(param);
	else if (strchr(found->arg, '|') && found->arg[0] >= 'a')
		print_alternatives(found->arg);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "options.h"
#include "text.h"

enum {
	NAMES_MAX = 64,
};

static const struct argp_option *find_option(const struct argp *argp,
					     const char *name, size_t length)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *option = argp->options; option->name;
	     option++)
		if (strlen(option->name) == length &&
		    strncmp(option->name, name, length) == 0)
			return option;
	for (const struct argp_child *child = argp->children;
	     child && child->argp && !found; child++)
		found = find_option(child->argp, name, length);
	return found;
}

/* Adds the names of all options to a list. */
static void list_names(const struct argp *argp, const char *names[NAMES_MAX],
		       size_t *count)
{
	for (const struct argp_option *option = argp->options;
	     option->name && *count < NAMES_MAX; option++)
		names[(*count)++] = option->name;
	for (const struct argp_child *child = argp->children;
	     child && child->argp; child++)
		list_names(child->argp, names, count);
}

static int unknown_option(const struct argp *argp, const char *command,
			  const char *word, struct fault *fault)
{
	const char *names[NAMES_MAX];
	const char *nearest;
	char name[NAMES_MAX];
	size_t count = 0;

	list_names(argp, names, &count);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="),
		 word + 2);
	nearest = text_nearest(name, names, count);
	return fault_set(fault, EXIT_USAGE,
			 "unknown option \"--%s\"%s%s; see `ringbench %s "
			 "--help`",
			 name, nearest ? ", did you mean --" : "",
			 nearest ? nearest : "", command);
}

/* Checks one word beginning with --; *skip: the next word is its value. */
static int check_option(const struct argp *argp, const char *command,
			const char *word, const char *next, bool *skip,
			struct fault *fault)
{
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *option = find_option(argp, word + 2, length);
	bool has_value = word[2 + length] == '=';

	*skip = false;
	if (!option) {
		for (const char *const *known =
			     (const char *const[]){ "help", "usage", "version",
						    NULL };
		     *known; known++)
			if (strcmp(word + 2, *known) == 0)
				return 0;
		return unknown_option(argp, command, word, fault);
	}
	if (!option->arg && has_value)
		return fault_set(fault, EXIT_USAGE,
				 "--%s takes no value; leave it out",
				 option->name);
	if (option->arg && !has_value && !next)
		return fault_set(fault, EXIT_USAGE,
				 "--%s needs a value; say --%s %s",
				 option->name, option->name, option->arg);
	*skip = option->arg && !has_value;
	return 0;
}

static int check_words(const struct argp *argp, int argc, char **argv,
		       int arguments, struct fault *fault)
{
	int found = 0;

	for (int i = 1; i < argc; i++) {
		bool skip = false;

		if (strncmp(argv[i], "--", 2) == 0) {
			if (check_option(argp, argv[0], argv[i],
					 i + 1 < argc ? argv[i + 1] : NULL,
					 &skip, fault) != 0)
				return -1;
		} else if (argv[i][0] == '-' && argv[i][1] &&
			   strcmp(argv[i], "-?") != 0 &&
			   strcmp(argv[i], "-V") != 0) {
			return fault_set(fault, EXIT_USAGE,
					 "unknown option \"%.60s\"; see "
					 "`ringbench %s --help`",
					 argv[i], argv[0]);
		} else if (++found > arguments) {
			return fault_set(fault, EXIT_USAGE,
					 "\"%.60s\" is one word too many; see "
					 "`ringbench %s --help`",
					 argv[i], argv[0]);
		}
		i += skip;
	}
	return 0;
}

int options_parse(const struct argp *argp, int argc, char **argv, int arguments,
		  struct options_input *input)
{
	char name[64];
	char *shown = argv[0];
	int error;

	if (check_words(argp, argc, argv, arguments, input->fault) != 0)
		return -1;
	/* What --help calls the program. */
	snprintf(name, sizeof(name), "ringbench %.40s", argv[0]);
	argv[0] = name;
	error = argp_parse(argp, argc, argv, 0, NULL, input);
	argv[0] = shown;
	return error ? -1 : 0;
}

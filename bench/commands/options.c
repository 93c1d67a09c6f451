/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "build_info.h"
#include "complete.h"
#include "options.h"
#include "text.h"

enum {
	NAMES_MAX = 64,
	KEY_JSON = 0x6000,
	KEY_MARKDOWN,
};

static error_t parse_format(int key, char *value, struct argp_state *state)
{
	struct format_choice *choice = state->input;
	enum output_format format = key == KEY_JSON ? OUTPUT_JSON
						    : OUTPUT_MARKDOWN;

	(void)value;
	if (key != KEY_JSON && key != KEY_MARKDOWN)
		return ARGP_ERR_UNKNOWN;
	if (choice->format == OUTPUT_TEXT || choice->format == format) {
		choice->format = format;
		return 0;
	}
	fault_set(choice->input.fault, EXIT_USAGE,
		  "--json and --markdown cannot be combined; choose one of "
		  "them");
	return EINVAL;
}

static const struct argp_option format_options[] = {
	{ "json", KEY_JSON, 0, 0, "print the tables as JSON", 0 },
	{ "markdown", KEY_MARKDOWN, 0, 0, "print the tables as Markdown", 0 },
	{ 0, 0, 0, 0, 0, 0 },
};

const struct argp format_argp = { format_options, parse_format, NULL, NULL,
				  NULL,		  NULL,		NULL };
const struct argp_child format_children[] = {
	{ &format_argp, 0, NULL, 0 },
	{ NULL, 0, NULL, 0 },
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
	char name[NAMES_MAX];
	size_t count = 0;

	list_names(argp, names, &count);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="),
		 word + 2);
	fault_set(fault, EXIT_USAGE, "unknown option \"--%s\"", name);
	return fault_suggest(fault, name, "--", names, count,
			     "see `ringbench %s --help`", command);
}

/* Whether the option is defined by argp itself: --help, --usage, --version. */
static bool is_question(const char *name, size_t length)
{
	static const char *const names[] = { "help", "usage", "version" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == length &&
		    strncmp(names[i], name, length) == 0)
			return true;
	return false;
}

/* Checks one argument that begins with --. Sets *skip if the next argument is
 * the value of this option. */
static int check_option(const struct argp *argp, const char *command,
			const char *word, const char *next, bool *skip,
			struct fault *fault)
{
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *option = find_option(argp, word + 2, length);
	bool has_value = word[2 + length] == '=';

	if (!option && !is_question(word + 2, length))
		return unknown_option(argp, command, word, fault);
	if ((!option || !option->arg) && has_value)
		return fault_set(fault, EXIT_USAGE,
				 "--%.*s takes no value; remove the \"=\" and "
				 "the text after it",
				 (int)length, word + 2);
	if (!option)
		return 0;
	if (option->arg && !has_value && !next)
		return fault_set(fault, EXIT_USAGE,
				 "--%s needs a value; write --%s %s",
				 option->name, option->name, option->arg);
	*skip = option->arg && !has_value;
	return 0;
}

/* Checks all arguments. Replaces -h and -V by --help and --version, the names
 * that argp knows. */
static int check_words(const struct argp *argp, int argc, char **argv,
		       int arguments, struct fault *fault)
{
	bool options = true; /* until "--" */
	int found = 0;

	for (int i = 1; i < argc; i++) {
		bool skip = false;

		if (options &&
		    (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "-?") == 0))
			argv[i] = "--help";
		else if (options && strcmp(argv[i], "-V") == 0)
			argv[i] = "--version";
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			if (check_option(argp, argv[0], argv[i],
					 i + 1 < argc ? argv[i + 1] : NULL,
					 &skip, fault) != 0)
				return -1;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			return fault_set(fault, EXIT_USAGE,
					 "unknown option \"%.60s\"; see "
					 "`ringbench %s --help`",
					 argv[i], argv[0]);
		} else if (++found > arguments) {
			return fault_set(fault, EXIT_USAGE,
					 "unexpected argument \"%.60s\"; see "
					 "`ringbench %s --help`",
					 argv[i], argv[0]);
		}
		i += skip;
	}
	return 0;
}

static void print_version(FILE *to, struct argp_state *state)
{
	(void)state;
	fprintf(to, "ringbench %s\n", build_version());
}

/* argp takes the width of --help from the environment. On a narrow terminal,
 * the meaning of an option begins on a line of its own. */
static void set_help_width(void)
{
	char format[128];

	if (text_width >= TEXT_WIDTH_USUAL)
		return;
	snprintf(format, sizeof(format),
		 "long-opt-col=2,short-opt-col=2,opt-doc-col=6,usage-indent=4,"
		 "rmargin=%zu",
		 text_width);
	setenv("ARGP_HELP_FMT", format, 0);
}

int options_parse(const struct argp *argp, int argc, char **argv, int arguments,
		  struct options_input *input)
{
	char name[64];
	char *shown = argv[0];
	int error;

	/* Exits after printing, as argp does after --help. */
	if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
		if (argc > 2)
			complete_values(argp, argv[2]);
		else
			complete_options(argp);
		exit(EXIT_FINE);
	}
	if (check_words(argp, argc, argv, arguments, input->fault) != 0)
		return -1;
	argp_program_version_hook = print_version;
	set_help_width();
	/* argp prints argv[0] as the name of the program in --help. */
	snprintf(name, sizeof(name), "ringbench %.40s", argv[0]);
	argv[0] = name;
	error = argp_parse(argp, argc, argv, 0, NULL, input);
	argv[0] = shown;
	return error ? -1 : 0;
}

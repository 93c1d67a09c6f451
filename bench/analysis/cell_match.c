/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "cell_match.h"
#include "param.h"

enum {
	NAMED_MAX = 4, /* cells that an error names */
};

static int add(struct cell_match *match, int column, const char *value,
	       size_t length, struct fault *fault)
{
	if (match->count == CELL_MATCH_MAX || length >= CELL_MATCH_WORD_MAX)
		return fault_set(fault, EXIT_USAGE,
				 "the description of the cell is too long; "
				 "write at most %d values",
				 CELL_MATCH_MAX);
	match->words[match->count].column = column;
	snprintf(match->words[match->count++].value, CELL_MATCH_WORD_MAX,
		 "%.*s", (int)length, value);
	return 0;
}

/* The column of the factor "pause" or "pause_ns", or -1 with the fault set. */
static int factor_of(const char *word, size_t length, struct fault *fault)
{
	char name[CELL_TEXT_MAX], column_name[CELL_TEXT_MAX];
	const struct param *param;
	int column;

	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	param = param_find(name);
	if (param)
		param_column_name(param, column_name);
	column = schema_find(&results_schema, param ? column_name : name);
	if (column >= 0 && results_schema.columns[column].role == ROLE_FACTOR)
		return column;
	fault_set(fault, EXIT_USAGE,
		  "unknown parameter \"%.60s\" of a cell; see `ringbench list "
		  "params`",
		  name);
	return -1;
}

/* "4x1": 4 producers and 1 consumer. */
static bool is_shape(const char *word, size_t length, size_t *producers)
{
	*producers = strspn(word, "0123456789");
	return *producers && word[*producers] == 'x' &&
	       *producers + 1 + strspn(word + *producers + 1, "0123456789") ==
		       length &&
	       length > *producers + 1;
}

/* Reads one word, and the value after --name. Returns the rest of the text, or
 * NULL with the fault set. */
static const char *parse_word(struct cell_match *match, const char *word,
			      struct fault *fault)
{
	bool option = strncmp(word, "--", 2) == 0;
	size_t length = strcspn(word, " "), digits;
	const char *equals, *value;
	int column = -1;

	/* "83ns apart" is a core distance. */
	if (length == strlen("apart") && strncmp(word, "apart", length) == 0)
		return word + length;
	word += option ? 2 : 0;
	length -= option ? 2 : 0;
	equals = memchr(word, '=', length);
	if (equals || option)
		column = factor_of(
			word, equals ? (size_t)(equals - word) : length, fault);
	if ((equals || option) && column < 0)
		return NULL;
	value = equals	 ? equals + 1
		: option ? word + length + strspn(word + length, " ")
			 : word;
	length = strcspn(value, " ");
	if (column < 0 && is_shape(value, length, &digits)) {
		if (add(match, COLUMN_producers, value, digits, fault) != 0)
			return NULL;
		column = COLUMN_consumers;
		value += digits + 1;
		length -= digits + 1;
	}
	if (add(match, column, value, length, fault) != 0)
		return NULL;
	return value + length;
}

int cell_match_parse(struct cell_match *match, const char *text,
		     struct fault *fault)
{
	match->count = 0;
	while (text && *(text += strspn(text, " ")))
		text = parse_word(match, text, fault);
	return text ? 0 : -1;
}

static bool has_value(const struct record *row, int column, const char *value)
{
	char own[NAME_SHORT_MAX];

	name_value(row, column, own);
	return strcmp(own, value) == 0 || (!*own && strcmp(value, "0ns") == 0);
}

bool cell_match(const struct cell_match *match, const struct record *row)
{
	for (int i = 0; i < match->count; i++) {
		const char *value = match->words[i].value;

		if (match->words[i].column >= 0
			    ? !has_value(row, match->words[i].column, value)
			    : !has_value(row, COLUMN_scenario, value) &&
				      !has_value(row, COLUMN_backend, value) &&
				      !has_value(row, COLUMN_wait, value) &&
				      !has_value(row, COLUMN_placement,
						 value) &&
				      !has_value(row, COLUMN_distance_ns,
						 value))
			return false;
	}
	return true;
}

void cell_match_name(const struct groups *groups, const struct record *row,
		     char name[CELL_MATCH_NAME_MAX])
{
	char distance[NAME_SHORT_MAX] = "";

	if (distances_differ(&groups->set.distances))
		name_value(row, COLUMN_distance_ns, distance);
	name_long(row, name);
	if (*distance)
		snprintf(name + strlen(name), NAME_SHORT_MAX, " %.40s apart",
			 distance);
}

const struct group *cell_match_one(const struct cell_match *match,
				   const char *text,
				   const struct groups *groups,
				   struct fault *fault)
{
	const struct group *found = NULL;
	char name[CELL_MATCH_NAME_MAX];
	char names[NAMED_MAX * NAME_SHORT_MAX] = "", brief[NAME_SHORT_MAX];
	struct naming naming;
	size_t count = 0, length = 0;

	groups_naming(groups, &naming);

	for (size_t i = 0; i < groups->count; i++) {
		if (!cell_match(match, groups->groups[i].example))
			continue;
		found = &groups->groups[i];
		cell_match_name(groups, found->example, name);
		name_short(&naming, found->example, brief);
		/* A name leaves out defaults, so it also matches cells that
		 * differ from them. */
		if (strcmp(name, text + strspn(text, " ")) == 0 ||
		    strcmp(brief, text + strspn(text, " ")) == 0)
			return found;
		if (count++ >= NAMED_MAX)
			continue;
		length += (size_t)snprintf(
			names + length, sizeof(names) - length, "%s\"%.200s\"",
			length ? ", " : "", brief);
	}
	if (count == 1)
		return found;
	if (count == 0)
		fault_set(fault, EXIT_USAGE,
			  "no cell of the run is \"%.200s\"; see `ringbench "
			  "report`",
			  text);
	else
		fault_set(fault, EXIT_USAGE,
			  "%zu cells are \"%.100s\": %.500s%s; write more of "
			  "the name",
			  count, text, names, count > NAMED_MAX ? ", ..." : "");
	return NULL;
}

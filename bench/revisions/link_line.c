/* SPDX-License-Identifier: BSD-2-Clause */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "link_line.h"

#define BLANKS " \t"

static bool is_object(const char *word)
{
	size_t length = strlen(word);

	return length > 2 && strcmp(word + length - 2, ".o") == 0;
}

/* The Makefile links PROGRAM.new and renames it, so that a program that cannot
 * start does not replace one that can. In this case the word PROGRAM.new is
 * replaced by PROGRAM. */
static bool is_program(char *word, const char *program)
{
	size_t length = strlen(program);

	if (strncmp(word, program, length) == 0 &&
	    strcmp(word + length, ".new") == 0)
		word[length] = '\0';
	return strcmp(word, program) == 0;
}

/*
 * Splits the text into words. Returns whether it is the command that links the
 * program.
 */
static bool split(struct link_line *line, const char *program)
{
	size_t room = strlen(line->text) / 2 + 2, count = 0;
	bool found = false;
	char *rest;

	line->words = calloc(room, sizeof(*line->words));
	line->objects = calloc(room, sizeof(*line->objects));
	if (!line->words || !line->objects)
		abort();
	for (char *word = strtok_r(line->text, BLANKS, &rest); word;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		found |= count > 0 &&
			 strcmp(line->words[count - 1], "-o") == 0 &&
			 is_program(word, program);
		if (is_object(word))
			line->objects[line->object_count++] = count;
		line->words[count++] = word;
	}
	return found && line->object_count > 1;
}

int link_line_find(struct link_line *line, const char *lines,
		   const char *program)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		memset(line, 0, sizeof(*line));
		line->text = strndup(lines, length);
		if (!line->text)
			abort();
		if (!strpbrk(line->text, "'\"`$;&|<>()\\*?[]#~") &&
		    split(line, program))
			return 0;
		link_line_free(line);
		lines += length + (lines[length] == '\n');
	}
	return -1;
}

void link_line_free(struct link_line *line)
{
	free(line->text);
	free(line->words);
	free(line->objects);
	memset(line, 0, sizeof(*line));
}

const char **link_line_shuffled(const struct link_line *line, uint64_t seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	size_t *from = calloc(line->object_count, sizeof(*from));
	const char **words;
	size_t count = 0;

	while (line->words[count])
		count++;
	words = calloc(count + 1, sizeof(*words));
	if (!from || !words)
		abort();
	memcpy(words, line->words, count * sizeof(*words));
	memcpy(from, line->objects, line->object_count * sizeof(*from));
	gsl_rng_set(random, (unsigned long)(seed & UINT32_MAX));
	gsl_ran_shuffle(random, from, line->object_count, sizeof(*from));
	for (size_t i = 0; i < line->object_count; i++)
		words[line->objects[i]] = line->words[from[i]];
	gsl_rng_free(random);
	free(from);
	return words;
}

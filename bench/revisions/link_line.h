/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command that links a program, and the same command with the objects in
 * another order. The addresses of functions change their speed, often by more
 * than a change of the code does (Mytkowicz et al., ASPLOS 2009). One link
 * order for a whole comparison would be a bias, so every round gets a new
 * random order.
 */
#ifndef LINK_LINE_H
#define LINK_LINE_H

#include <stddef.h>
#include <stdint.h>

struct link_line {
	char *text;	    /* the text; each word ends with NUL */
	const char **words; /* to NULL */
	size_t *objects;    /* indices of the words that are object files */
	size_t object_count;
};

/*
 * Finds the command with `-o program` in the output of `make -n`. Returns 0, or
 * -1 if there is no such command, it needs a shell, or it has fewer than 2
 * objects.
 */
int link_line_find(struct link_line *line, const char *lines,
		   const char *program);
void link_line_free(struct link_line *line);

/*
 * Returns the words with the objects in a random order, ended by NULL. The
 * caller frees the array.
 */
const char **link_line_shuffled(const struct link_line *line, uint64_t seed);

#endif

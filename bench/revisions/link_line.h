/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command that links a program, and others that link the same objects in
 * another order. Where functions happen to lie changes their speed, often by
 * more than a change of the code (Mytkowicz et al., ASPLOS 2009), so one order
 * for a whole comparison would be a bias: it is drawn again for every round.
 */
#ifndef LINK_LINE_H
#define LINK_LINE_H

#include <stddef.h>
#include <stdint.h>

struct link_line {
	char *text;	    /* the words, each ended by NUL */
	const char **words; /* to NULL */
	size_t *objects;    /* which of them are objects */
	size_t object_count;
};

/*
 * Finds the command with `-o program` among lines that make would run. Returns
 * 0 or -1: there is none, or it needs a shell, or it has fewer than 2 objects.
 */
int link_line_find(struct link_line *line, const char *lines,
		   const char *program);
void link_line_free(struct link_line *line);

/* The words with the objects in a random order, to NULL; to be freed. */
const char **link_line_shuffled(const struct link_line *line, uint64_t seed);

#endif

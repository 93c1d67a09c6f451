/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of a picture, from the scenario's declaration and from the cells:
 * what is shown, what differs between the cells, and what they share. They
 * stand in the picture, in the SVG's title, and in a text beside it.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "fault.h"
#include "groups.h"
#include "names.h"
#include "plot.h"

/* What stands before a note in the legend. */
enum note_sign {
	NOTE_PLAIN,
	NOTE_MEDIAN,
	NOTE_INTERVAL,
	NOTE_OBSERVATION,
	NOTE_BOUND,
	NOTE_RING,
	NOTE_BUSY, /* parts of a bar: colours in plots/legend.gp */
	NOTE_WAITING,
	NOTE_PREEMPTED,
	NOTE_ASLEEP,
	NOTE_SIGNS
};

enum {
	WORDS_MAX = 256,
	WORDS_NOTES_MAX = 8,
};

struct words {
	char title[2 * WORDS_MAX]; /* what is shown, by what */
	char fixed[2 * WORDS_MAX]; /* what all cells share; "" for nothing */
	char x[WORDS_MAX];
	char y[WORDS_MAX];
	char value[WORDS_MAX]; /* heads a column of numbers */
	struct {
		enum note_sign sign;
		char text[WORDS_MAX];
	} notes[WORDS_NOTES_MAX];
	size_t note_count;
};

/* "pages a second", or "wake_p50_ns, ns" where the objective is no rate. */
void words_objective(const char *scenario, char text[WORDS_MAX]);

/* "more is better", "less is better", or "". */
const char *words_better(const char *scenario);

/* The first of the cells that has the factor (NULL: none), and whether cells
 * that have it differ in it. */
const struct record *words_factor(const struct record *const *cells,
				  size_t count, int column, bool *differ);

/* What is along an axis. */
struct words_axis {
	const char *name;   /* NULL: nothing is, or the title says it */
	const int *columns; /* factors that are not named again */
	size_t count;
};

/*
 * Sets the title, "SCENARIO: WHAT by AXIS, wait and backend" with the factors
 * that differ, and what the cells share: "placement llc, capacity 1023".
 */
void words_title(struct words *words, const char *scenario, const char *what,
		 const struct words_axis *axis,
		 const struct record *const *cells, size_t count);

/* "bound: lines": the name of a bound wherever it is shown. */
void words_bound(const struct group *bound, char text[NAME_SHORT_MAX]);

__attribute__((format(printf, 3, 4))) void
words_note(struct words *words, enum note_sign sign, const char *format, ...);

/* Writes caption.dat and legend.dat into dir. */
int words_write(const char *dir, const struct words *words,
		const struct plot_caption *caption, struct fault *fault);

/* The picture's description in one paragraph; the caller frees it. */
char *words_paragraph(const struct words *words,
		      const struct plot_caption *caption);

#endif

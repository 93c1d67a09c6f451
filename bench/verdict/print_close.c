/* SPDX-License-Identifier: BSD-2-Clause */
/* The two lines that close a comparison: the result in words, and what to do
 * next. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "metrics.h"
#include "naming.h"
#include "print.h"
#include "text.h"

enum {
	CLOSE_MAX = 1024,
	SIDE_NAME_MAX = 64,
};

/*
 * The row that the two lines are about. Of two runs: the slowest row, which is
 * a regression; if none is slower, the fastest row. Within a run: the fastest
 * row, which is a better choice than the baseline; if none is faster, the
 * slowest row. Otherwise: the first row with a ratio.
 */
static size_t most_important(const struct comparison *comparison)
{
	static const enum outcome orders[2][4] = {
		{ OUTCOME_SLOWER, OUTCOME_FASTER, OUTCOME_LOWER,
		  OUTCOME_HIGHER },
		{ OUTCOME_FASTER, OUTCOME_SLOWER, OUTCOME_HIGHER,
		  OUTCOME_LOWER },
	};
	const enum outcome *order = orders[comparison->options->factor >= 0];
	size_t found = comparison->count;

	for (size_t o = 0; o < 4 && found == comparison->count; o++)
		for (size_t i = 0; i < comparison->count; i++) {
			const struct comparison_row *row = &comparison->rows[i];

			if (row->verdict == order[o] &&
			    (found == comparison->count ||
			     fabs(log(row->ratio)) >
				     fabs(log(comparison->rows[found].ratio))))
				found = i;
		}
	for (size_t i = 0; i < comparison->count; i++)
		if (found == comparison->count &&
		    !comparison->rows[i].control &&
		    isfinite(comparison->rows[i].ratio))
			found = i;
	return found;
}

/* "1.9", "0.95", "0.012", "12.3k" */
static void times(double ratio, char text[TEXT_NUMBER_MAX])
{
	if (ratio < 0.095)
		snprintf(text, TEXT_NUMBER_MAX, "%.2g", ratio);
	else if (ratio < 9.95)
		snprintf(text, TEXT_NUMBER_MAX, "%.*f",
			 fabs(ratio - 1) < 0.1 ? 3 : 2, ratio);
	else
		text_format_short(ratio, text);
}

static void name_side(const struct comparison *comparison, bool candidate,
		      const struct comparison_row *row,
		      char text[SIDE_NAME_MAX])
{
	int factor = comparison->options->factor;
	char value[RECORD_FIELD_MAX];

	snprintf(text, SIDE_NAME_MAX,
		 candidate ? "the candidate" : "the baseline");
	if (factor < 0)
		return;
	record_format(&comparison->set
			       ->cells[candidate ? row->candidate_cell
						 : row->baseline_cell]
			       .factors,
		      factor, value);
	if (*value)
		snprintf(text, SIDE_NAME_MAX, "%.60s", value);
}

/* "passed 1.90 times (1.70 to 2.10) as many messages as" */
static size_t say_ratio(const struct comparison *comparison,
			const struct comparison_row *row, char *text,
			size_t size)
{
	int metric = comparison_metric(comparison, row);
	char ratio[TEXT_NUMBER_MAX], interval[2 * TEXT_NUMBER_MAX + 16] = "";
	char low[TEXT_NUMBER_MAX], high[TEXT_NUMBER_MAX];

	times(row->ratio, ratio);
	times(row->low, low);
	times(row->high, high);
	if (row->has_interval)
		snprintf(interval, sizeof(interval), " (%s to %s)", low, high);
	if (metric == COLUMN_throughput_msg_per_s)
		return (size_t)snprintf(text, size,
					"passed %s times%s as many messages as",
					ratio, interval);
	return (size_t)snprintf(text, size, "has %s times%s the %s of", ratio,
				interval, results_schema.columns[metric].name);
}

static void say_row(const struct comparison *comparison, size_t i,
		    char text[CLOSE_MAX])
{
	const struct comparison_row *row = &comparison->rows[i];
	char base[SIDE_NAME_MAX], new[SIDE_NAME_MAX], name[NAME_SHORT_MAX];
	bool paired = comparison->mode == MODE_PAIRED;
	size_t all = paired ? (size_t)dataset_rounds(comparison->set,
						     SIDE_BASELINE)
			    : dataset_sessions(comparison->set, SIDE_BASELINE);
	const char *unit = paired ? "rounds" : "sessions";
	struct naming naming;
	size_t length;

	name_side(comparison, false, row, base);
	name_side(comparison, true, row, new);
	if (*new == 't' && comparison->options->factor < 0)
		*new = 'T';
	length = (size_t)snprintf(text, CLOSE_MAX, "%s ", new);
	length += say_ratio(comparison, row, text + length, CLOSE_MAX - length);
	length += (size_t)snprintf(text + length, CLOSE_MAX - length, " %s",
				   base);
	if (comparison->count > 1) {
		naming_of_rows(&naming, comparison, 0, comparison->count);
		if (comparison->options->factor >= 0)
			naming.shown[comparison->options->factor] = false;
		name_short(&naming, row_factors(comparison, i), name);
		/* If rows differ only in the compared factor, their names are
		 * equal. */
		if (strcmp(name, new) != 0)
			length += (size_t)snprintf(text + length,
						   CLOSE_MAX - length,
						   " in %.200s", name);
	}
	text += length;
	length = CLOSE_MAX - length;
	if (row->verdict == OUTCOME_NONE)
		snprintf(text, length, ". This ratio is not a verdict.");
	else if (row->n == all)
		snprintf(text, length, "; verified in %zu of %zu %s.", all, all,
			 unit);
	else
		snprintf(text, length,
			 "; %zu of %zu %s count, all of them verified.", row->n,
			 all, unit);
	if (row->verdict == OUTCOME_INCONCLUSIVE)
		snprintf(text + strlen(text), length - strlen(text),
			 " This is inconclusive.");
}

static size_t settles(const struct comparison *comparison)
{
	double most = 0;

	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->rows[i].verdict == OUTCOME_INCONCLUSIVE &&
		    comparison->rows[i].settles > most)
			most = comparison->rows[i].settles;
	return most < 1e6 ? (size_t)most : 0;
}

static void say_next(const struct comparison *comparison, FILE *to)
{
	const size_t *verdicts = comparison->verdicts;
	size_t rounds = settles(comparison);
	char text[CLOSE_MAX];

	if (comparison->options->factor == COLUMN_host) {
		print_wrapped("Next: compare the queues of each host with --by "
			      "backend; `ringbench report` compares the hosts.",
			      to);
	} else if (!comparison_can_judge(comparison)) {
		print_wrapped("Next: the lines above name the reason for the "
			      "missing verdict and the next measurement.",
			      to);
	} else if (verdicts[OUTCOME_SLOWER] &&
		   comparison->options->factor < 0) {
		print_wrapped("Next: look at the slower cell with `ringbench "
			      "show`: its observations, waiting times and "
			      "flags.",
			      to);
	} else if (verdicts[OUTCOME_INCONCLUSIVE] && rounds) {
		snprintf(text, sizeof(text),
			 "Next: measure about %zu %s; that decides the %zu "
			 "inconclusive row%s.",
			 rounds,
			 comparison->mode == MODE_SESSIONS
				 ? "sessions of each side"
				 : "rounds",
			 verdicts[OUTCOME_INCONCLUSIVE],
			 verdicts[OUTCOME_INCONCLUSIVE] == 1 ? "" : "s");
		print_wrapped(text, to);
		if (comparison->mode == MODE_PAIRED)
			print_command(comparison, rounds, to);
	} else if (verdicts[OUTCOME_INCONCLUSIVE]) {
		print_wrapped("Next: measure more rounds; see the column "
			      "needs.",
			      to);
	} else {
		print_wrapped("Next: every row has a verdict for this "
			      "machine. Verdicts for other machines need "
			      "measurements there.",
			      to);
	}
}

void print_close(const struct comparison *comparison, FILE *to)
{
	size_t row = most_important(comparison);
	char text[CLOSE_MAX];

	fputc('\n', to);
	if (row == comparison->count)
		snprintf(text, sizeof(text), "No row has a ratio.");
	else if (comparison->rows[row].verdict == OUTCOME_SAME &&
		 comparison->family > 1)
		snprintf(text, sizeof(text),
			 "No row has a difference of more than %.3g %%.",
			 100 * comparison->options->threshold);
	else
		say_row(comparison, row, text);
	print_wrapped(text, to);
	say_next(comparison, to);
}

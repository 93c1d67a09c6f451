/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "plot_data.h"
#include "plot_idle.h"
#include "plot_table.h"

/* Height of a bar, as a share of the bar's part of the row. */
#define BAR 0.72

static const char *const part_names[PARTS] = {
	[PART_BUSY] = "busy",
	[PART_BUSY_ASLEEP] = "asleep in its own work",
	[PART_BURNING] = "waiting and using a CPU",
	[PART_PREEMPTED] = "preempted",
	[PART_ASLEEP] = "waiting asleep",
	[PART_PACE] = "pacing",
};

/* The input of the table, and the parts that it contains. */
struct idle {
	const struct plot_layout *layout;
	const struct thread_rows *threads;
	bool has[PARTS];
	bool has_unmeasured;
	bool has_unverified;
};

void plot_shares(const struct role_time *role, double shares[PARTS])
{
	const double *ns = role->ns;
	double total = 0;

	for (int i = 0; i < SEGMENTS; i++)
		total += ns[i];
	shares[PART_BUSY] = ns[SEGMENT_WORK];
	shares[PART_BUSY_ASLEEP] = ns[SEGMENT_WORK_ASLEEP];
	shares[PART_BURNING] = ns[SEGMENT_EMPTY] + ns[SEGMENT_FULL];
	shares[PART_PREEMPTED] = ns[SEGMENT_READY];
	shares[PART_ASLEEP] = ns[SEGMENT_EMPTY_ASLEEP] +
			      ns[SEGMENT_FULL_ASLEEP];
	shares[PART_PACE] = ns[SEGMENT_PACE] + ns[SEGMENT_PACE_ASLEEP];
	for (int i = 0; i < PARTS; i++)
		shares[i] = total > 0 ? shares[i] / total : 0;
}

/* The bar of one role, the number beside it, and the tooltip. */
static void put_role(FILE *file, struct idle *idle, const struct group *group,
		     const struct role_time *role)
{
	const char *between = ": ";
	double shares[PARTS];

	plot_shares(role, shares);
	for (int i = 0; i < PARTS; i++) {
		fprintf(file, "%.6g\t", shares[i]);
		idle->has[i] |= shares[i] >= 0.001;
	}
	fprintf(file, "\"%.3g %% %s%s\"\t\"",
		100 * (shares[PART_BURNING] + shares[PART_ASLEEP]), role->role,
		group->unverified ? " !" : "");
	plot_put_name(file, group);
	fprintf(file, "\\n%s", role->role);
	for (int i = 0; i < PARTS; i++) {
		if (shares[i] <= 0)
			continue;
		fprintf(file, "%s%s %.3g %%", between, part_names[i],
			100 * shares[i]);
		between = ", ";
	}
	plot_put_counts(file, group);
	fputs("\"\n", file);
}

static void put_unmeasured(FILE *file, struct idle *idle,
			   const struct group *group)
{
	for (int i = 0; i < PARTS; i++)
		fputs("NaN\t", file);
	fprintf(file, "\"%s\"\t\"", group->count ? "not measured" : "none !");
	plot_put_name(file, group);
	plot_put_counts(file, group);
	fputs("\"\n", file);
	idle->has_unmeasured = true;
}

static void put_cell(FILE *file, struct idle *idle,
		     const struct plot_cell *cell)
{
	const struct group *group = cell->group;
	struct role_time roles[ROLES_MAX];
	size_t count = role_times(group, idle->threads, roles);
	size_t bars = count ? count : 1;

	idle->has_unverified |= group->unverified > 0;
	for (size_t i = 0; i < bars; i++) {
		double place = ((double)i + 0.5) / (double)bars - 0.5;

		fprintf(file, "%zu\t%g\t%g\t%zu\t", cell->panel,
			layout_y(idle->layout, cell) + place,
			BAR / 2 / (double)bars, bars);
		if (count)
			put_role(file, idle, group, &roles[i]);
		else
			put_unmeasured(file, idle, group);
	}
}

static void find_words(const struct idle *idle, const char *scenario,
		       struct words *words)
{
	static const char *const meanings[PARTS] = {
		[PART_BUSY] = "busy with its own work",
		[PART_BUSY_ASLEEP] = "asleep in its own work, such as on a "
				     "lock or in a download",
		[PART_BURNING] = "waiting at a queue, and using a CPU",
		[PART_PREEMPTED] = "ready to run, but another thread has the "
				   "CPU",
		[PART_ASLEEP] = "waiting at a queue, asleep",
		[PART_PACE] = "until the time of the next message: pacing, "
			      "neither busy nor waiting",
	};

	memset(words, 0, sizeof(*words));
	words_title(words, scenario, "where the threads' time goes",
		    &(struct words_axis){ 0 }, idle->layout->queues,
		    idle->layout->queue_count);
	snprintf(words->x, WORDS_MAX,
		 "share of the time of the role's threads, %%");
	snprintf(words->value, WORDS_MAX, "waiting");
	for (int i = 0; i < PARTS; i++)
		if (idle->has[i])
			words_note(words, (enum note_sign)(NOTE_BUSY + i), "%s",
				   meanings[i]);
	words_note(words, NOTE_PLAIN,
		   "A bar is the mean over all threads of the role in all "
		   "observations of a cell. The number is the share spent "
		   "waiting at a queue, asleep or not");
	if (idle->has_unmeasured)
		words_note(words, NOTE_PLAIN,
			   "not measured: threads.csv has no times of this "
			   "cell");
	if (idle->has_unverified)
		words_note(words, NOTE_PLAIN,
			   "!  observations left out: failed or not verified");
}

int plot_idle_write(const char *dir, const char *scenario,
		    const struct plot_layout *layout,
		    const struct thread_rows *threads, struct words *words,
		    struct fault *fault)
{
	struct idle idle = { .layout = layout, .threads = threads };
	FILE *file = plot_table_open(
		dir, "idle.dat",
		"panel, y, half a bar (rows), bars in the row, busy, asleep in "
		"its own work, burning, preempted, asleep, pacing (shares), "
		"label, tooltip",
		fault);

	if (!file)
		return -1;
	for (size_t i = 0; i < layout->count; i++)
		put_cell(file, &idle, &layout->cells[i]);
	find_words(&idle, scenario, words);
	return plot_table_close(file, dir, "idle.dat", fault);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "names.h"
#include "phrases.h"
#include "text.h"

enum {
	LINE_MAX = 2048,
};

/* The answer mentions late messages if their share is at least this. */
#define LATE_SHARE 0.05

/* File and format of the answer. */
struct voice {
	FILE *to;
	bool markdown;
};

static void end_sentence(char line[LINE_MAX])
{
	size_t length = strlen(line);

	snprintf(line + length, LINE_MAX - length, ".");
}

static void say(const struct voice *voice, const char *label, const char *text)
{
	char line[LINE_MAX];

	if (voice->markdown) {
		fprintf(voice->to, "- **%s:** %s\n", label, text);
		return;
	}
	snprintf(line, sizeof(line), "%s: %s", label, text);
	text_wrap(line, 0, voice->to);
}

/* "latency p99 21 us (19 us to 25 us), consumers 11 % of a CPU (...)" */
static void cost_words(const struct wishes *wishes,
		       const struct candidate *candidate, char *text,
		       size_t size)
{
	char latency[128], cpu[128], push[128];

	phrase_spread(&candidate->latency, phrase_time, latency,
		      sizeof(latency));
	phrase_spread(&candidate->cpu, phrase_percent, cpu, sizeof(cpu));
	phrase_spread(&candidate->push, phrase_percent, push, sizeof(push));
	snprintf(text, size, "latency %s %s; consumers use %s of a CPU%s%s%s",
		 wishes->percentile, latency, cpu,
		 candidate->push.count ? ", producers " : "",
		 candidate->push.count ? push : "",
		 candidate->push.count ? " of a CPU" : "");
}

static void say_cell(const struct voice *voice, const char *label,
		     const struct wishes *wishes,
		     const struct candidate *candidate)
{
	char cell[PHRASE_CELL_MAX], cost[512], line[LINE_MAX];

	phrase_cell(candidate->group, cell);
	cost_words(wishes, candidate, cost, sizeof(cost));
	snprintf(line, sizeof(line), "%s: %s.", cell, cost);
	say(voice, label, line);
}

static void say_certainty(const struct voice *voice,
			  const struct wishes *wishes,
			  const struct decision *decision)
{
	bool limited = wishes->latency_ns || wishes->cpu > 0;
	size_t rounds = decision->best->group->count;
	char line[LINE_MAX];

	snprintf(line, sizeof(line), "%zu round%s on this machine%s. %s",
		 rounds, rounds == 1 ? "" : "s",
		 rounds < GROUP_ROUNDS_MIN
			 ? ", too few for an interval; measure at least 6"
			 : "; intervals cover the median with 95 %",
		 !limited	   ? "No limit was given."
		 : !decision->fits ? "The nearest cell misses a limit."
		 : decision->sure
			 ? "All limits are outside of the intervals."
			 : "A limit is inside an interval, so the cell may "
			   "miss this limit.");
	say(voice, "How sure", line);
	if (decision->needed)
		say(voice, "Note",
		    "These rounds are too few to separate so many cells with "
		    "an error rate of 5 %.");
	if (!(decision->best->late > LATE_SHARE))
		return;
	snprintf(line, sizeof(line),
		 "The producers sent %.0f %% of the messages late, because "
		 "they share CPUs or were delayed. Latency counts from the "
		 "time at which a message was due.",
		 100 * decision->best->late);
	say(voice, "Note", line);
}

static void say_equals(const struct voice *voice,
		       const struct decision *decision)
{
	char line[LINE_MAX] = "", cell[PHRASE_CELL_MAX];

	if (!decision->equal_count)
		return;
	for (size_t i = 0; i < decision->equal_count && i < DECISION_EQUALS_MAX;
	     i++) {
		size_t used = strlen(line);

		phrase_cell(decision->equals[i]->group, cell);
		snprintf(line + used, sizeof(line) - used, "%s%s",
			 i ? ", " : "", cell);
	}
	if (decision->equal_count > DECISION_EQUALS_MAX) {
		size_t used = strlen(line);

		snprintf(line + used, sizeof(line) - used, " and %zu more",
			 decision->equal_count - DECISION_EQUALS_MAX);
	}
	end_sentence(line);
	say(voice,
	    decision->goal == GOAL_CPU
		    ? "Cells that the rounds cannot separate from it in CPU "
		      "time"
		    : "Cells that the rounds cannot separate from it in "
		      "latency",
	    line);
}

static void say_avoided(const struct voice *voice, const struct wishes *wishes,
			const struct decision *decision)
{
	for (size_t i = 0; i < decision->avoid_count; i++) {
		const struct candidate *candidate = decision->avoid[i];
		char cell[PHRASE_CELL_MAX], line[LINE_MAX], cost[512];

		phrase_cell(candidate->group, cell);
		cost_words(wishes, candidate, cost, sizeof(cost));
		snprintf(line, sizeof(line), "%s: it %s.", cell,
			 obstacle_text(candidate->obstacle));
		if (!candidate->obstacle)
			snprintf(line, sizeof(line),
				 "%s: more than twice the latency and twice "
				 "the CPU time: %s.",
				 cell, cost);
		say(voice, "Avoid", line);
	}
}

/* Says how many cells cannot be recommended, by reason. */
static void say_obstacles(const struct voice *voice,
			  const struct candidates *candidates)
{
	for (int obstacle = OBSTACLE_NONE + 1; obstacle <= OBSTACLE_UNKNOWN;
	     obstacle++) {
		char line[LINE_MAX] = "", cell[PHRASE_CELL_MAX];
		size_t count = 0;

		for (size_t i = 0; i < candidates->count; i++) {
			size_t used = strlen(line);

			if ((int)candidates->list[i].obstacle != obstacle)
				continue;
			phrase_cell(candidates->list[i].group, cell);
			if (count++ < DECISION_EQUALS_MAX)
				snprintf(line + used, sizeof(line) - used,
					 "%s%s", used ? ", " : "", cell);
		}
		if (!count)
			continue;
		if (count > DECISION_EQUALS_MAX) {
			size_t used = strlen(line);

			snprintf(line + used, sizeof(line) - used,
				 " and %zu more", count - DECISION_EQUALS_MAX);
		}
		snprintf(cell, sizeof(cell), "Not ranked, because it %s",
			 obstacle_text((enum obstacle)obstacle));
		end_sentence(line);
		say(voice, cell, line);
	}
}

static void say_best(const struct voice *voice, const struct wishes *wishes,
		     const struct decision *decision)
{
	char name[NAME_LONG_MAX], line[LINE_MAX];

	say_cell(voice,
		 decision->fits ? "Take" : "Nothing fits. The nearest cell",
		 wishes, decision->best);
	name_long(decision->best->group->example, name);
	snprintf(line, sizeof(line), "%s%s%s", voice->markdown ? "`" : "", name,
		 voice->markdown ? "`" : "");
	say(voice, "Its cell", line);
	say_certainty(voice, wishes, decision);
	say_equals(voice, decision);
	if (decision->second)
		say_cell(voice,
			 decision->fits && decision->second->fit == FIT_NO
				 ? "Second, but it misses a limit"
				 : "Second",
			 wishes, decision->second);
	if (decision->frugal && decision->frugal != decision->second)
		say_cell(voice, "With the least CPU time", wishes,
			 decision->frugal);
	say_avoided(voice, wishes, decision);
}

/* Says that cells at other core distances are not ranked. */
static void say_distances(const struct voice *voice, const struct run *run,
			  const struct candidates *candidates)
{
	char known[DISTANCE_TEXT_MAX], line[LINE_MAX];

	if (!candidates->farther)
		return;
	distances_describe(&run->groups.set.distances, known);
	snprintf(line, sizeof(line),
		 "%s. Each cell is ranked at one distance: the smallest with "
		 "enough rounds. %zu cell%s at another distance %s left out.",
		 known, candidates->farther,
		 candidates->farther == 1 ? "" : "s",
		 candidates->farther == 1 ? "is" : "are");
	say(voice, "Core distance", line);
}

static void print_words(const struct run *run, const struct wishes *wishes,
			const struct candidates *candidates,
			const struct decision *decision,
			const struct voice *voice)
{
	char load[512], line[LINE_MAX];

	wishes_format(wishes, load, sizeof(load));
	say(voice, "Wanted", load);
	snprintf(line, sizeof(line), "%.1000s, %zu cell%s with this load.",
		 run->path, candidates->count,
		 candidates->count == 1 ? "" : "s");
	say(voice, "Run", line);
	say_distances(voice, run, candidates);
	if (decision->best)
		say_best(voice, wishes, decision);
	else
		say(voice, "Nothing fits",
		    candidates->count ? "no cell of the run carries this load."
				      : "the run has no cell with this load. "
					"Without a run, recommend measures the "
					"load.");
	say_obstacles(voice, candidates);
}

static json_t *spread_json(const struct spread *spread)
{
	if (!spread->count)
		return json_null();
	if (!spread->has_interval)
		return json_pack("{s:f}", "median", spread->median);
	return json_pack("{s:f, s:f, s:f}", "median", spread->median, "low",
			 spread->low, "high", spread->high);
}

static json_t *cell_json(const struct candidate *candidate)
{
	const struct record *row;
	char name[NAME_LONG_MAX];

	if (!candidate)
		return json_null();
	row = candidate->group->example;
	name_long(row, name);
	return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:s}", "cell",
			 name, "backend", record_text(row, COLUMN_backend),
			 "wait", record_text(row, COLUMN_wait), "rounds",
			 (json_int_t)candidate->group->count, "latency_ns",
			 spread_json(&candidate->latency), "consumer_cpus",
			 spread_json(&candidate->cpu), "producer_cpus",
			 spread_json(&candidate->push), "obstacle",
			 obstacle_text(candidate->obstacle));
}

static json_t *cells_json(const struct candidate *const *list, size_t count)
{
	json_t *cells = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(cells, cell_json(list[i]));
	return cells;
}

static void print_json(const struct run *run, const struct wishes *wishes,
		       const struct candidates *candidates,
		       const struct decision *decision, FILE *to)
{
	size_t equals = decision->equal_count < DECISION_EQUALS_MAX
				? decision->equal_count
				: DECISION_EQUALS_MAX;
	json_t *all = json_array();
	json_t *answer;
	char load[512];

	wishes_format(wishes, load, sizeof(load));
	for (size_t i = 0; i < candidates->count; i++)
		json_array_append_new(all, cell_json(&candidates->list[i]));
	answer = json_pack(
		"{s:i, s:s, s:s, s:I, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"format", 1, "wanted", load, "run", run->path,
		"cells_at_larger_distances", (json_int_t)candidates->farther,
		"percentile", wishes->percentile, "fits",
		decision->best && decision->fits, "sure",
		decision->best && decision->sure, "take",
		cell_json(decision->best), "not_distinguishable",
		cells_json(decision->equals, equals), "second",
		cell_json(decision->second), "least_cpu",
		cell_json(decision->frugal), "avoid",
		cells_json(decision->avoid, decision->avoid_count), "cells",
		all);
	if (!answer)
		abort();
	json_dumpf(answer, to, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	fputc('\n', to);
	json_decref(answer);
}

void answer_print(const struct run *run, const struct wishes *wishes,
		  const struct candidates *candidates,
		  const struct decision *decision, enum answer_format format,
		  FILE *to)
{
	const struct voice voice = { to, format == ANSWER_MARKDOWN };

	if (format == ANSWER_JSON)
		print_json(run, wishes, candidates, decision, to);
	else
		print_words(run, wishes, candidates, decision, &voice);
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "best.h"
#include "findings.h"
#include "html.h"
#include "machines.h"
#include "names.h"
#include "readings.h"
#include "report.h"
#include "sections.h"
#include "show.h"
#include "svg.h"
#include "table.h"
#include "table_values.h"
#include "text_table.h"

static const struct run *run_of(const struct page *page)
{
	return &page->all->runs[page->at];
}

static void print_file(const struct page *page, const char *name,
		       const char *what)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", page->dir, name);
	if (access(path, R_OK) != 0)
		return;
	fputs("<li><a href=\"", page->to);
	html_put(name, page->to);
	fputs("\">", page->to);
	html_put(name, page->to);
	fprintf(page->to, "</a>: %s</li>\n", what);
}

/* Prints the recommendation for the load of the cell, if no earlier cell has
 * this load. */
static void print_recommendation(const struct run *run, size_t at, FILE *to)
{
	static const int load[] = { COLUMN_producers, COLUMN_consumers };
	const struct record *row = run->groups.groups[at].example;
	int rate = column_of("rate");
	struct candidates candidates;
	struct decision decision;
	struct wishes wishes;

	for (size_t i = 0; i < at; i++) {
		const struct record *other = run->groups.groups[i].example;

		if (record_integer(other, rate) == record_integer(row, rate) &&
		    record_integer(other, load[0]) ==
			    record_integer(row, load[0]) &&
		    record_integer(other, load[1]) ==
			    record_integer(row, load[1]))
			return;
	}
	wishes_init(&wishes);
	wishes.rate = record_integer(row, rate);
	wishes.producers = record_integer(row, load[0]);
	wishes.consumers = record_integer(row, load[1]);
	candidates_choose_percentile(run, &wishes);
	candidates_find(&candidates, run, &wishes);
	if (candidates.count) {
		decision_make(&decision, &candidates, &wishes);
		fputc('\n', to);
		answer_print(run, &wishes, &candidates, &decision, ANSWER_TEXT,
			     to);
	}
	candidates_free(&candidates);
}

static void print_answer(const struct page *page)
{
	const struct run *run = run_of(page);
	const struct groups *groups = &run->groups;
	struct output output;

	output_begin(&output, OUTPUT_HTML, page->to);
	best_print(run, &output);
	for (size_t i = 0; i < groups->count; i++)
		if (record_integer(groups->groups[i].example,
				   column_of("rate")) > 0)
			print_recommendation(run, i, output_text(&output));
	findings_print(run, output_text(&output));
	output_end(&output);
}

static void print_hosts(const struct page *page)
{
	struct output output;

	output_begin(&output, OUTPUT_HTML, page->to);
	machines_print(page->all, &output);
	output_end(&output);
}

static void print_machine(const struct page *page)
{
	static const struct {
		const char *title;
		const char *key; /* in run.json */
	} facts[] = {
		{ "processor", "host.cpu.model" },
		{ "CPUs", "host.cpu.online" },
		{ "allowed CPUs", "host.cpu.allowed" },
		{ "hypervisor", "host.virtual.hypervisor" },
		{ "container", "host.virtual.container" },
		{ "frequency governor", "host.cpufreq.governor" },
		{ "clock", "host.clock.source" },
		{ "kernel", "host.kernel.release" },
		{ "system", "host.system.name" },
		{ "compiler", "program.compiler" },
		{ "compiler options", "program.flags" },
	};
	struct text_table table;
	struct output output;

	output_begin(&output, OUTPUT_HTML, page->to);
	report_print_head(run_of(page), output_text(&output));
	table_warnings_print(run_of(page), output_text(&output));
	text_table_init(&table);
	text_table_column(&table, "fact", true);
	text_table_column(&table, "value", true);
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		const char *value = run_fact(run_of(page), facts[i].key);

		if (strcmp(value, "?") == 0)
			continue;
		text_table_row(&table);
		text_table_set(&table, 0, facts[i].title, NULL);
		text_table_set(&table, 1, value, NULL);
	}
	output_table(&output, "machine", "Machine and build", &table);
	text_table_free(&table);
	output_end(&output);
}

static void print_tables(const struct page *page)
{
	struct output output;

	output_begin(&output, OUTPUT_HTML, page->to);
	table_print(run_of(page), &output);
	readings_print(run_of(page), &output);
	output_end(&output);
}

/* Names of colours in captions, and their names in an inverted picture. */
static const char *const inverted[][2] = {
	{ "Dark blue: ", "Light blue: " },
	{ "Light blue: ", "Dark blue: " },
	{ "White: ", "Black: " },
};

/* Prints the name of a colour twice, for a light and for a dark screen. Returns
 * its length, or 0 if the text does not begin with such a name. */
static size_t put_colour(const char *text, FILE *to)
{
	for (size_t i = 0; i < sizeof(inverted) / sizeof(*inverted); i++) {
		size_t length = strlen(inverted[i][0]);

		if (strncmp(text, inverted[i][0], length) != 0)
			continue;
		fprintf(to,
			"<span class=\"light\">%s</span>"
			"<span class=\"dark\">%s</span>",
			inverted[i][0], inverted[i][1]);
		return length;
	}
	return 0;
}

static void put_caption(const char *text, FILE *to)
{
	while (*text) {
		size_t length = put_colour(text, to);
		char one[] = { *text, '\0' };

		if (!length)
			html_put(one, to);
		text += length ? length : 1;
	}
}

/* Prints the text beside a picture. */
static void print_caption(const char *path, FILE *to)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (file && getdelim(&text, &room, '\0', file) >= 0)
		put_caption(text, to);
	free(text);
	if (file)
		fclose(file);
}

static void print_picture(const struct page *page, size_t number)
{
	const struct plot_pictures *drawn = &page->pictures[page->at].drawn;
	const char *name = drawn->names[number];
	char path[PATH_MAX + PLOT_NAME_MAX + 8], prefix[64];
	struct fault fault;

	/* Identifiers in the pictures of two hosts must differ. */
	if (page->all->count > 1)
		snprintf(prefix, sizeof(prefix), "h%zu-p%zu-", page->at + 1,
			 number + 1);
	else
		snprintf(prefix, sizeof(prefix), "p%zu-", number + 1);
	snprintf(path, sizeof(path), "%s/%s.svg", drawn->dir, name);
	fputs("<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	      "aria-label=\"picture ",
	      page->to);
	html_put(name, page->to);
	fputs("\">\n", page->to);
	if (svg_inline(path, prefix, page->to, &fault) != 0) {
		fputs("<p>", page->to);
		html_put(fault.text, page->to);
		fputs("</p>", page->to);
	}
	fputs("</div>\n<figcaption>", page->to);
	snprintf(path, sizeof(path), "%s/%s.txt", drawn->dir, name);
	print_caption(path, page->to);
	fputs("</figcaption>\n</figure>\n", page->to);
}

static void print_pictures(const struct page *page)
{
	const struct page_pictures *pictures = &page->pictures[page->at];

	if (*pictures->fault.text) {
		fputs("<p>Pictures are missing: ", page->to);
		html_put(pictures->fault.text, page->to);
		fputs("</p>\n", page->to);
	}
	for (size_t i = 0; i < pictures->drawn.count; i++)
		print_picture(page, i);
}

static int by_cell(const void *a, const void *b)
{
	const struct group *const *left = a, *const *right = b;

	return cell_compare((*left)->example, (*right)->example);
}

static void print_cells(const struct page *page)
{
	const struct run *run = run_of(page);
	const struct groups *groups = &run->groups;
	const struct group **sorted = calloc(groups->count + 1,
					     sizeof(*sorted));
	char name[NAME_LONG_MAX], distance[CELL_TEXT_MAX];

	if (!sorted)
		abort();
	for (size_t i = 0; i < groups->count; i++)
		sorted[i] = &groups->groups[i];
	qsort(sorted, groups->count, sizeof(*sorted), by_cell);
	fprintf(page->to,
		"<p>%zu cells, each with its metrics and every "
		"observation. Open a cell to see them. Closed cells are not "
		"printed.</p>\n",
		groups->count);
	for (size_t i = 0; i < groups->count; i++) {
		struct output output;

		name_long(sorted[i]->example, name);
		fputs("<details>\n<summary><h3>", page->to);
		html_put(name, page->to);
		*distance = '\0';
		table_distance(sorted[i]->example, distance);
		if (*distance && distances_differ(&groups->set.distances)) {
			fputs(", core distance ", page->to);
			html_put(distance, page->to);
		}
		fputs("</h3></summary>\n", page->to);
		output_begin(&output, OUTPUT_HTML, page->to);
		show_print_short(run, sorted[i], &output);
		output_end(&output);
		fputs("</details>\n", page->to);
	}
	free(sorted);
}

static void print_help(const struct page *page)
{
	fputs("<ul>\n"
	      "<li>A cell is one combination of parameters: a scenario, a "
	      "queue, a wait policy, CPUs, and so on. Each round measures "
	      "every cell once, in a new random order. One measurement is an "
	      "observation.</li>\n"
	      "<li>Rates and times are medians of the rounds. "
	      "<code>-4+6%</code> means: the 95 % confidence interval of the "
	      "median begins 4 % below and ends 6 % above the median. Fewer "
	      "than 6 rounds have no interval.</li>\n"
	      "<li>If the intervals of two cells overlap, this run does not "
	      "show which cell is better. <code>ringbench compare</code> and "
	      "<code>ringbench ab</code> give a verdict.</li>\n"
	      "<li>An observation is disturbed if other programs used its "
	      "CPUs or if its core distance changed. The cell is measured "
	      "again; the disturbed observation stays in the files.</li>\n"
	      "<li>The run-order picture shows every observation as a share "
	      "of the median of its cell. If these shares rise or fall from "
	      "round to round, the machine changed during the run.</li>\n"
	      "<li>Figures of two machines, or of one machine at different "
	      "core distances, cannot be compared as if only the queue "
	      "differed.</li>\n"
	      "</ul>\n",
	      page->to);
}

/* Links to the pictures of a run. */
static void print_picture_files(const struct page *page, size_t at)
{
	const struct plot_pictures *drawn = &page->pictures[at].drawn;
	const char *host = page->all->runs[at].host;
	char name[PLOT_NAME_MAX + HOST_NAME_MAX_BYTES + 16];

	for (size_t i = 0; i < drawn->count; i++) {
		snprintf(name, sizeof(name), "plots/%s%s%s.pdf", host,
			 *host ? "/" : "", drawn->names[i]);
		print_file(page, name, "picture, for a document");
	}
}

static void print_files(const struct page *page)
{
	fputs("<ul>\n", page->to);
	print_file(page, "results.csv", "one row for each observation");
	print_file(page, "threads.csv", "one row for each thread");
	print_file(page, "run.json", "machine, program, plan and sessions");
	print_file(page, "report.txt", "the tables as text");
	for (size_t i = 0; i < page->all->count; i++)
		print_picture_files(page, i);
	fputs("</ul>\n", page->to);
}

const struct section page_sections[] = {
	{ "hosts", "Hosts", print_hosts, SECTION_OF_HOSTS },
	{ "answer", "Answer", print_answer, SECTION_OF_HOST },
	{ "machine", "Machine and warnings", print_machine, SECTION_OF_HOST },
	{ "tables", "Tables", print_tables, SECTION_OF_HOST },
	{ "pictures", "Pictures", print_pictures, SECTION_OF_HOST },
	{ "cells", "Every cell", print_cells, SECTION_OF_HOST },
	{ "help", "How to read this", print_help, SECTION_OF_PAGE },
	{ "files", "Files", print_files, SECTION_OF_PAGE },
	{ NULL },
};

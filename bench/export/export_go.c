/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Go's benchmark format: one line for each observation. Lines with the same
 * name are the samples of a benchmark.
 */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "exporter.h"
#include "metrics.h"

enum {
	UNIT_MAX = 64,
};

/* In this format, a unit also names the metric: "cpu-ns/op". */
static const struct measure {
	const char *unit;
	int column;
	bool per_message;
} measures[] = {
	{ "ns/op", COLUMN_elapsed_ns, true },
	{ "msg/s", COLUMN_throughput_msg_per_s, false },
	{ "idle-share", COLUMN_idle_share, false },
	{ "cpu-ns/op", COLUMN_cpu_ns, true },
};

enum {
	MEASURES = sizeof(measures) / sizeof(measures[0]),
};

/* The unit of a column that is not in measures[]: wake_p99_ns becomes
 * wake-p99-ns. */
static void unit_of(int column, char unit[UNIT_MAX])
{
	const char *name = results_schema.columns[column].name;

	if (column == COLUMN_throughput_msg_per_s)
		name = "msg/s";
	snprintf(unit, UNIT_MAX, "%s", name);
	for (char *c = unit; *c; c++)
		if (*c == '_')
			*c = '-';
}

/* Whether the column is a numeric metric of a scenario. */
static bool is_measure(int column)
{
	const struct column *declared = &results_schema.columns[column];

	return declared->role == ROLE_METRIC && declared->type != TYPE_TEXT;
}

/* The value extends to the end of the line and must not contain a newline. */
static void print_line(FILE *to, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(to, "%s: ", key);
	for (; *value; value++)
		fputc(iscntrl((unsigned char)*value) ? ' ' : *value, to);
	fputc('\n', to);
}

/* Go's name of the architecture. */
static const char *architecture(const char *machine)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
		{ "i686", "386" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (machine && strcmp(machine, names[i][0]) == 0)
			return names[i][1];
	return machine;
}

static const char *text(const struct exporter *exporter, const char *keys)
{
	return json_string_value(export_fact(exporter, keys));
}

static void print_unit(FILE *to, const char *unit, int column)
{
	static const char *const directions[] = {
		[BETTER_HIGHER] = "higher",
		[BETTER_LOWER] = "lower",
	};
	enum column_better better = metric_better(column);

	if (better != BETTER_NEITHER)
		fprintf(to, "Unit %s better=%s\n", unit, directions[better]);
}

/*
 * benchstat only compares samples with the same configuration lines. Facts that
 * differ between runs are in lines that begin with #, which benchstat ignores.
 */
static void begin(const struct exporter *exporter)
{
	FILE *to = exporter->to;
	int metric = exporter->request->metric;
	char unit[UNIT_MAX];

	if (exporter->facts)
		print_line(to, "goos", "linux");
	print_line(to, "goarch",
		   architecture(text(exporter, "host.kernel.machine")));
	print_line(to, "pkg", "ringbench");
	print_line(to, "cpu", text(exporter, "host.cpu.model"));
	print_line(to, "# run", text(exporter, "run_id"));
	print_line(to, "# started", exporter->started_at);
	print_line(to, "# revision", text(exporter, "program.revision"));
	print_line(to, "# plan", text(exporter, "plan.name"));
	print_line(to, "# host", text(exporter, "host_id"));
	if (metric >= 0) {
		unit_of(metric, unit);
		print_unit(to, unit, metric);
		return;
	}
	for (int i = 0; i < MEASURES; i++)
		print_unit(to, measures[i].unit, measures[i].column);
	for (int i = COMMON_COLUMN_COUNT; i < (int)results_schema.count; i++)
		if (is_measure(i)) {
			unit_of(i, unit);
			print_unit(to, unit, i);
		}
}

static void print_value(FILE *to, double value, const char *unit)
{
	if (isfinite(value))
		fprintf(to, "\t%.9g %s", value, unit);
}

/* The number of different CPUs in a list such as 0+1+0; 0: not pinned. */
static size_t count_cpus(const char *list)
{
	size_t count = 0;

	for (const char *at = list; *at;) {
		size_t length = strcspn(at, "+");
		const char *same = list;

		while (strcspn(same, "+") != length ||
		       strncmp(same, at, length) != 0)
			same += strcspn(same, "+") + 1;
		count += same == at;
		at += length + (at[length] == '+');
	}
	return count;
}

/*
 * The suffix of the name is the number of CPUs. If threads are not pinned there
 * is no suffix, so that names are equal on different machines.
 */
static void print_name(const struct exporter *exporter, const char *name,
		       const struct record *row)
{
	size_t cpus = count_cpus(record_text(row, COLUMN_cpus));

	fprintf(exporter->to, "Benchmark%c%s", toupper((unsigned char)*name),
		name + 1);
	if (cpus)
		fprintf(exporter->to, "-%zu", cpus);
}

static void print_row(const struct exporter *exporter, struct export_cell *cell,
		      const struct record *row)
{
	int64_t messages = record_integer(row, COLUMN_messages);
	int metric = exporter->request->metric;
	char unit[UNIT_MAX];

	print_name(exporter, cell->name, row);
	fprintf(exporter->to, "\t%" PRId64, messages);
	if (metric >= 0) {
		unit_of(metric, unit);
		print_value(exporter->to, record_number(row, metric), unit);
	}
	for (int i = 0; metric < 0 && i < MEASURES; i++)
		print_value(exporter->to,
			    record_number(row, measures[i].column) /
				    (measures[i].per_message ? (double)messages
							     : 1),
			    measures[i].unit);
	for (int i = COMMON_COLUMN_COUNT;
	     metric < 0 && i < (int)results_schema.count; i++)
		if (is_measure(i) && record_has(row, i)) {
			unit_of(i, unit);
			print_value(exporter->to, record_number(row, i), unit);
		}
	fputc('\n', exporter->to);
}

/*
 * benchstat does not pair samples and would report drift between sessions as a
 * change. A configuration line for each session makes benchstat print a table
 * for each session.
 */
static void session(const struct exporter *exporter)
{
	print_line(exporter->to, "session", exporter->session);
}

static void end(const struct exporter *exporter)
{
	(void)exporter;
}

const struct export_format export_go = {
	.name = "go",
	.reader = "benchstat",
	.needs = -1,
	.session = session,
	.begin = begin,
	.row = print_row,
	.end = end,
};

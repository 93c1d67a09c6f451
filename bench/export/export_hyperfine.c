/* SPDX-License-Identifier: BSD-2-Clause */
/* The JSON of hyperfine's --export-json: one result for each cell, with the
 * times of all its observations in seconds for each message. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "exporter.h"
#include "names.h"

#define DIGITS JSON_REAL_PRECISION(12)

static void begin(const struct exporter *exporter)
{
	fputs("{\n\"results\": [", exporter->to);
}

/* Text values, as hyperfine writes its parameters. */
static json_t *factors(const struct record *row)
{
	json_t *json = json_object();
	char value[NAME_SHORT_MAX];

	for (int i = 0; i < (int)row->schema->count; i++) {
		if (row->schema->columns[i].role != ROLE_FACTOR ||
		    !record_has(row, i))
			continue;
		name_value(row, i, value);
		json_object_set_new(json, row->schema->columns[i].name,
				    json_string(value));
	}
	return json;
}

static void append(json_t *own, const char *key, double ns)
{
	if (isfinite(ns))
		json_array_append_new(json_object_get(own, key),
				      json_real(ns / 1e9));
}

/* Collects the observation. end() prints the cells. */
static void print_row(const struct exporter *exporter, struct export_cell *cell,
		      const struct record *row)
{
	int metric = exporter->request->metric;
	double messages = (double)record_integer(row, COLUMN_messages);
	char name[NAME_LONG_MAX];

	if (!cell->json) {
		name_long(row, name);
		cell->json = json_pack(
			"{s:o, s:o, s:[], s:[], s:[]}", "command",
			json_sprintf("ringbench run %s", name), "parameters",
			factors(row), "times", "user", "system");
	}
	append(cell->json, "times",
	       metric < 0 ? record_number(row, COLUMN_elapsed_ns) / messages
			  : record_number(row, metric));
	append(cell->json, "user",
	       record_number(row, COLUMN_cpu_user_ns) / messages);
	append(cell->json, "system",
	       record_number(row, COLUMN_cpu_sys_ns) / messages);
}

static double *values_of(const json_t *array, size_t *count)
{
	double *values;

	*count = json_array_size(array);
	values = calloc(*count + 1, sizeof(*values));
	if (!values)
		abort();
	for (size_t i = 0; i < *count; i++)
		values[i] = json_real_value(json_array_get(array, i));
	return values;
}

static double mean_of(const json_t *array)
{
	size_t count;
	double *values = values_of(array, &count);
	double mean = count ? gsl_stats_mean(values, 1, count) : 0;

	free(values);
	return mean;
}

static json_t *result_of(const json_t *own)
{
	json_t *times = json_object_get(own, "times");
	json_t *codes = json_array();
	size_t count;
	double *values = values_of(times, &count);
	json_t *json = json_pack(
		"{s:O, s:f, s:o, s:f, s:f, s:f, s:f, s:f, s:O, s:O, s:O}",
		"command", json_object_get(own, "command"), "mean",
		gsl_stats_mean(values, 1, count), "stddev",
		count > 1 ? json_real(gsl_stats_sd(values, 1, count))
			  : json_null(),
		"median", gsl_stats_median(values, 1, count), "user",
		mean_of(json_object_get(own, "user")), "system",
		mean_of(json_object_get(own, "system")), "min",
		gsl_stats_min(values, 1, count), "max",
		gsl_stats_max(values, 1, count), "times", times, "exit_codes",
		codes, "parameters", json_object_get(own, "parameters"));

	for (size_t i = 0; i < count; i++)
		json_array_append_new(codes, json_integer(0));
	json_decref(codes);
	free(values);
	return json;
}

static void end(const struct exporter *exporter)
{
	for (uint32_t i = 0; i < exporter->lookup.count; i++) {
		json_t *json;

		if (!exporter->cells[i].json)
			continue;
		json = result_of(exporter->cells[i].json);
		fputs(i ? ",\n" : "\n", exporter->to);
		json_dumpf(json, exporter->to, JSON_INDENT(2) | DIGITS);
		json_decref(json);
	}
	fputs("\n]\n}\n", exporter->to);
}

const struct export_format export_hyperfine = {
	.name = "hyperfine",
	.reader = "welch_ttest.py",
	.needs = -1,
	.only_times = true,
	.begin = begin,
	.row = print_row,
	.end = end,
};

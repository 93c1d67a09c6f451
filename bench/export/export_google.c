/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON format of google-benchmark, one line for each observation. The
 * observations of a cell are repetitions with the same name.
 */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "exporter.h"

#define DIGITS JSON_REAL_PRECISION(12)

static void print(const struct exporter *exporter, json_t *json)
{
	json_dumpf(json, exporter->to, DIGITS);
	json_decref(json);
}

/* Copies a value; does nothing if the value is unknown. */
static void copy(json_t *to, const char *key, json_t *fact)
{
	if (fact)
		json_object_set(to, key, fact);
}

/* 2026-11-21T14:36:58+00:00 */
static json_t *date(const struct exporter *exporter)
{
	const char *moment = json_string_value(
		export_session_fact(exporter, "started_at"));
	size_t length;

	if (!moment)
		moment = exporter->started_at;
	length = strlen(moment);
	if (length && moment[length - 1] == 'Z')
		return json_sprintf("%.*s+00:00", (int)length - 1, moment);
	return json_string(moment);
}

static json_t *caches(const struct exporter *exporter)
{
	json_t *list = json_array(), *cache;
	size_t i;

	json_array_foreach(export_fact(exporter, "host.topology.caches"), i,
			   cache)
	{
		json_t *level = json_object_get(cache, "level");
		json_t *own = json_object();

		json_object_set_new(own, "type",
				    json_string(json_integer_value(level) == 1
							? "Data"
							: "Unified"));
		copy(own, "level", level);
		copy(own, "size", json_object_get(cache, "size_bytes"));
		copy(own, "num_sharing",
		     json_object_get(cache, "shared_by_cpus"));
		json_array_append_new(list, own);
	}
	return list;
}

static json_t *load(const struct exporter *exporter)
{
	static const char *const keys[] = { "before.load.minutes_1",
					    "before.load.minutes_5",
					    "before.load.minutes_15" };
	json_t *list = json_array();

	for (size_t i = 0; i < 3; i++) {
		json_t *value = export_session_fact(exporter, keys[i]);

		if (value)
			json_array_append(list, value);
	}
	return list;
}

/* `doctor` warns about a governor other than performance. */
static json_t *scaling(const struct exporter *exporter)
{
	json_t *finding;
	size_t i;

	json_array_foreach(export_session_fact(exporter, "doctor.findings"), i,
			   finding)
	{
		const char *topic = NULL, *verdict = NULL;

		if (json_unpack(finding, "{s:s, s:s}", "topic", &topic,
				"verdict", &verdict) == 0 &&
		    strcmp(topic, "governor") == 0)
			return json_boolean(strcmp(verdict, "warn") == 0);
	}
	return NULL;
}

/* Whether ringbench was compiled with optimization. */
static json_t *build_type(const struct exporter *exporter)
{
	const char *flags = json_string_value(
		export_fact(exporter, "program.flags"));

	if (!flags)
		return NULL;
	return json_string(strstr(flags, "-O0") ? "debug" : "release");
}

static void begin(const struct exporter *exporter)
{
	json_t *context = json_object();

	json_object_set_new(context, "date", date(exporter));
	copy(context, "host_name", export_fact(exporter, "host_id"));
	json_object_set_new(context, "executable", json_string("ringbench"));
	copy(context, "num_cpus", export_fact(exporter, "host.cpu.count"));
	json_object_set_new(context, "cpu_scaling_enabled", scaling(exporter));
	json_object_set_new(context, "caches", caches(exporter));
	json_object_set_new(context, "load_avg", load(exporter));
	json_object_set_new(context, "library_build_type",
			    build_type(exporter));
	copy(context, "cpu_model", export_fact(exporter, "host.cpu.model"));
	copy(context, "run_id", export_fact(exporter, "run_id"));
	copy(context, "revision", export_fact(exporter, "program.revision"));
	copy(context, "plan", export_fact(exporter, "plan.name"));
	fputs("{\"context\": ", exporter->to);
	print(exporter, context);
	fputs(",\n\"benchmarks\": [", exporter->to);
}

static int threads(const struct record *row)
{
	struct fault fault;
	struct cell cell;

	if (cell_from_record(&cell, row, &fault) != 0)
		return 1; /* the scenario is not in this build */
	return cell_threads(&cell);
}

/* Adds all measured columns beside the keys of google-benchmark. */
static void add_counters(json_t *json, const struct record *row)
{
	for (int i = 0; i < (int)row->schema->count; i++) {
		const struct column *column = &row->schema->columns[i];

		if (column->role != ROLE_METRIC || !record_has(row, i))
			continue;
		if (column->type == TYPE_INTEGER)
			json_object_set_new(
				json, column->name,
				json_integer(record_integer(row, i)));
		else if (column->type == TYPE_REAL)
			json_object_set_new(json, column->name,
					    json_real(record_number(row, i)));
	}
}

static void print_row(const struct exporter *exporter, struct export_cell *cell,
		      const struct record *row)
{
	double messages = (double)record_integer(row, COLUMN_messages);
	int metric = exporter->request->metric;
	double time = metric < 0
			      ? record_number(row, COLUMN_elapsed_ns) / messages
			      : record_number(row, metric);
	json_t *json = json_pack(
		"{s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:i, s:I, s:f, s:f, s:s,"
		" s:f}",
		"name", cell->name, "family_index", (json_int_t)cell->family,
		"per_family_instance_index", (json_int_t)cell->instance,
		"run_name", cell->name, "run_type", "iteration", "repetitions",
		(json_int_t)cell->repetitions, "repetition_index",
		(json_int_t)cell->written, "threads", threads(row),
		"iterations", (json_int_t)record_integer(row, COLUMN_messages),
		"real_time", time, "cpu_time",
		record_number(row, COLUMN_cpu_ns) / messages, "time_unit", "ns",
		"items_per_second",
		messages * 1e9 / record_number(row, COLUMN_elapsed_ns));

	/* The label is the only text field of a benchmark in this format. */
	json_object_set_new(json, "label", json_string(exporter->session));
	add_counters(json, row);
	fputs(exporter->written ? ",\n" : "\n", exporter->to);
	print(exporter, json);
}

static void end(const struct exporter *exporter)
{
	fputs("\n]}\n", exporter->to);
}

const struct export_format export_google = {
	.name = "google",
	.reader = "compare.py",
	.needs = COLUMN_cpu_ns,
	.only_times = true,
	.begin = begin,
	.row = print_row,
	.end = end,
};

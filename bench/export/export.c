/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "exporter.h"
#include "run.h"
#include "text.h"

json_t *export_fact(const struct exporter *exporter, const char *keys)
{
	return run_json_at(exporter->facts, keys);
}

json_t *export_session_fact(const struct exporter *exporter, const char *keys)
{
	json_t *sessions = json_object_get(exporter->facts, "sessions");

	return run_json_at(json_array_get(sessions, 0), keys);
}

static const struct export_format *const formats[] = {
	&export_go, &export_google, &export_hyperfine, &export_hdr
};

enum {
	FORMATS = sizeof(formats) / sizeof(formats[0]),
};

const char *export_name(size_t i)
{
	return i < FORMATS ? formats[i]->name : NULL;
}

const struct export_format *export_find(const char *name, struct fault *fault)
{
	const char *names[FORMATS];

	for (size_t i = 0; i < FORMATS; i++) {
		names[i] = formats[i]->name;
		if (strcmp(name, names[i]) == 0)
			return formats[i];
	}
	fault_set(fault, EXIT_USAGE, "unknown format \"%.60s\"", name);
	fault_suggest(fault, name, "", names, FORMATS,
		      "write --to go, --to google, --to hyperfine or --to hdr");
	return NULL;
}

const char *export_reader(const struct export_format *format)
{
	return format->reader;
}

static bool has_value(const struct exporter *exporter, const struct record *row)
{
	const struct export_request *request = exporter->request;

	return record_integer(row, COLUMN_messages) > 0 &&
	       record_integer(row, COLUMN_elapsed_ns) > 0 &&
	       (request->metric < 0 || record_has(row, request->metric)) &&
	       (request->format->needs < 0 ||
		record_has(row, request->format->needs));
}

/* Numbers the cells of a scenario. The scenario is the first part of a name. */
static void number_cell(struct exporter *exporter, size_t item)
{
	struct export_cell *cells = exporter->cells;
	size_t length = strcspn(cells[item].name, "/");

	for (size_t i = item; i-- > 0;) {
		if (strcspn(cells[i].name, "/") == length &&
		    strncmp(cells[i].name, cells[item].name, length) == 0) {
			cells[item].family = cells[i].family;
			cells[item].instance = cells[i].instance + 1;
			return;
		}
		if (cells[i].family >= cells[item].family)
			cells[item].family = cells[i].family + 1;
	}
}

/* Finds the cell by its name; adds it if it is new. */
static struct export_cell *find_cell(struct exporter *exporter,
				     const struct record *factors)
{
	char name[BENCH_NAME_MAX];
	struct export_cell *cell;
	uint32_t item;
	bool added;

	bench_name(factors, name);
	item = lookup_add(&exporter->lookup, name, strlen(name), &added);
	if (!added)
		return &exporter->cells[item];
	exporter->cells = array_grow(exporter->cells, item,
				     sizeof(*exporter->cells));
	cell = &exporter->cells[item];
	memset(cell, 0, sizeof(*cell));
	cell->name = strdup(name);
	if (!cell->name)
		abort();
	number_cell(exporter, item);
	return cell;
}

/* The row without its host if it belongs to the export. Returns false if it
 * does not. */
static bool is_wanted(const struct exporter *exporter, const struct record *row,
		      struct record *own)
{
	*own = *row;
	record_clear(own, COLUMN_host);
	return (!exporter->host ||
		strcmp(record_text(row, COLUMN_host), exporter->host) == 0) &&
	       (!exporter->request->cell || cell_match(&exporter->match, own));
}

static int note_host(const struct record *row, void *arg)
{
	struct exporter *exporter = arg;

	hosts_note(&exporter->hosts, row);
	return 0;
}

static int survey_row(const struct record *row, void *arg)
{
	struct exporter *exporter = arg;
	struct record own;

	if (!is_wanted(exporter, row, &own))
		return 0;
	if (exporter->counts->rows++ == 0)
		snprintf(exporter->started_at, MOMENT_MAX, "%.*s",
			 MOMENT_MAX - 1, record_text(row, COLUMN_started_at));
	if (row_may_be_compared(row) && !has_value(exporter, row)) {
		exporter->counts->incomplete++;
		exporter->set.sides[SIDE_BASELINE].rows++;
	} else {
		dataset_add_row(&exporter->set, SIDE_BASELINE, &own, -1);
	}
	return 0;
}

/* The name of an observation contains its core distance if its place has
 * several. */
static struct export_cell *cell_of(struct exporter *exporter,
				   const struct datum *datum)
{
	struct record factors = exporter->set.cells[datum->cell].factors;
	int64_t distance = dataset_distance(&exporter->set, datum);

	if (distance)
		record_set_integer(&factors, COLUMN_distance_ns, distance);
	return find_cell(exporter, &factors);
}

static int by_number(const void *a, const void *b)
{
	const struct datum *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

/* Finds the rows to export and puts them into the order of the file. */
static void choose_rows(struct exporter *exporter)
{
	struct dataset *set = &exporter->set;
	struct side *side = &set->sides[SIDE_BASELINE];

	dataset_sort(set);
	exporter->counts->superseded = side->superseded;
	for (size_t i = 0; i < dataset_cells(set); i++)
		exporter->counts->unverified +=
			set->cells[i].on[SIDE_BASELINE].unverified;
	if (side->count)
		qsort(side->data, side->count, sizeof(*side->data), by_number);
	for (size_t i = 0; i < side->count; i++) {
		exporter->counts->disturbed += !side->data[i].is_used;
		if (side->data[i].is_used)
			cell_of(exporter, &side->data[i])->repetitions++;
	}
}

static void follow_session(struct exporter *exporter, const char *session)
{
	if (exporter->written &&
	    strncmp(exporter->session, session, SESSION_MAX - 1) == 0)
		return;
	snprintf(exporter->session, SESSION_MAX, "%s", session);
	if (exporter->request->format->session)
		exporter->request->format->session(exporter);
}

/* A run that is still in progress may have written new rows since the first
 * pass. */
static int write_row(const struct record *row, void *arg)
{
	struct exporter *exporter = arg;
	const struct dataset *set = &exporter->set;
	const struct side *side = &set->sides[SIDE_BASELINE];
	const struct datum *next = &side->data[exporter->next];
	struct export_cell *cell;
	struct record own;

	if (!is_wanted(exporter, row, &own))
		return 0;
	if (exporter->next == side->count || next->number != exporter->number++)
		return 0;
	exporter->next++;
	if (!next->is_used)
		return 0;
	cell = cell_of(exporter, next);
	follow_session(exporter, record_text(row, COLUMN_session_id));
	exporter->request->format->row(exporter, cell, &own);
	cell->written++;
	exporter->written++;
	return 0;
}

/* The export reads the file twice, so a pipe is copied to a file first. */
static FILE *copy_of(FILE *pipe, const char *path, struct fault *fault)
{
	FILE *copy = tmpfile();
	char bytes[1 << 16];
	size_t length = 0;

	while (copy && (length = fread(bytes, 1, sizeof(bytes), pipe)) > 0)
		if (fwrite(bytes, 1, length, copy) != length)
			break;
	if (copy && length == 0 && !ferror(pipe) && fseek(copy, 0, 0) == 0)
		return copy;
	fault_set(fault, EXIT_DATA,
		  "cannot copy %.900s: %s; name the folder of a run", path,
		  strerror(errno));
	if (copy)
		fclose(copy);
	return NULL;
}

static FILE *open_results(const char *path, struct fault *fault)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	struct stat status;
	FILE *copy;

	if (!file) {
		fault_set(fault, EXIT_DATA,
			  "cannot read %.900s: %s; name a run's folder or its "
			  "results.csv",
			  path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) &&
	    file != stdin)
		return file;
	copy = copy_of(file, path, fault);
	if (file != stdin)
		fclose(file);
	return copy;
}

void export_format_counts(const struct export_counts *counts, char *text,
			  size_t size)
{
	const struct {
		size_t count;
		const char *what;
	} reasons[] = {
		{ counts->unverified, "not verified" },
		{ counts->superseded, "superseded" },
		{ counts->incomplete, "without a value" },
		{ counts->disturbed, "disturbed or measured again" },
		{ counts->torn, "incomplete at the end" },
	};
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].count && length < size)
			length += (size_t)snprintf(
				text + length, size - length, "%s%zu %s",
				length ? ", " : "", reasons[i].count,
				reasons[i].what);
}

static int nothing(const struct exporter *exporter, const char *path,
		   struct fault *fault)
{
	char why[128];

	if (exporter->request->cell && exporter->counts->rows == 0)
		return fault_set(fault, EXIT_USAGE,
				 "no cell of the run is \"%.200s\"; see "
				 "`ringbench report`",
				 exporter->request->cell);
	export_format_counts(exporter->counts, why, sizeof(why));
	return fault_set(fault, EXIT_DATA,
			 "%.700s: none of %zu rows can be exported%s%s; see "
			 "`ringbench report`",
			 path, exporter->counts->rows, *why ? ": " : "", why);
}

/* Checks that the format can express the chosen cells and metric. */
static int check_format(const struct exporter *exporter, struct fault *fault)
{
	const struct export_request *request = exporter->request;
	const struct column *column =
		request->metric < 0 ? NULL
				    : &results_schema.columns[request->metric];

	if (request->format->only_times && column &&
	    strcmp(column->unit, "ns") != 0)
		return fault_set(fault, EXIT_USAGE,
				 "--metric %s is not a time, but %s compares "
				 "only times; write --to go, or choose a "
				 "metric in ns such as cpu_ns",
				 column->name, request->format->reader);
	if (request->format == &export_hdr &&
	    (!column || !distribution_is_column(request->metric)))
		return fault_set(fault, EXIT_USAGE,
				 "--to hdr needs a column with histograms; "
				 "write, for example, --metric "
				 "wake_histogram");
	if (request->format != &export_hdr && column &&
	    column->type == TYPE_TEXT)
		return fault_set(fault, EXIT_USAGE,
				 "--metric %s contains texts; write --to hdr, "
				 "or choose a column with numbers",
				 column->name);
	return 0;
}

static int choose_host(struct exporter *exporter, struct fault *fault)
{
	json_t *facts;

	if (hosts_choose(&exporter->hosts, exporter->request->path,
			 exporter->request->host, &exporter->host, fault) != 0)
		return -1;
	if (!exporter->host)
		return 0;
	facts = json_incref(hosts_facts(exporter->facts, exporter->host));
	json_decref(exporter->facts);
	exporter->facts = facts;
	return 0;
}

static int export_file(struct exporter *exporter, FILE *file, const char *path,
		       struct fault *fault)
{
	const struct export_format *format = exporter->request->format;
	struct rows_end end;
	int error;

	if (rows_each_in(file, path, &results_schema, note_host, exporter, &end,
			 fault) != 0 ||
	    choose_host(exporter, fault) != 0)
		return -1;
	rewind(file);
	if (rows_each_in(file, path, &results_schema, survey_row, exporter,
			 &end, fault) != 0)
		return -1;
	exporter->counts->torn = end.torn_bytes > 0;
	rows_say_unknown(path, &end);
	choose_rows(exporter);
	if (exporter->lookup.count == 0)
		return nothing(exporter, path, fault);
	if (format->one_cell && exporter->lookup.count > 1)
		return fault_set(fault, EXIT_USAGE,
				 "--to %s exports one cell, but %u cells are "
				 "chosen; write, for example, --cell \"mutex "
				 "block\"",
				 format->name, exporter->lookup.count);
	rewind(file);
	format->begin(exporter);
	error = rows_each_in(file, path, &results_schema, write_row, exporter,
			     &end, fault);
	format->end(exporter);
	return error;
}

static int read_facts(struct exporter *exporter, char path[PATHS_MAX],
		      struct fault *fault)
{
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return 0;
	exporter->facts = run_read_json(path, fault);
	if (!exporter->facts)
		return -1;
	strncat(path, "/results.csv", PATHS_MAX - strlen(path) - 1);
	return 0;
}

int export_write(const struct export_request *request, FILE *to,
		 struct export_counts *counts, struct fault *fault)
{
	struct exporter exporter = { .request = request,
				     .to = to,
				     .counts = counts };
	char path[PATHS_MAX];
	FILE *file = NULL;
	int error = -1;

	memset(counts, 0, sizeof(*counts));
	if (check_format(&exporter, fault) != 0 ||
	    (request->cell &&
	     cell_match_parse(&exporter.match, request->cell, fault) != 0))
		return -1;
	dataset_init(&exporter.set, -1, NULL);
	snprintf(path, sizeof(path), "%s", request->path);
	if (read_facts(&exporter, path, fault) == 0)
		file = open_results(path, fault);
	if (file) {
		error = export_file(&exporter, file, path, fault);
		fclose(file);
	}
	for (uint32_t i = 0; i < exporter.lookup.count; i++) {
		free(exporter.cells[i].name);
		json_decref(exporter.cells[i].json);
		distribution_free(&exporter.cells[i].distribution);
	}
	free(exporter.cells);
	lookup_free(&exporter.lookup);
	dataset_free(&exporter.set);
	hosts_free(&exporter.hosts);
	json_decref(exporter.facts);
	return error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "roof.h"
#include "table_fields.h"
#include "text.h"

enum {
	CAPACITY_USUAL = 1023, /* goes without saying */
};

static const char *factor(const struct group *group, int column)
{
	return record_text(group->example, column);
}

static double median(const struct group *group, int column)
{
	return group_spread(group, column).median;
}

/* "1.2ms" for nanoseconds, "-" for none. */
static void format_time(double ns, char text[TABLE_CELL_MAX])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	int unit = 0;

	if (!isfinite(ns)) {
		snprintf(text, TABLE_CELL_MAX, "-");
		return;
	}
	while (ns >= 999.5 && unit < 3) {
		ns /= 1000;
		unit++;
	}
	snprintf(text, TABLE_CELL_MAX, "%.*f%s",
		 unit == 0 || ns >= 99.95 ? 0 : 1, ns, units[unit]);
}

static void format_rate(const struct group *group, char text[TABLE_CELL_MAX])
{
	struct spread rate = group_spread(group, COLUMN_throughput_msg_per_s);
	char number[TEXT_NUMBER_MAX], range[TEXT_NUMBER_MAX] = "";

	text_format_short(rate.median, number);
	if (rate.has_interval)
		snprintf(range, sizeof(range), "+-%.0f%%",
			 50 * (rate.high - rate.low) / rate.median);
	snprintf(text, TABLE_CELL_MAX, "%5s %-6s", number, range);
}

void field_rate_and_idle(const struct group *group, char text[TABLE_CELL_MAX])
{
	char rate[TABLE_CELL_MAX];

	snprintf(text, TABLE_CELL_MAX, "%*s", CELL_WIDTH, "-");
	if (!group ||
	    group_spread(group, COLUMN_throughput_msg_per_s).count == 0)
		return;
	format_rate(group, rate);
	snprintf(text, TABLE_CELL_MAX, "%.30s %4.0f%%", rate,
		 100 * median(group, COLUMN_idle_share));
}

static void idle(const struct group *group, char text[TABLE_CELL_MAX])
{
	double share = 100 * median(group, COLUMN_idle_share);

	snprintf(text, TABLE_CELL_MAX, isfinite(share) ? "%.0f%%" : "-", share);
}

static void wait(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%s", factor(group, COLUMN_wait));
}

static void backend(const struct group *group, char text[TABLE_CELL_MAX])
{
	int64_t capacity = record_integer(group->example, COLUMN_capacity);
	char bound[32] = "";

	if (capacity && capacity != CAPACITY_USUAL &&
	    strcmp(factor(group, COLUMN_scenario), "pingpong") == 0)
		snprintf(bound, sizeof(bound), "/%" PRId64, capacity);
	snprintf(text, TABLE_CELL_MAX, "%.30s%s", factor(group, COLUMN_backend),
		 bound);
}

static void placement(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%s", factor(group, COLUMN_placement));
}

/* "2x1", or "two queues", or "4+1". */
static void shape(const struct group *group, char text[TABLE_CELL_MAX])
{
	const struct record *row = group->example;

	if (record_has(row, COLUMN_stages))
		snprintf(text, TABLE_CELL_MAX, "%s",
			 factor(group, COLUMN_stages));
	else if (record_has(row, COLUMN_consumers))
		snprintf(text, TABLE_CELL_MAX, "%" PRId64 "x%" PRId64,
			 record_integer(row, COLUMN_producers),
			 record_integer(row, COLUMN_consumers));
	else
		snprintf(text, TABLE_CELL_MAX, "%" PRId64 " q",
			 record_integer(row, COLUMN_queues));
}

/* The same, and what makes it no usual one: "1x1*64:4096B". */
static void shape_and_freight(const struct group *group,
			      char text[TABLE_CELL_MAX])
{
	const struct record *row = group->example;
	char batch[TEXT_NUMBER_MAX] = "", payload[TEXT_NUMBER_MAX] = "";
	char own[TABLE_CELL_MAX];

	shape(group, own);
	if (record_integer(row, COLUMN_batch) > 1)
		snprintf(batch, sizeof(batch), "*%" PRId64,
			 record_integer(row, COLUMN_batch));
	if (record_has(row, COLUMN_batch) &&
	    record_integer(row, COLUMN_payload_bytes) > 8)
		snprintf(payload, sizeof(payload), ":%" PRId64 "B",
			 record_integer(row, COLUMN_payload_bytes));
	snprintf(text, TABLE_CELL_MAX, "%.20s%.20s%.20s", own, batch, payload);
}

static void batch(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%" PRId64,
		 record_integer(group->example, COLUMN_batch));
}

static void payload(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%" PRId64,
		 record_integer(group->example, COLUMN_payload_bytes));
}

static void ns_per_message(const struct group *group, char text[TABLE_CELL_MAX])
{
	char number[TEXT_NUMBER_MAX];

	text_format_short(1e9 / median(group, COLUMN_throughput_msg_per_s),
			  number);
	snprintf(text, TABLE_CELL_MAX, "%s", number);
}

static void of_roof(const struct group *group, char text[TABLE_CELL_MAX])
{
	double share = 100 * roof_share(group);
	char number[TEXT_NUMBER_MAX];

	text_format_short(share, number);
	if (!isfinite(share))
		snprintf(text, TABLE_CELL_MAX, "-");
	else if (share < 999.5)
		snprintf(text, TABLE_CELL_MAX, "%.*f%%", share < 9.95, share);
	else
		snprintf(text, TABLE_CELL_MAX, "%s%%", number);
}

/* Messages that the queue held at the most. */
static void room(const struct group *group, char text[TABLE_CELL_MAX])
{
	double usable = median(group, COLUMN_capacity_usable);

	if (usable > 0)
		snprintf(text, TABLE_CELL_MAX, "%.0f", usable);
	else
		snprintf(text, TABLE_CELL_MAX, "%s",
			 usable == 0 ? "no bound" : "-");
}

/* Of another program, its name as well. */
static void sync_kind(const struct group *group, char text[TABLE_CELL_MAX])
{
	const char *name = factor(group, COLUMN_backend);
	const char *kind = factor(group, COLUMN_sync);

	snprintf(text, TABLE_CELL_MAX, "%.30s%s%.30s",
		 strcmp(name, kind) ? name : "", strcmp(name, kind) ? "/" : "",
		 kind);
}

static void share(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%s", factor(group, COLUMN_share));
}

static void lock(const struct group *group, char text[TABLE_CELL_MAX])
{
	bool balance = strcmp(factor(group, COLUMN_work), "balance") == 0;

	snprintf(text, TABLE_CELL_MAX, "%s",
		 factor(group, balance ? COLUMN_work : COLUMN_lock));
}

static void threads(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%" PRId64,
		 record_integer(group->example, COLUMN_producers));
}

static void pause_time(const struct group *group, char text[TABLE_CELL_MAX])
{
	bool has = record_has(group->example, COLUMN_pause_ns);

	format_time(has ? record_number(group->example, COLUMN_pause_ns) : NAN,
		    text);
}

/* Of the updates that were made. */
static void lost(const struct group *group, char text[TABLE_CELL_MAX])
{
	bool balance = strcmp(factor(group, COLUMN_work), "balance") == 0;
	double made = median(group, COLUMN_messages) * (balance ? 1 : 3);
	double share = 100 * median(group, COLUMN_lost_updates) / made;

	snprintf(text, TABLE_CELL_MAX, share > 0 ? "%.2g%%" : "0", share);
}

static void torn(const struct group *group, char text[TABLE_CELL_MAX])
{
	double reads = median(group, COLUMN_torn_reads);

	snprintf(text, TABLE_CELL_MAX, isfinite(reads) ? "%.0f" : "-", reads);
}

static void event(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%s", factor(group, COLUMN_event));
}

static void wake_p50(const struct group *group, char text[TABLE_CELL_MAX])
{
	format_time(median(group, COLUMN_wake_p50_ns), text);
}

static void wake_p99(const struct group *group, char text[TABLE_CELL_MAX])
{
	format_time(median(group, COLUMN_wake_p99_ns), text);
}

static void source(const struct group *group, char text[TABLE_CELL_MAX])
{
	bool look = strcmp(factor(group, COLUMN_claim), "look") == 0;

	snprintf(text, TABLE_CELL_MAX, "%.30s%s", factor(group, COLUMN_source),
		 look ? "/look" : "");
}

static void stages(const struct group *group, char text[TABLE_CELL_MAX])
{
	snprintf(text, TABLE_CELL_MAX, "%s", factor(group, COLUMN_stages));
}

/* That of most of the rounds; the first one where they differ. */
static void bottleneck(const struct group *group, char text[TABLE_CELL_MAX])
{
	size_t most = 0;

	snprintf(text, TABLE_CELL_MAX, "-");
	for (size_t i = 0; i < group->count; i++) {
		const char *name = record_text(group->members[i],
					       COLUMN_bottleneck);
		size_t same = 0;

		for (size_t j = 0; j < group->count; j++)
			same += strcmp(record_text(group->members[j],
						   COLUMN_bottleneck),
				       name) == 0;
		if (*name && same > most) {
			most = same;
			snprintf(text, TABLE_CELL_MAX, "%.40s", name);
		}
	}
}

static void stop(const struct group *group, char text[TABLE_CELL_MAX])
{
	bool empty = strcmp(factor(group, COLUMN_until), "empty") == 0;

	snprintf(text, TABLE_CELL_MAX, "%s",
		 empty ? "empty" : factor(group, COLUMN_stop));
}

/* "1ms:500us": a producer's pace and a consumer's rest. */
static void pace(const struct group *group, char text[TABLE_CELL_MAX])
{
	static const int columns[] = { COLUMN_produce_every_ns,
				       COLUMN_consume_every_ns };
	char times[2][TEXT_NUMBER_MAX];

	for (int i = 0; i < 2; i++) {
		snprintf(times[i], TEXT_NUMBER_MAX, "-");
		if (record_has(group->example, columns[i]))
			text_format_duration(
				record_integer(group->example, columns[i]),
				times[i]);
	}
	snprintf(text, TABLE_CELL_MAX, "%.20s:%.20s", times[0], times[1]);
	if (strcmp(text, "-:-") == 0)
		text[1] = '\0';
}

static void left_over(const struct group *group, char text[TABLE_CELL_MAX])
{
	char number[TEXT_NUMBER_MAX];

	text_format_short(median(group, COLUMN_left_over), number);
	snprintf(text, TABLE_CELL_MAX, "%s", number);
}

static void stop_time(const struct group *group, char text[TABLE_CELL_MAX])
{
	format_time(median(group, COLUMN_stop_ns), text);
}

#define LABELS                                              \
	{ "wait", -12, wait }, { "backend", -13, backend }, \
	{                                                   \
		"placement", -9, placement                  \
	}
#define END                   \
	{                     \
		NULL, 0, NULL \
	}

const struct field label_fields[] = { LABELS, END };

static const struct field stream_fields[] = {
	LABELS,
	{ " PxC", 5, shape },
	{ "msg/s        idle", CELL_WIDTH + 1, field_rate_and_idle },
	{ "ns/message", 11, ns_per_message },
	{ "room", 9, room },
	END,
};

const struct field freight_fields[] = {
	LABELS,
	{ " PxC", 5, shape },
	{ "batch", 6, batch },
	{ "bytes", 6, payload },
	{ "msg/s        idle", CELL_WIDTH + 1, field_rate_and_idle },
	{ "room", 9, room },
	END,
};

/* The same and the roof; at the right there is just enough room for it. */
static const struct field stream_roof_fields[] = {
	LABELS,
	{ " PxC", 5, shape },
	{ "msg/s       ", 13, format_rate },
	{ "idle", 5, idle },
	{ "ns", 6, ns_per_message },
	{ "of roof", 8, of_roof },
	{ "room", 9, room },
	END,
};

const struct field pingpong_roof_fields[] = {
	LABELS,
	{ "msg/s        idle", CELL_WIDTH + 1, field_rate_and_idle },
	{ "ns", 7, ns_per_message },
	{ "of roof", 9, of_roof },
	END,
};

static const struct field counter_fields[] = {
	{ "sync", -13, sync_kind },
	{ "share", -10, share },
	{ "lock", -8, lock },
	{ "placement", -9, placement },
	{ " N", 3, threads },
	{ "pause", 6, pause_time },
	{ "op/s       ", 14, format_rate },
	{ "lost", 7, lost },
	{ "torn", 6, torn },
	END,
};

static const struct field handshake_fields[] = {
	LABELS,
	{ " event", 8, event },
	{ "PxC", 5, shape },
	{ "msg/s        idle", CELL_WIDTH + 1, field_rate_and_idle },
	{ "p50", 7, wake_p50 },
	{ "p99", 7, wake_p99 },
	END,
};

static const struct field pipeline_fields[] = {
	LABELS,
	{ "source", 10, source },
	{ "stages", 8, stages },
	{ "pages/s      idle", CELL_WIDTH + 1, field_rate_and_idle },
	{ "busiest", 9, bottleneck },
	END,
};

const struct field end_fields[] = {
	LABELS,
	{ "shape", -6, shape_and_freight },
	{ "stop", 9, stop },
	{ "pace", 11, pace },
	{ "left over", 10, left_over },
	{ "to stop", 9, stop_time },
	END,
};

const struct field *fields_of(const char *scenario, bool roof)
{
	static const struct {
		const char *scenario;
		const struct field *fields;
	} known[] = {
		{ "counter", counter_fields },
		{ "handshake", handshake_fields },
		{ "pipeline", pipeline_fields },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].scenario, scenario) == 0)
			return known[i].fields;
	return roof ? stream_roof_fields : stream_fields;
}

void fields_print_head(const struct field *fields, FILE *to)
{
	for (; fields->title; fields++)
		fprintf(to, "%*s", fields->width, fields->title);
	fputc('\n', to);
}

/* A text that is too long takes from the blanks of the next one; how much. */
static int print_field(const char *text, int width, int late, FILE *to)
{
	int room = (width < 0 ? -width : width) - late;
	int length = (int)strlen(text);

	if (length >= room && width < 0) {
		fprintf(to, "%s ", text);
		return length + 1 - room;
	}
	fprintf(to, "%*s", width < 0 ? -room : room, text);
	return length > room ? length - room : 0;
}

void fields_print(const struct field *fields, const struct group *group,
		  const char **wait_before, FILE *to)
{
	const char *own = factor(group, COLUMN_wait);
	int late = 0; /* columns that a long text took from the next field */

	for (; fields->title; fields++) {
		char text[TABLE_CELL_MAX];

		fields->format(group, text);
		if (fields->format == wait && strcmp(own, *wait_before) == 0)
			text[0] = '\0';
		late = print_field(text, fields->width, late, to);
	}
	*wait_before = own;
}

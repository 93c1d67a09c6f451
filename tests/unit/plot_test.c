/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drawing a run: what gnuplot is given, and that neither it nor a hostile
 * name is trusted. Runs from the top of the repository, where plots/ is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "gnuplot.h"
#include "plot.h"
#include "results.h"

static const char scripts[] = "plots";
static const struct plot_caption plain = {
	.machine = "a machine",
	.plan = "a plan",
	.revision = "abc123",
	.date = "2025-11-21",
	.rounds = 6,
};

/* A folder for a run, and the PATH to go back to. */
struct run {
	char dir[32];
	char *path;
	int results;
};

static int make_run(void **state)
{
	struct run *run = calloc(1, sizeof(*run));
	struct fault fault;

	assert_non_null(run);
	strcpy(run->dir, "/tmp/plot_test.XXXXXX");
	assert_non_null(mkdtemp(run->dir));
	run->path = strdup(getenv("PATH"));
	run->results = results_open(run->dir, &results_schema, &fault);
	assert_true(run->results >= 0);
	*state = run;
	return 0;
}

static int remove_run(void **state)
{
	struct run *run = *state;
	char command[128];

	setenv("PATH", run->path, 1);
	close(run->results);
	snprintf(command, sizeof(command), "rm -rf %s", run->dir);
	assert_int_equal(system(command), 0);
	free(run->path);
	free(run);
	return 0;
}

static struct record observation(const char *backend, const char *wait,
				 int queues, double throughput)
{
	static int sessions;
	char session[16];
	struct record row;

	record_init(&row, &results_schema);
	snprintf(session, sizeof(session), "%d", ++sessions);
	record_set_text(&row, COLUMN_session_id, session);
	record_set_text(&row, COLUMN_scenario, "pingpong");
	record_set_text(&row, COLUMN_backend, backend);
	record_set_text(&row, COLUMN_wait, wait);
	record_set_integer(&row, COLUMN_queues, queues);
	record_set_text(&row, COLUMN_placement, "same-cpu");
	record_set_text(&row, COLUMN_status, "ok");
	record_set_integer(&row, COLUMN_verified, 1);
	record_set_real(&row, COLUMN_throughput_msg_per_s, throughput);
	return row;
}

static void append(const struct run *run, const struct record *row)
{
	struct fault fault;

	assert_int_equal(results_append(run->results, row, &fault), 0);
}

static void add(const struct run *run, const char *backend, const char *wait,
		int queues, double throughput)
{
	struct record row = observation(backend, wait, queues, throughput);

	append(run, &row);
}

/* Puts a script named gnuplot before everything else in PATH. */
static void fake_gnuplot(const struct run *run, const char *body)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/gnuplot", run->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", body);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", run->dir);
	setenv("PATH", path, 1);
}

static bool exists(const struct run *run, const char *name)
{
	char path[256];
	struct stat found;

	snprintf(path, sizeof(path), "%s/%s", run->dir, name);
	return lstat(path, &found) == 0;
}

/* A table or picture as one text; the test frees it. */
static char *content(const struct run *run, const char *name)
{
	char path[256], *text = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/plots/%s", run->dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(getdelim(&text, &room, '\0', file) > 0);
	fclose(file);
	return text;
}

static void assert_content(const struct run *run, const char *name,
			   const char *wanted)
{
	char *text = content(run, name);

	if (!strstr(text, wanted))
		fail_msg("%s has no \"%s\":\n%s", name, wanted, text);
	free(text);
}

static int draw(const struct run *run, const struct plot_caption *caption,
		struct plot_pictures *pictures, struct fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	return plot_run(run->dir, scripts, caption, pictures, fault);
}

/* Writes the tables only, as a run without gnuplot does. */
static void write_tables(const struct run *run)
{
	struct plot_pictures pictures;
	struct fault fault;

	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_CHILD);
}

static void missing_gnuplot_is_said_and_the_tables_stay(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;
	struct record row = observation("mutex", "poll", 1, 10);

	add(run, "mutex", "poll", 2, 250);
	record_set_text(&row, COLUMN_scenario, "stream");
	append(run, &row);
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_CHILD);
	assert_non_null(strstr(fault.text, "gnuplot is not installed"));
	assert_non_null(strstr(fault.text, "make deps"));
	assert_non_null(strstr(fault.text, run->dir));
	assert_int_equal(pictures.count, 0);
	assert_true(exists(run, "plots/pingpong/cells.dat"));
	assert_true(exists(run, "plots/stream/idle.dat"));
}

static void picture_that_was_cut_off_is_refused(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;

	add(run, "mutex", "poll", 2, 250);
	fake_gnuplot(run, "printf '<svg><g>' >picture.$4");
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_non_null(strstr(fault.text, "incomplete"));
	assert_int_equal(pictures.count, 0);
	assert_false(exists(run, "plots/pingpong-throughput.svg"));
	assert_false(exists(run, "plots/pingpong/picture.svg"));
}

static void picture_of_an_earlier_run_does_not_pass_for_a_new_one(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;
	char path[128];
	FILE *file;

	add(run, "mutex", "poll", 2, 250);
	write_tables(run);
	snprintf(path, sizeof(path), "%s/plots/pingpong/picture.svg", run->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("<svg></svg>\n", file);
	fclose(file);
	fake_gnuplot(run, "exit 0");
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_OUTPUT);
	assert_false(exists(run, "plots/pingpong-throughput.svg"));
}

static void complaint_of_gnuplot_becomes_one_line(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;

	add(run, "mutex", "poll", 2, 250);
	fake_gnuplot(run, "echo first >&2; echo 'no such terminal' >&2;"
			  "echo >&2; exit 1");
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_CHILD);
	assert_non_null(strstr(fault.text, ": no such terminal;"));
	assert_null(strchr(fault.text, '\n'));
}

static void endless_complaint_of_gnuplot_is_cut(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;

	add(run, "mutex", "poll", 2, 250);
	fake_gnuplot(run, "head -c 100000 /dev/zero | tr '\\0' x >&2; "
			  "echo >&2; echo 'the end' >&2; exit 1");
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_non_null(strstr(fault.text, ": the end;"));
}

static bool ends_well(const struct run *run, const char *bytes, size_t length,
		      enum gnuplot_format format)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/picture", run->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return gnuplot_complete(path, format);
}

static void whole_pictures_are_told_by_their_ends(void **state)
{
	static const char png[] = "....IEND\xae\x42\x60\x82";

	assert_true(ends_well(*state, "<svg></svg>\n\n", 13, GNUPLOT_SVG));
	assert_false(ends_well(*state, "<svg></svg", 10, GNUPLOT_SVG));
	assert_false(ends_well(*state, "</svg><g>", 9, GNUPLOT_SVG));
	assert_true(ends_well(*state, png, 12, GNUPLOT_PNG));
	assert_false(ends_well(*state, png, 11, GNUPLOT_PNG));
	assert_true(ends_well(*state, "......%%EOF\n", 12, GNUPLOT_PDF));
	assert_false(ends_well(*state, "", 0, GNUPLOT_PDF));
	assert_false(gnuplot_complete("/nonexistent", GNUPLOT_PDF));
}

static bool have_gnuplot(void)
{
	return system("gnuplot --version >/dev/null 2>&1") == 0;
}

static void every_scenario_gets_two_whole_pictures(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;
	struct record row = observation("null", "poll", 1, 8e8);

	if (!have_gnuplot())
		skip();
	add(run, "mutex", "poll", 2, 250);
	record_set_text(&row, COLUMN_scenario, "unheard_of");
	record_clear(&row, COLUMN_verified);
	append(run, &row);
	if (draw(run, &plain, &pictures, &fault))
		fail_msg("%s", fault.text);
	assert_int_equal(pictures.count, 4);
	assert_string_equal(pictures.names[0], "pingpong-throughput");
	assert_string_equal(pictures.names[3], "unheard_of-idle");
	assert_true(exists(run, "plots/pingpong-throughput.svg"));
	assert_true(exists(run, "plots/pingpong-throughput.png"));
	assert_true(exists(run, "plots/unheard_of-idle.pdf"));
}

static void run_without_a_good_observation_is_drawn_too(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;
	struct record row = observation("mutex", "poll", 2, 0);

	if (!have_gnuplot())
		skip();
	record_set_text(&row, COLUMN_status, "hung");
	record_clear(&row, COLUMN_throughput_msg_per_s);
	append(run, &row);
	if (draw(run, &plain, &pictures, &fault))
		fail_msg("%s", fault.text);
	assert_content(run, "pingpong/cells.dat", "\"none !\"");
}

static void hostile_names_are_never_run(void **state)
{
	const struct run *run = *state;
	struct plot_caption caption = { .rounds = 1 };
	struct plot_pictures pictures;
	struct fault fault;
	char name[128];

	if (!have_gnuplot())
		skip();
	snprintf(name, sizeof(name), "`touch %s/ran`\"'%%s_{}^@ARG1\\",
		 run->dir);
	strcpy(caption.plan, name);
	snprintf(caption.machine, sizeof(caption.machine),
		 "$(touch %s/ran)\t\n\xff", run->dir);
	snprintf(caption.revision, sizeof(caption.revision), "|touch %s/ran",
		 run->dir);
	strcpy(caption.date, "<script>");
	add(run, name, "'<touch ran'", 2, 250);
	add(run, "');alert(1);('", "\"onload=\"alert(1)", 2, 250);
	if (draw(run, &caption, &pictures, &fault))
		fail_msg("%s", fault.text);
	assert_false(exists(run, "ran"));
	assert_false(exists(run, "plots/pingpong/ran"));
	assert_content(run, "pingpong-throughput.svg", "showHypertext(evt,'b");
	assert_content(run, "pingpong-throughput.svg", "&lt;script>");
	assert_content(run, "pingpong-throughput.svg", "\u2019);alert(1);(");
}

static void scenario_that_is_a_path_is_refused(void **state)
{
	const struct run *run = *state;
	struct plot_pictures pictures;
	struct fault fault;
	struct record row = observation("mutex", "poll", 2, 250);

	record_set_text(&row, COLUMN_scenario, "../../escaped");
	append(run, &row);
	assert_int_equal(draw(run, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
}

static void run_without_observations_is_refused(void **state)
{
	struct plot_pictures pictures;
	struct fault fault;

	assert_int_equal(draw(*state, &plain, &pictures, &fault), -1);
	assert_int_equal(fault.exit_code, EXIT_DATA);
}

static void link_in_place_of_a_table_is_not_followed(void **state)
{
	const struct run *run = *state;
	char victim[128], link[128];

	add(run, "mutex", "poll", 2, 250);
	write_tables(run);
	snprintf(victim, sizeof(victim), "%s/victim", run->dir);
	snprintf(link, sizeof(link), "%s/plots/pingpong/cells.dat", run->dir);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink(victim, link), 0);
	write_tables(run);
	assert_false(exists(run, "victim"));
}

static void cells_have_median_interval_and_tooltip(void **state)
{
	const struct run *run = *state;

	for (int i = 1; i <= 6; i++)
		add(run, "mutex", "poll", 2, 100 * i);
	write_tables(run);
	/* Of 6 values the extremes hold the median with 96.9 %. */
	assert_content(run, "pingpong/cells.dat",
		       "\n0\t2\t350\t100\t600\t0\t0\t\"350\"\t\"backend mutex, "
		       "wait poll, queues 2, placement same-cpu");
	assert_content(run, "pingpong/cells.dat",
		       "95 % interval 100 to 600\\n6 observations\"");
	assert_content(run, "pingpong/dots.dat", "\n0\t2\t600\t0\t0\t");
	assert_content(run, "pingpong/facets.dat",
		       "\"same-cpu: all threads on one CPU\"");
	assert_content(run, "pingpong/caption.dat",
		       "\"a machine\"\t\"a plan\"\t6\t\"abc123\"");
}

static void failed_observations_are_left_out_and_marked(void **state)
{
	const struct run *run = *state;
	struct record row = observation("mutex", "poll", 2, 9e9);

	add(run, "mutex", "poll", 2, 100);
	record_set_integer(&row, COLUMN_verified, 0);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/cells.dat", "\t100\tnan\tnan\t");
	assert_content(run, "pingpong/cells.dat", "\"100 !\"");
	assert_content(run, "pingpong/cells.dat", "and 1 left out");
}

static void rows_go_from_poll_to_timeout_and_panels_by_queues(void **state)
{
	const struct run *run = *state;

	add(run, "mutex", "timeout:1ms", 2, 1);
	add(run, "mutex", "block", 10, 1);
	add(run, "mutex", "poll", 2, 1);
	add(run, "ck_spsc", "poll", 2, 1);
	write_tables(run);
	assert_content(run, "pingpong/bands.dat",
		       "0\t1.5\t3.5\t\"poll\"\n1\t3.5\t4.5\t\"block\"\n"
		       "2\t4.5\t5.5\t\"timeout:1ms\"\n");
	assert_content(run, "pingpong/rows.dat",
		       "\"ck_spsc\"\n1\t2.5\t3.5\t\"mutex\"");
	assert_content(run, "pingpong/panels.dat", "\"2 queues\"\n1\t");
	assert_content(run, "pingpong/panels.dat", "\"10 queues\"");
	assert_content(run, "pingpong/absent.dat",
		       "\n0\t4\n1\t2\n1\t3\n1\t5\n");
}

static void factors_without_a_place_are_named_where_they_differ(void **state)
{
	const struct run *run = *state;
	struct record row = observation("mutex", "poll", 2, 1);

	record_set_integer(&row, COLUMN_payload_bytes, 8);
	record_set_integer(&row, COLUMN_capacity, 1023);
	append(run, &row);
	record_set_integer(&row, COLUMN_payload_bytes, 64);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/facets.dat",
		       "CPU, payload_bytes 8\"\n1\t");
	assert_content(run, "pingpong/facets.dat", "CPU, payload_bytes 64\"");
}

static void floors_come_first_and_draw_a_line(void **state)
{
	const struct run *run = *state;
	struct record row = observation("line", "poll", 2, 500);

	add(run, "ck_spsc", "poll", 2, 1);
	record_clear(&row, COLUMN_verified);
	append(run, &row);
	write_tables(run);
	assert_content(run, "pingpong/bands.dat", "0\t1.5\t2.5\t\"floor\"");
	assert_content(run, "pingpong/floors.dat", "500\t1.5\t3.5\t\"line\"");
}

#define RUN_TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_run, remove_run)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(missing_gnuplot_is_said_and_the_tables_stay),
		RUN_TEST(picture_that_was_cut_off_is_refused),
		RUN_TEST(picture_of_an_earlier_run_does_not_pass_for_a_new_one),
		RUN_TEST(complaint_of_gnuplot_becomes_one_line),
		RUN_TEST(endless_complaint_of_gnuplot_is_cut),
		RUN_TEST(whole_pictures_are_told_by_their_ends),
		RUN_TEST(every_scenario_gets_two_whole_pictures),
		RUN_TEST(run_without_a_good_observation_is_drawn_too),
		RUN_TEST(hostile_names_are_never_run),
		RUN_TEST(scenario_that_is_a_path_is_refused),
		RUN_TEST(run_without_observations_is_refused),
		RUN_TEST(link_in_place_of_a_table_is_not_followed),
		RUN_TEST(cells_have_median_interval_and_tooltip),
		RUN_TEST(failed_observations_are_left_out_and_marked),
		RUN_TEST(rows_go_from_poll_to_timeout_and_panels_by_queues),
		RUN_TEST(factors_without_a_place_are_named_where_they_differ),
		RUN_TEST(floors_come_first_and_draw_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

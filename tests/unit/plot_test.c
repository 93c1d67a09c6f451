/* SPDX-License-Identifier: BSD-2-Clause */
/* Drawing a run: neither gnuplot nor a hostile name is trusted. */
#include "plot_run.h"
#include "gnuplot.h"

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

static void missing_gnuplot_is_reported_and_the_tables_stay(void **state)
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

static void truncated_picture_is_refused(void **state)
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

static void picture_of_an_earlier_run_is_not_accepted(void **state)
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

static void error_of_gnuplot_becomes_one_line(void **state)
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

static void long_error_of_gnuplot_is_truncated(void **state)
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

static void complete_pictures_are_recognised_by_their_ends(void **state)
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

static void every_scenario_gets_two_complete_pictures(void **state)
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
	assert_false(exists(run, "plots/run-order.svg"));
	assert_true(exists(run, "plots/pingpong-throughput.svg"));
	assert_true(exists(run, "plots/pingpong-throughput.png"));
	assert_true(exists(run, "plots/unheard_of-idle.pdf"));
}

static void run_with_only_failed_observations_is_drawn(void **state)
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

static void hostile_names_are_never_executed(void **state)
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
	assert_no_content(run, "pingpong-throughput.svg", "<script");
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

static void symbolic_link_instead_of_a_table_is_not_followed(void **state)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(missing_gnuplot_is_reported_and_the_tables_stay),
		RUN_TEST(truncated_picture_is_refused),
		RUN_TEST(picture_of_an_earlier_run_is_not_accepted),
		RUN_TEST(error_of_gnuplot_becomes_one_line),
		RUN_TEST(long_error_of_gnuplot_is_truncated),
		RUN_TEST(complete_pictures_are_recognised_by_their_ends),
		RUN_TEST(every_scenario_gets_two_complete_pictures),
		RUN_TEST(run_with_only_failed_observations_is_drawn),
		RUN_TEST(hostile_names_are_never_executed),
		RUN_TEST(scenario_that_is_a_path_is_refused),
		RUN_TEST(run_without_observations_is_refused),
		RUN_TEST(symbolic_link_instead_of_a_table_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

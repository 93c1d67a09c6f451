/* SPDX-License-Identifier: BSD-2-Clause */
/* Times at which messages are due, and latencies of made-up windows, compared
 * with theory. */
#pragma GCC diagnostic ignored                                              \
	"-Wunused-function" /* functions of the scenario that the test does \
			       not use */
#include "stream_latency.h"

#include "verification_rig.h"

enum {
	GAP_NS = 1000000, /* 1,000 messages a second */
	COUNT = 1000,
};

static struct latencies latencies;

static struct schedule schedule_of(int64_t arrivals, double gap_ns,
				   int producer, int64_t producers)
{
	struct schedule schedule;

	schedule_init(&schedule, arrivals, gap_ns, producer, producers);
	return schedule;
}

static void
constant_arrivals_are_one_gap_apart_and_producers_take_turns(void **state)
{
	struct schedule first = schedule_of(ARRIVALS_CONSTANT, 1000, 0, 2);
	struct schedule second = schedule_of(ARRIVALS_CONSTANT, 1000, 1, 2);

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(schedule_next(&first), 1000 * i);
		assert_int_equal(schedule_next(&second), 1000 * i + 500);
	}
}

static void a_burst_is_due_at_once(void **state)
{
	struct schedule schedule = schedule_of(ARRIVALS_BURST + 2, 1000, 0,
					       1); /* burst:3 */
	const int64_t due[] = { 0, 0, 0, 3000, 3000, 3000, 6000 };

	(void)state;
	for (int i = 0; i < 7; i++)
		assert_int_equal(schedule_next(&schedule), due[i]);
}

/* Mean and standard deviation of exponential gaps are equal. */
static void poisson_arrivals_have_exponential_gaps(void **state)
{
	struct schedule schedule = schedule_of(ARRIVALS_POISSON, 1000, 0, 1);
	double sum = 0, squares = 0, gap, mean;
	int64_t last = 0, next;
	const int count = 100000;

	(void)state;
	for (int i = 0; i < count; i++) {
		next = schedule_next(&schedule);
		gap = (double)(next - last);
		assert_true(gap >= 0);
		sum += gap;
		squares += gap * gap;
		last = next;
	}
	mean = sum / count;
	assert_true(mean > 985 && mean < 1015);
	assert_true(fabs(sqrt(squares / count - mean * mean) / mean - 1) <
		    0.02);
}

static void
the_schedule_is_a_function_of_the_producer_and_the_number(void **state)
{
	struct schedule one = schedule_of(ARRIVALS_POISSON, 1000, 3, 4);
	struct schedule same = schedule_of(ARRIVALS_POISSON, 1000, 3, 4);
	struct schedule other = schedule_of(ARRIVALS_POISSON, 1000, 2, 4);
	int equal = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		int64_t due = schedule_next(&one);

		assert_int_equal(due, schedule_next(&same));
		equal += due == schedule_next(&other);
	}
	assert_true(equal < 5);
}

/* A window of COUNT messages that starts at 1 s; nothing is popped yet. */
static struct pace *window(void)
{
	struct pace *paces;

	set_up("scenario stream\nbackend mutex\nwait spin\nplacement any\n"
	       "rate 1000\nduration 1s\nend\n");
	paces = rig.state;
	paces[0].start_ns = RINGBENCH_NS_PER_S;
	rig.request_ns = 2 * RINGBENCH_NS_PER_S;
	memset(&latencies, 0, sizeof(latencies));
	return paces;
}

/* The message is sent and popped at these times after it was due. */
static void passes(struct pace *paces, int number, int64_t sent_ns,
		   int64_t popped_ns)
{
	int64_t due_ns = paces[0].start_ns + (int64_t)number * GAP_NS;

	paces[0].sent[paces[0].count++] = due_ns + sent_ns;
	paces[1].popped[paces[1].count++] =
		(struct popped){ WORD(0, number + 1), due_ns + popped_ns };
}

static uint64_t quantile(const struct histogram *histogram, unsigned per_mille)
{
	return histogram_quantile(histogram, per_mille);
}

static void
latency_counts_from_the_time_at_which_a_message_was_due(void **state)
{
	struct pace *paces = window();

	(void)state;
	for (int i = 0; i < COUNT; i++)
		passes(paces, i, 2000, 5000);
	latencies_make(&rig, &latencies);
	assert_int_equal(latencies.due.count, COUNT + 1);
	assert_int_equal(quantile(&latencies.due, 500), 5000);
	assert_int_equal(quantile(&latencies.sent, 500), 3000);
	assert_int_equal(latencies.latest_ns, 2000);
	assert_int_equal(latencies.late, 0); /* less than a tenth of the gap */
}

/*
 * Producers and consumer stop for 100 ms. Meanwhile 100 messages are due, which
 * wait for 100, 99, 98 ... ms. A tenth of all messages of the second waits for
 * longer than 1 us, so the 95th percentile is 50 ms.
 */
static void a_stall_of_100_ms_shows_in_the_percentiles(void **state)
{
	struct pace *paces = window();

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		int64_t held = i >= 500 && i < 600 ? (600 - i) * GAP_NS : 0;

		passes(paces, i, held, held + 1000);
	}
	latencies_make(&rig, &latencies);
	assert_int_equal(quantile(&latencies.due, 500), 1000);
	assert_in_range(quantile(&latencies.due, 950), 48000000, 52000000);
	assert_in_range(quantile(&latencies.due, 990), 88000000, 92000000);
	assert_in_range(latencies.due.max_ns, 100000000, 100002000);
	/* Counted from the time of sending, the stall is invisible. */
	assert_int_equal(quantile(&latencies.sent, 999), 1000);
	assert_int_equal(latencies.late, 100);
	assert_int_equal(latencies.latest_ns, 100 * GAP_NS);
}

/* The consumer stops at 900 ms and never pops the messages that are due
 * afterwards. */
static void messages_that_never_arrive_have_waited_until_the_end(void **state)
{
	struct pace *paces = window();

	(void)state;
	for (int i = 0; i < 900; i++)
		passes(paces, i, 0, 1000);
	latencies_make(&rig, &latencies);
	assert_int_equal(latencies.offered, COUNT + 1);
	assert_int_equal(latencies.due.count, COUNT + 1);
	assert_int_equal(latencies.sent.count, 900);
	assert_in_range(latencies.due.max_ns, 100000000, 100000001);
	assert_in_range(quantile(&latencies.due, 950), 49000000, 51500000);
}

static void words_that_were_not_sent_have_no_latency(void **state)
{
	struct pace *paces = window();

	(void)state;
	passes(paces, 0, 0, 1000);
	passes(paces, 1, 0, 1000);
	paces[1].popped[0].word = WORD(63, 1);
	paces[1].popped[1].word = WORD(0, 500000);
	latencies_make(&rig, &latencies);
	assert_int_equal(latencies.sent.count, 0);
}

/* One server, constant service times, random arrivals: M/D/1. */
static void
waiting_times_of_a_random_load_are_those_of_an_m_d_1_queue(void **state)
{
	struct schedule schedule = schedule_of(ARRIVALS_POISSON, 1000, 0, 1);
	const int64_t service_ns = 700; /* utilisation 0.7 */
	const int count = 400000;
	double sum = 0, mean, theory;
	int64_t free_ns = 0;

	(void)state;
	for (int i = 0; i < count; i++) {
		int64_t due_ns = schedule_next(&schedule);

		free_ns = (free_ns > due_ns ? free_ns : due_ns) + service_ns;
		sum += (double)(free_ns - due_ns);
	}
	mean = sum / count;
	/* Pollaczek and Khinchine */
	theory = (double)service_ns * (1 + 0.7 / (2 * (1 - 0.7)));
	assert_true(fabs(mean / theory - 1) < 0.02);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			constant_arrivals_are_one_gap_apart_and_producers_take_turns),
		cmocka_unit_test(a_burst_is_due_at_once),
		cmocka_unit_test(poisson_arrivals_have_exponential_gaps),
		cmocka_unit_test(
			the_schedule_is_a_function_of_the_producer_and_the_number),
		cmocka_unit_test(
			latency_counts_from_the_time_at_which_a_message_was_due),
		cmocka_unit_test(a_stall_of_100_ms_shows_in_the_percentiles),
		cmocka_unit_test(
			messages_that_never_arrive_have_waited_until_the_end),
		cmocka_unit_test(words_that_were_not_sent_have_no_latency),
		cmocka_unit_test(
			waiting_times_of_a_random_load_are_those_of_an_m_d_1_queue),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's accounting of a thread. The tests check only lower bounds,
 * because a busy machine makes every time longer.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "account.h"
#include "host_files.h"
#include "ringbench_clock.h"

enum {
	PAGES = 16,
};

static void use_cpu(int64_t ns)
{
	int64_t end = ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) + ns;

	while (ringbench_clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static void sleep_ns(int64_t ns)
{
	struct timespec left = ringbench_timespec(ns);

	/* Sleeps for a relative time, so that a late thread sleeps, too. */
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left))
		;
}

static void a_busy_thread_has_used_its_cpu(void **state)
{
	int schedstat = host_open_schedstat();
	struct account account;
	int64_t before = ringbench_now_ns();

	(void)state;
	account_start(&account, schedstat);
	use_cpu(20 * RINGBENCH_NS_PER_MS);
	account_stop(&account, schedstat);
	close(schedstat);
	assert_true(account.cpu_ns >= 20 * RINGBENCH_NS_PER_MS);
	assert_true(account.elapsed_ns >= 20 * RINGBENCH_NS_PER_MS);
	assert_true(account.start_ns >= before);
	assert_true(account.start_ns + account.elapsed_ns <=
		    ringbench_now_ns());
	/* The ratio of these two splits the exact time. */
	assert_true(account.user_ns + account.sys_ns > 0);
}

static void a_sleeping_thread_uses_no_cpu_time(void **state)
{
	int schedstat = host_open_schedstat();
	struct account account;

	(void)state;
	account_start(&account, schedstat);
	sleep_ns(5 * RINGBENCH_NS_PER_MS);
	account_stop(&account, schedstat);
	close(schedstat);
	assert_true(account.elapsed_ns >= 5 * RINGBENCH_NS_PER_MS);
	assert_true(account.vol_switches >= 1);
	assert_true(account.cpu_ns >= 0);
	/* The thread cannot use CPU time while it sleeps. */
	assert_true(account.cpu_ns <=
		    account.elapsed_ns - 5 * RINGBENCH_NS_PER_MS);
}

static void only_the_time_between_start_and_stop_counts(void **state)
{
	struct account account;

	(void)state;
	use_cpu(30 * RINGBENCH_NS_PER_MS);
	for (int i = 0; i < 5; i++)
		sleep_ns(RINGBENCH_NS_PER_MS);
	account_start(&account, -1);
	account_stop(&account, -1);
	assert_true(account.cpu_ns < 30 * RINGBENCH_NS_PER_MS);
	assert_int_equal(account.vol_switches, 0);
}

static void the_first_access_to_a_page_is_a_fault(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct account account;
	char *memory = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise(memory, PAGES * page, MADV_NOHUGEPAGE);
	account_start(&account, -1);
	for (size_t i = 0; i < PAGES; i++)
		((volatile char *)memory)[i * page] = 1;
	account_stop(&account, -1);
	assert_true(account.page_faults >= PAGES);
	/* The pages are mapped now. */
	account_start(&account, -1);
	for (size_t i = 0; i < PAGES; i++)
		((volatile char *)memory)[i * page] = 2;
	account_stop(&account, -1);
	assert_true(account.page_faults < PAGES);
	munmap(memory, PAGES * page);
}

static void without_schedstat_the_run_queue_is_unknown(void **state)
{
	struct account account;

	(void)state;
	account_start(&account, -1);
	account_stop(&account, -1);
	assert_int_equal(account.runqueue_ns, -1);
	assert_true(account.elapsed_ns >= 0);
}

/* The schedstat file may be readable only at one end of the window. */
static void a_schedstat_at_one_end_only_is_unknown(void **state)
{
	int schedstat = host_open_schedstat();
	struct account account;

	(void)state;
	if (schedstat < 0)
		skip(); /* the kernel has no schedstat */
	account_start(&account, schedstat);
	account_stop(&account, -1);
	assert_int_equal(account.runqueue_ns, -1);
	account_start(&account, -1);
	account_stop(&account, schedstat);
	assert_int_equal(account.runqueue_ns, -1);
	close(schedstat);
}

static void a_malformed_schedstat_is_unknown(void **state)
{
	static const char *const texts[] = { "", "12", "many things\n",
					     "12 many" };
	char path[] = "/tmp/account_test.XXXXXX";
	int fd = mkstemp(path);
	struct account account;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i]);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, texts[i], length, 0), length);
		account_start(&account, fd);
		account_stop(&account, fd);
		assert_int_equal(account.runqueue_ns, -1);
	}
	close(fd);
}

static void the_second_number_of_schedstat_is_the_run_queue(void **state)
{
	char path[] = "/tmp/account_test.XXXXXX";
	int fd = mkstemp(path);
	struct account account;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(pwrite(fd, "500 1000 7\n", 11, 0), 11);
	account_start(&account, fd);
	assert_int_equal(pwrite(fd, "900 1234 9\n", 11, 0), 11);
	account_stop(&account, fd);
	assert_int_equal(account.runqueue_ns, 234);
	close(fd);
}

static void migrations_are_read_from_the_sched_file(void **state)
{
	static const struct {
		const char *text;
		int64_t count;
	} files[] = {
		{ "", -1 },
		{ "cat (1, #threads: 1)\nnr_switches : 3\n", -1 },
		{ "se.nr_migrations     :     17\nnr_switches : 3\n", 17 },
		{ "nr_migrations : many\n", -1 },
	};
	char path[] = "/tmp/account_test.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t length = strlen(files[i].text);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, files[i].text, length, 0), length);
		assert_int_equal(account_migrations(fd), files[i].count);
	}
	close(fd);
	assert_int_equal(account_migrations(-1), -1);
}

static void a_thread_on_a_new_cpu_has_migrated(void **state)
{
	struct account account;

	(void)state;
	account_start(&account, -1);
	account.cpu = -2; /* a CPU that does not exist */
	account_stop(&account, -1);
	assert_int_equal(account.migrations, 1);
}

static void a_pinned_thread_has_not_moved(void **state)
{
	cpu_set_t old, one;
	struct account account;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(old), &old), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	account_start(&account, -1);
	account_stop(&account, -1);
	assert_int_equal(account.migrations, 0);
	assert_int_equal(sched_setaffinity(0, sizeof(old), &old), 0);
}

/* Uses CPU time while another thread measures its own account. */
static void *be_busy(void *arg)
{
	struct account *account = arg;
	int schedstat = host_open_schedstat();

	account_start(account, schedstat);
	use_cpu(20 * RINGBENCH_NS_PER_MS);
	account_stop(account, schedstat);
	if (schedstat >= 0)
		close(schedstat);
	return NULL;
}

static void each_thread_has_its_own_account(void **state)
{
	struct account mine, other;
	pthread_t thread;

	(void)state;
	account_start(&mine, -1);
	assert_int_equal(pthread_create(&thread, NULL, be_busy, &other), 0);
	pthread_join(thread, NULL);
	account_stop(&mine, -1);
	assert_true(other.cpu_ns >= 20 * RINGBENCH_NS_PER_MS);
	/* This thread only waited for the busy thread. */
	assert_true(mine.cpu_ns < 20 * RINGBENCH_NS_PER_MS);
	assert_true(mine.elapsed_ns >= 20 * RINGBENCH_NS_PER_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_busy_thread_has_used_its_cpu),
		cmocka_unit_test(a_sleeping_thread_uses_no_cpu_time),
		cmocka_unit_test(only_the_time_between_start_and_stop_counts),
		cmocka_unit_test(the_first_access_to_a_page_is_a_fault),
		cmocka_unit_test(without_schedstat_the_run_queue_is_unknown),
		cmocka_unit_test(a_schedstat_at_one_end_only_is_unknown),
		cmocka_unit_test(a_malformed_schedstat_is_unknown),
		cmocka_unit_test(
			the_second_number_of_schedstat_is_the_run_queue),
		cmocka_unit_test(migrations_are_read_from_the_sched_file),
		cmocka_unit_test(a_thread_on_a_new_cpu_has_migrated),
		cmocka_unit_test(a_pinned_thread_has_not_moved),
		cmocka_unit_test(each_thread_has_its_own_account),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The description of made-up machines, each a directory with a few files. */
#include "made_up_host.h"

#include <sched.h>

/* The member at "section/key" of a description, as JSON without spaces. */
static const char *member(json_t *(*make)(void), const char *section,
			  const char *key)
{
	static char text[512];
	json_t *description = make();
	json_t *value = json_object_get(description, section);
	char *dump;

	if (*key)
		value = json_object_get(value, key);
	dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT |
					 JSON_REAL_PRECISION(3));
	snprintf(text, sizeof(text), "%s", dump ? dump : "absent");
	free(dump);
	json_decref(description);
	return text;
}

static json_t *describe(void)
{
	return host_describe(NULL);
}

static const char *described(const char *section, const char *key)
{
	return member(describe, section, key);
}

static const char *stated(const char *section, const char *key)
{
	return member(host_state, section, key);
}

static const char *id_now(void)
{
	static char id[HOST_ID_LENGTH + 1];

	host_id(id);
	return id;
}

static const char *caption_now(void)
{
	static char caption[256];

	host_caption(caption, sizeof(caption));
	return caption;
}

static void host_id_is_eight_hex_digits(void **state)
{
	(void)state;
	host_root = "";
	assert_int_equal(strspn(id_now(), "0123456789abcdef"), HOST_ID_LENGTH);
	assert_int_equal(strlen(id_now()), HOST_ID_LENGTH);
}

static void host_id_does_not_depend_on_affinity_and_time(void **state)
{
	char before[HOST_ID_LENGTH + 1];
	cpu_set_t allowed, one;
	int cpu = sched_getcpu();

	(void)state;
	host_root = "";
	host_id(before);
	assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	usleep(1000);
	assert_string_equal(id_now(), before);
	assert_int_equal(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
}

static void host_id_needs_no_machine_id(void **state)
{
	(void)state;
	assert_int_equal(strlen(id_now()), HOST_ID_LENGTH);
}

static void host_id_changes_with_machine_model_and_cpu_count(void **state)
{
	char ids[4][HOST_ID_LENGTH + 1];
	int i;

	(void)state;
	put("/sys/devices/system/cpu/online", "0-1\n");
	host_id(ids[0]);
	put("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	host_id(ids[1]);
	put("/proc/cpuinfo", "model name\t: Fast One\n");
	host_id(ids[2]);
	put("/sys/devices/system/cpu/online", "0-3\n");
	host_id(ids[3]);
	for (i = 1; i < 4; i++)
		assert_string_not_equal(ids[i], ids[i - 1]);
}

static void host_id_does_not_depend_on_measured_values(void **state)
{
	char before[HOST_ID_LENGTH + 1];

	(void)state;
	put("/sys/devices/system/cpu/online", "0-1\n");
	put("/proc/cpuinfo", "model name\t: Fast One\ncpu MHz\t\t: 2000.0\n");
	host_id(before);
	put("/proc/cpuinfo", "model name\t: Fast One\ncpu MHz\t\t: 3000.0\n");
	assert_string_equal(id_now(), before);
}

static void an_empty_machine_is_still_described(void **state)
{
	json_t *description = host_describe(NULL);
	json_t *now = host_state();

	(void)state;
	assert_true(json_is_object(description));
	assert_true(json_is_object(now));
	assert_null(json_object_get(description, "mitigations"));
	assert_null(json_object_get(description, "cgroup"));
	assert_null(json_object_get(description, "memory"));
	assert_non_null(json_object_get(description, "limits"));
	assert_null(json_object_get(now, "load"));
	assert_null(json_object_get(now, "cpu_ticks"));
	json_decref(description);
	json_decref(now);
}

/* Unreadable contents of a file must not become texts in run.json. */
static void unreadable_contents_are_left_out(void **state)
{
	(void)state;
	put("/proc/meminfo", "MemTotal: much kB\nSwapTotal: 12 kB\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always never\n");
	put("/sys/devices/system/cpu/isolated", "\n");
	put("/sys/class/dmi/id/product_name", "\xff\xfe\n");
	put("/proc/loadavg", "high\n");
	put("/proc/stat", "cpu");
	assert_string_equal(described("memory", ""), "{\"swap_total_kib\":12}");
	assert_string_equal(described("cpu", "isolated"), "absent");
	assert_string_equal(described("virtual", "product"), "absent");
	assert_string_equal(stated("load", ""), "absent");
	assert_string_equal(stated("cpu_ticks", ""), "absent");
}

static void fields_are_found_by_their_whole_name(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "cpu family\t: 25\nmodel name\t: Fast One\n"
			     "model\t\t: 17\nflags\t\t: fpu cx16 tsc waitpkg\n"
			     "\nmodel\t\t: 18\n");
	assert_string_equal(described("cpu", "family"), "25");
	assert_string_equal(described("cpu", "model_number"), "17");
	assert_string_equal(described("cpu", "model"), "\"Fast One\"");
	assert_string_equal(described("cpu", "flags"),
			    "[\"cx16\",\"waitpkg\"]");
}

static void an_arm_core_is_named_by_its_part(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
	assert_string_equal(described("cpu", "model"), "\"ARM 0x41/0xd0c\"");
}

static void words_in_brackets_are_recognised(void **state)
{
	(void)state;
	put("/sys/kernel/mm/transparent_hugepage/enabled",
	    "always [madvise] never\n");
	put("/sys/kernel/debug/sched/preempt", "none voluntary (full)\n");
	assert_string_equal(described("memory", "huge_pages"), "\"madvise\"");
	assert_string_equal(described("kernel", "preemption"), "\"full\"");
}

static void directories_are_listed_in_the_order_of_numbers(void **state)
{
	(void)state;
	put("/sys/devices/system/cpu/cpu10/cpufreq/scaling_cur_freq", "3\n");
	put("/sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq", "2\n");
	put("/sys/devices/system/cpu/cpufreq/policy2/scaling_governor",
	    "performance\n");
	put("/sys/devices/system/cpu/vulnerabilities/mds", "Not affected\n");
	assert_string_equal(stated("frequency_khz", ""),
			    "{\"cpu2\":2,\"cpu10\":3}");
	assert_string_equal(described("frequency_policies", "policy2"),
			    "{\"scaling_governor\":\"performance\"}");
	assert_string_equal(described("mitigations", "mds"),
			    "\"Not affected\"");
}

static void the_name_of_the_host_is_recorded(void **state)
{
	(void)state;
	put("/proc/sys/kernel/hostname", "node1.example.org\n");
	assert_string_equal(described("system", "hostname"),
			    "\"node1.example.org\"");
}

static void only_kernel_options_that_affect_timing_are_kept(void **state)
{
	(void)state;
	put("/proc/cmdline", "root=/dev/sda1 isolcpus=2,3 secret=x quiet "
			     "mitigations=off -- nohz\n");
	assert_string_equal(described("kernel_options", ""),
			    "[\"isolcpus=2,3\",\"mitigations=off\"]");
}

static void kernel_configuration_is_read_uncompressed_too(void **state)
{
	(void)state;
	put("/proc/config.gz", "# CONFIG_HZ is odd\nCONFIG_HZ=250\n"
			       "CONFIG_SMP=y\nCONFIG_PREEMPT=y\n");
	assert_string_equal(described("kernel_config", ""),
			    "{\"CONFIG_HZ\":\"250\",\"CONFIG_PREEMPT\":\"y\"}");
}

static void the_smallest_quota_of_all_parents_applies(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/outer/middle/inner\n");
	put("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n");
	put("/sys/fs/cgroup/outer/cpu.max", "50000 100000\n");
	put("/sys/fs/cgroup/outer/middle/cpu.max", "80000 100000\n");
	put("/sys/fs/cgroup/outer/middle/inner/cpu.max", "max 100000\n");
	put("/sys/fs/cgroup/outer/cpuset.cpus.effective", "0-1\n");
	put("/sys/fs/cgroup/outer/cpu.stat",
	    "nr_throttled 3\nthrottled_usec 7\n");
	put("/sys/fs/cgroup/outer/middle/inner/cpu.stat",
	    "nr_throttled 1\nthrottled_usec 2\n");
	assert_string_equal(
		described("cgroup", ""),
		"{\"version\":2,\"quota_cpus\":0.5,\"cpuset\":\"0-1\"}");
	assert_string_equal(stated("cgroup", ""),
			    "{\"throttled\":4,\"throttled_ns\":9000}");
}

static void a_quota_of_version_1_is_found_in_a_container(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "5:cpuset:/\n4:cpu,cpuacct:/docker/1234\n"
				 "0::/\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.stat",
	    "nr_throttled 2\nthrottled_time 800\n");
	put("/sys/fs/cgroup/cpuset/cpuset.cpus", "0\n");
	assert_string_equal(
		described("cgroup", ""),
		"{\"version\":1,\"quota_cpus\":1.5,\"cpuset\":\"0\"}");
	assert_string_equal(stated("cgroup", ""),
			    "{\"throttled\":2,\"throttled_ns\":800}");
}

static void a_group_at_the_root_is_counted_once(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/unified/cpu.stat", "nr_throttled 2\n");
	assert_string_equal(stated("cgroup", ""), "{\"throttled\":2}");
}

static void an_unlimited_group_has_no_quota(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "4:cpu:/\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
	assert_string_equal(described("cgroup", ""), "{\"version\":1}");
}

static void stolen_time_and_load_are_described(void **state)
{
	(void)state;
	put("/proc/stat", "cpu  10 0 11 12 13 14 15 16 0 0\ncpu0 1 0 1 1\n"
			  "procs_running 3\n");
	put("/proc/loadavg", "0.50 0.25 1.00 1/85 999\n");
	put("/proc/pressure/cpu",
	    "some avg10=1.50 avg60=2.50 avg300=3.50 total=99\n");
	assert_string_equal(stated("cpu_ticks", "user"), "10");
	assert_string_equal(stated("cpu_ticks", "steal"), "16");
	assert_string_equal(stated("load", "running"), "3");
	assert_string_equal(stated("load", "minutes_5"), "0.25");
	assert_string_equal(stated("cpu_pressure", "total_us"), "99");
}

static void throttling_events_are_summed_over_the_cores(void **state)
{
	(void)state;
	put("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count",
	    "2\n");
	put("/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count",
	    "3\n");
	assert_string_equal(stated("thermal_throttles", ""), "5");
}

static void time_is_stated_in_utc(void **state)
{
	int year, month, day, hour, minute, second;
	char end;

	(void)state;
	assert_int_equal(sscanf(stated("time", ""),
				"\"%4d-%2d-%2dT%2d:%2d:%2d%c", &year, &month,
				&day, &hour, &minute, &second, &end),
			 7);
	assert_int_equal(end, 'Z');
}

static void caption_is_short_and_counts_allowed_cpus(void **state)
{
	static const char all[] = "Intel Xeon E5-2680 v3, 4 CPUs";
	static const char some[] = "Intel Xeon E5-2680 v3, 1 of 4 CPUs";

	(void)state;
	put("/proc/cpuinfo",
	    "model name\t: Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz\n");
	put("/sys/devices/system/cpu/online", "0-3\n");
	put("/proc/self/status", "Cpus_allowed_list:\t0-63\n");
	assert_memory_equal(caption_now(), all, strlen(all));
	put("/proc/self/status", "Cpus_allowed_list:\t2,7\n");
	assert_memory_equal(caption_now(), some, strlen(some));
	put("/sys/devices/system/cpu/online", "0\n");
	put("/proc/self/status", "Cpus_allowed_list:\t0\n");
	assert_non_null(strstr(caption_now(), ", 1 CPU"));
	assert_null(strstr(caption_now(), "CPUs"));
}

static void caption_is_truncated_to_its_buffer(void **state)
{
	char small[8];

	(void)state;
	host_caption(small, sizeof(small));
	assert_string_equal(small, "unknown");
}

static void topology_lists_equal_caches_once(void **state)
{
	struct topology *topology;
	struct fault fault;
	json_t *description, *machine, *caches;

	(void)state;
	assert_int_equal(
		topology_load_synthetic(
			&topology,
			"[numa] pack:2 l3:1(size=4194304) l2:2 core:1 pu:2",
			&fault),
		0);
	description = host_describe(topology);
	machine = json_object_get(description, "topology");
	caches = json_object_get(machine, "caches");
	assert_int_equal(
		json_integer_value(json_object_get(machine, "packages")), 2);
	assert_int_equal(json_integer_value(json_object_get(machine, "cpus")),
			 8);
	assert_int_equal(json_array_size(caches), 2);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(caches, 0), "count")),
			 4);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(caches, 1), "size_bytes")),
			 4194304);
	json_decref(description);
	topology_free(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(host_id_is_eight_hex_digits),
		TEST(host_id_does_not_depend_on_affinity_and_time),
		TEST(host_id_needs_no_machine_id),
		TEST(host_id_changes_with_machine_model_and_cpu_count),
		TEST(host_id_does_not_depend_on_measured_values),
		TEST(an_empty_machine_is_still_described),
		TEST(unreadable_contents_are_left_out),
		TEST(fields_are_found_by_their_whole_name),
		TEST(an_arm_core_is_named_by_its_part),
		TEST(words_in_brackets_are_recognised),
		TEST(directories_are_listed_in_the_order_of_numbers),
		TEST(the_name_of_the_host_is_recorded),
		TEST(only_kernel_options_that_affect_timing_are_kept),
		TEST(kernel_configuration_is_read_uncompressed_too),
		TEST(the_smallest_quota_of_all_parents_applies),
		TEST(a_quota_of_version_1_is_found_in_a_container),
		TEST(a_group_at_the_root_is_counted_once),
		TEST(an_unlimited_group_has_no_quota),
		TEST(stolen_time_and_load_are_described),
		TEST(throttling_events_are_summed_over_the_cores),
		TEST(time_is_stated_in_utc),
		TEST(caption_is_short_and_counts_allowed_cpus),
		TEST(caption_is_truncated_to_its_buffer),
		TEST(topology_lists_equal_caches_once),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}

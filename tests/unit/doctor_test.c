/* SPDX-License-Identifier: BSD-2-Clause */
/* Each check of the doctor on made-up machines. */
#include "made_up_host.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "doctor.h"
#include "doctor_checks.h"

#define CPU_ROOT "/sys/devices/system/cpu"
#define CLOCK	 "/sys/devices/system/clocksource/clocksource0/current_clocksource"

static struct doctor doctor;

static const struct finding *finding(const char *topic)
{
	doctor_examine(&doctor);
	for (int i = 0; i < doctor.count; i++)
		if (strcmp(doctor.findings[i].topic, topic) == 0)
			return &doctor.findings[i];
	fail_msg("no finding about %s", topic);
	return NULL;
}

static const char *verdict(const char *topic)
{
	return doctor_verdicts[finding(topic)->verdict];
}

static const char *found(const char *topic)
{
	return finding(topic)->found;
}

/* Makes a machine of eight CPUs without any problem. */
static void put_quiet_machine(void)
{
	put(CPU_ROOT "/online", "0-7\n");
	put(CPU_ROOT "/isolated", "6-7\n");
	put(CPU_ROOT "/smt/active", "0\n");
	put(CPU_ROOT "/cpufreq/boost", "0\n");
	put(CPU_ROOT "/cpufreq/policy0/scaling_governor", "performance\n");
	put(CPU_ROOT "/cpuidle/current_driver", "none\n");
	put(CPU_ROOT "/vulnerabilities/mds", "Not affected\n");
	put("/proc/self/status", "Cpus_allowed_list:\t0-7\n");
	put("/proc/stat", "cpu  500 0 500 9000 0 0 0 0 0 0\n");
	put("/proc/loadavg", "0.10 0.20 0.30 1/85 999\n");
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n");
	put("/sys/fs/cgroup/cpu.max", "max 100000\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled",
	    "always [madvise] never\n");
	put(CLOCK, "tsc\n");
}

static void a_machine_without_files_is_unknown(void **state)
{
	static const char *const topics[] = {
		"load",		 "steal since boot",
		"CPU quota",	 "governor",
		"turbo",	 "clock source",
		"SMT",		 "idle driver",
		"isolated CPUs", "huge pages",
		"mitigations",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		assert_string_equal(verdict(topics[i]), "unknown");
		assert_string_equal(found(topics[i]), "unknown");
	}
}

static void a_quiet_machine_has_no_warning(void **state)
{
	char text[256];

	(void)state;
	put_quiet_machine();
	doctor_examine(&doctor);
	assert_int_equal(doctor_count(&doctor, DOCTOR_WARN), 0);
	assert_int_equal(doctor_count(&doctor, DOCTOR_UNKNOWN), 0);
	assert_false(doctor_brief(&doctor, text, sizeof(text)));
	assert_string_equal(text, "");
}

static void malformed_files_are_harmless(void **state)
{
	(void)state;
	put_quiet_machine();
	put("/proc/stat", "cpu  many\n");
	put("/proc/loadavg", "\n");
	put("/proc/self/cgroup", "\n:\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled", "never\n");
	put(CPU_ROOT "/cpufreq/policy0/scaling_governor", "");
	assert_string_equal(verdict("steal since boot"), "unknown");
	assert_string_equal(verdict("load"), "unknown");
	assert_string_equal(verdict("CPU quota"), "unknown");
	assert_string_equal(verdict("huge pages"), "unknown");
	assert_string_equal(verdict("governor"), "unknown");
}

static void one_cpu_with_a_powersave_governor_is_noted(void **state)
{
	(void)state;
	put_quiet_machine();
	put(CPU_ROOT "/cpufreq/policy1/scaling_governor", "powersave\n");
	assert_string_equal(verdict("governor"), "warn");
	assert_string_equal(found("governor"), "powersave");
	assert_string_equal(finding("governor")->brief, "governor powersave");
	assert_non_null(strstr(finding("governor")->command, "performance"));
}

static void turbo_is_found_in_both_files(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(found("turbo"), "off");
	put(CPU_ROOT "/cpufreq/boost", "1\n");
	assert_string_equal(verdict("turbo"), "note");
	/* In this file, 1 means that turbo is off. */
	put(CPU_ROOT "/intel_pstate/no_turbo", "1\n");
	assert_string_equal(verdict("turbo"), "ok");
	put(CPU_ROOT "/intel_pstate/no_turbo", "0\n");
	assert_string_equal(verdict("turbo"), "note");
}

static void siblings_are_found_without_the_smt_control_file(void **state)
{
	(void)state;
	put(CPU_ROOT "/cpu0/topology/thread_siblings_list", "0\n");
	assert_string_equal(verdict("SMT"), "ok");
	put(CPU_ROOT "/cpu0/topology/thread_siblings_list", "0,4\n");
	assert_string_equal(verdict("SMT"), "note");
	put(CPU_ROOT "/smt/active", "0\n");
	assert_string_equal(verdict("SMT"), "ok");
	put(CPU_ROOT "/smt/active", "1\n");
	assert_string_equal(verdict("SMT"), "note");
}

static void a_hypervisor_is_a_warning(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(verdict("virtual machine"), "ok");
	put("/sys/hypervisor/type", "xen\n");
	assert_string_equal(verdict("virtual machine"), "warn");
	assert_string_equal(found("virtual machine"), "xen");
}

static void fewer_than_two_cpus_are_a_warning(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(verdict("CPUs"), "ok");
	put("/proc/self/status", "Cpus_allowed_list:\t0-3\n");
	assert_string_equal(verdict("CPUs"), "note");
	assert_string_equal(found("CPUs"), "4 of 8 CPUs are allowed");
	put("/proc/self/status", "Cpus_allowed_list:\t0-1\n");
	assert_string_equal(verdict("CPUs"), "note");
	put("/proc/self/status", "Cpus_allowed_list:\t3\n");
	assert_string_equal(verdict("CPUs"), "warn");
	assert_string_equal(finding("CPUs")->brief, "1 CPU");
}

static void steal_since_boot_is_noted_from_0_1_percent(void **state)
{
	(void)state;
	put("/proc/stat", "cpu  500 0 500 8991 0 0 0 9 0 0\n");
	assert_string_equal(verdict("steal since boot"), "ok");
	put("/proc/stat", "cpu  500 0 500 8990 0 0 0 10 0 0\n");
	assert_string_equal(verdict("steal since boot"), "note");
	put("/proc/stat", "cpu  500 0 500 8900 0 0 0 100 0 0\n");
	assert_string_equal(verdict("steal since boot"), "warn");
	assert_string_equal(found("steal since boot"),
			    "1 % of the time of all CPUs");
	put("/proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\n");
	assert_string_equal(verdict("steal since boot"), "ok");
}

static void the_limit_of_the_load_depends_on_the_number_of_cpus(void **state)
{
	(void)state;
	put(CPU_ROOT "/online", "0-1\n");
	put("/proc/loadavg", "0.29 0.20 0.30 1/85 999\n");
	assert_string_equal(verdict("load"), "ok");
	put("/proc/loadavg", "0.49 0.20 0.30 1/85 999\n");
	assert_string_equal(verdict("load"), "note");
	put("/proc/loadavg", "1.90 0.20 0.30 3/85 999\n");
	assert_string_equal(verdict("load"), "warn");
	assert_string_equal(found("load"), "1.90 in the last minute, 3 threads "
					   "ready now");
	assert_string_equal(finding("load")->brief, "load 1.9");
	put(CPU_ROOT "/online", "0-7\n");
	assert_string_equal(verdict("load"), "note");
}

static void a_quota_below_the_cpus_is_a_warning(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(found("CPU quota"), "none");
	put("/sys/fs/cgroup/cpu.max", "150000 100000\n");
	assert_string_equal(verdict("CPU quota"), "warn");
	assert_string_equal(found("CPU quota"),
			    "1.5 CPUs, control groups version 2");
	put("/sys/fs/cgroup/cpu.max", "800000 100000\n");
	assert_string_equal(verdict("CPU quota"), "ok");
}

static void a_quota_of_version_1_is_a_warning(void **state)
{
	(void)state;
	put_quiet_machine();
	put("/proc/self/cgroup", "4:cpu,cpuacct:/docker/1\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
	put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
	assert_string_equal(verdict("CPU quota"), "warn");
	assert_string_equal(finding("CPU quota")->brief, "CPU quota 2");
}

static void slow_clocks_are_warnings(void **state)
{
	static const char *const clocks[][2] = {
		{ "tsc", "ok" },
		{ "arch_sys_counter", "ok" },
		{ "kvm-clock", "note" },
		{ "hyperv_clocksource_tsc_page", "note" },
		{ "hpet", "warn" },
		{ "acpi_pm", "warn" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		put(CLOCK, clocks[i][0]);
		assert_string_equal(verdict("clock source"), clocks[i][1]);
	}
}

static void idle_states_that_change_wake_ups_are_noted(void **state)
{
	(void)state;
	put(CPU_ROOT "/cpuidle/current_driver", "haltpoll\n");
	assert_string_equal(verdict("idle driver"), "note");
	put(CPU_ROOT "/cpuidle/current_driver", "intel_idle\n");
	put(CPU_ROOT "/cpu0/cpuidle/state1/latency", "2\n");
	put(CPU_ROOT "/cpu0/cpuidle/state2/latency", "133\n");
	put(CPU_ROOT "/cpu0/cpuidle/state2/disable", "1\n");
	assert_string_equal(verdict("idle driver"), "ok");
	put(CPU_ROOT "/cpu0/cpuidle/state2/disable", "0\n");
	assert_string_equal(verdict("idle driver"), "note");
	assert_string_equal(found("idle driver"),
			    "intel_idle, wake-up takes up to 133 us");
}

static void missing_isolated_cpus_are_noted_on_large_machines(void **state)
{
	(void)state;
	put(CPU_ROOT "/online", "0-1\n");
	put(CPU_ROOT "/isolated", "\n");
	assert_string_equal(verdict("isolated CPUs"), "ok");
	assert_string_equal(found("isolated CPUs"), "none");
	put(CPU_ROOT "/online", "0-7\n");
	assert_string_equal(verdict("isolated CPUs"), "note");
	put(CPU_ROOT "/isolated", "2-3\n");
	assert_string_equal(found("isolated CPUs"), "2-3");
}

static void huge_pages_for_all_memory_are_noted(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(found("huge pages"), "madvise");
	put("/sys/kernel/mm/transparent_hugepage/enabled",
	    "[always] madvise never\n");
	assert_string_equal(verdict("huge pages"), "note");
}

static void mitigations_are_counted(void **state)
{
	(void)state;
	put_quiet_machine();
	assert_string_equal(found("mitigations"), "0 on");
	put(CPU_ROOT "/vulnerabilities/spectre_v1", "Mitigation: barriers\n");
	put(CPU_ROOT "/vulnerabilities/meltdown", "Vulnerable\n");
	assert_string_equal(verdict("mitigations"), "note");
	assert_string_equal(found("mitigations"), "1 on");
}

static void low_limits_of_this_process_are_noted(void **state)
{
	struct rlimit limit, old;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &old);
	limit = old;
	limit.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_string_equal(verdict("limits"), "note");
	assert_non_null(strstr(found("limits"), "open files"));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_null(strstr(found("limits"), "open files"));
}

static void a_low_limit_of_locked_memory_is_noted_with_swap(void **state)
{
	struct rlimit limit = { 0, 0 }, old;

	(void)state;
	getrlimit(RLIMIT_MEMLOCK, &old);
	limit.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	put("/proc/meminfo", "SwapTotal:       0 kB\n");
	assert_null(strstr(found("limits"), "locked"));
	put("/proc/meminfo", "SwapTotal:  100000 kB\n");
	assert_non_null(strstr(found("limits"), "locked"));
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &old), 0);
}

static void timer_slack_above_50_us_is_noted(void **state)
{
	int old = prctl(PR_GET_TIMERSLACK);

	(void)state;
	prctl(PR_SET_TIMERSLACK, 50000);
	assert_string_equal(verdict("timer slack"), "ok");
	prctl(PR_SET_TIMERSLACK, 1000000);
	assert_string_equal(verdict("timer slack"), "note");
	assert_string_equal(found("timer slack"), "1000 us");
	prctl(PR_SET_TIMERSLACK, (unsigned long)old);
}

static void missing_and_forbidden_counters_have_different_texts(void **state)
{
	struct finding *counters;

	(void)state;
	doctor.count = 0;
	counters = doctor_add(&doctor, "counters");
	doctor_judge_counters(counters, 0);
	assert_int_equal(counters->verdict, DOCTOR_OK);
	doctor_judge_counters(counters, ENOENT);
	assert_int_equal(counters->verdict, DOCTOR_NOTE);
	assert_non_null(strstr(counters->found, "none"));
	doctor_judge_counters(counters, EACCES);
	assert_string_equal(counters->found,
			    "not permitted, perf_event_paranoid is unknown");
	put("/proc/sys/kernel/perf_event_paranoid", "3\n");
	doctor_judge_counters(counters, EACCES);
	assert_string_equal(counters->found,
			    "not permitted, perf_event_paranoid is 3");
}

static void warnings_fit_into_one_line(void **state)
{
	char text[256], small[16];

	(void)state;
	put_quiet_machine();
	put("/proc/loadavg", "9.04 0.20 0.30 3/85 999\n");
	doctor_examine(&doctor);
	assert_true(doctor_brief(&doctor, text, sizeof(text)));
	assert_string_equal(text, "1 warning: load 9.0; see `ringbench "
				  "doctor`");
	put(CLOCK, "hpet\n");
	doctor_examine(&doctor);
	assert_true(doctor_brief(&doctor, text, sizeof(text)));
	assert_string_equal(text, "2 warnings: load 9.0, clock source hpet; "
				  "see `ringbench doctor`");
	assert_true(doctor_brief(&doctor, small, sizeof(small)));
	assert_string_equal(small, "2 warnings: loa");
}

static void json_has_every_finding(void **state)
{
	json_t *json, *first;

	(void)state;
	put_quiet_machine();
	put("/sys/hypervisor/type", "xen\n");
	doctor_examine(&doctor);
	json = doctor_json(&doctor);
	first = json_array_get(json_object_get(json, "findings"), 0);
	assert_int_equal(json_array_size(json_object_get(json, "findings")),
			 doctor.count);
	assert_int_equal(json_integer_value(json_object_get(json, "warnings")),
			 1);
	assert_string_equal(json_string_value(json_object_get(first, "found")),
			    "xen");
	assert_string_equal(
		json_string_value(json_object_get(first, "verdict")), "warn");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_machine_without_files_is_unknown),
		TEST(a_quiet_machine_has_no_warning),
		TEST(malformed_files_are_harmless),
		TEST(one_cpu_with_a_powersave_governor_is_noted),
		TEST(turbo_is_found_in_both_files),
		TEST(siblings_are_found_without_the_smt_control_file),
		TEST(a_hypervisor_is_a_warning),
		TEST(fewer_than_two_cpus_are_a_warning),
		TEST(steal_since_boot_is_noted_from_0_1_percent),
		TEST(the_limit_of_the_load_depends_on_the_number_of_cpus),
		TEST(a_quota_below_the_cpus_is_a_warning),
		TEST(a_quota_of_version_1_is_a_warning),
		TEST(slow_clocks_are_warnings),
		TEST(idle_states_that_change_wake_ups_are_noted),
		TEST(missing_isolated_cpus_are_noted_on_large_machines),
		TEST(huge_pages_for_all_memory_are_noted),
		TEST(mitigations_are_counted),
		TEST(low_limits_of_this_process_are_noted),
		TEST(a_low_limit_of_locked_memory_is_noted_with_swap),
		TEST(timer_slack_above_50_us_is_noted),
		TEST(missing_and_forbidden_counters_have_different_texts),
		TEST(warnings_fit_into_one_line),
		TEST(json_has_every_finding),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Describes the machine: tables of files and keys, and functions for facts that
 * need more than one file. */
#include <gnu/libc-version.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "host.h"
#include "host_files.h"
#include "host_parts.h"
#include "text.h"

#define CPU_ROOT    "/sys/devices/system/cpu"
#define CLOCK_ROOT  "/sys/devices/system/clocksource/clocksource0"
#define MODULE_ROOT "/sys/module"
#define THP_ROOT    "/sys/kernel/mm/transparent_hugepage"

/* clang-format off */
static const struct fact facts[] = {
	{ "cpu", "online", CPU_ROOT "/online", FACT_TEXT },
	{ "cpu", "offline", CPU_ROOT "/offline", FACT_TEXT },
	{ "cpu", "isolated", CPU_ROOT "/isolated", FACT_TEXT },
	{ "cpu", "nohz_full", CPU_ROOT "/nohz_full", FACT_TEXT },
	{ "cpu", "smt_active", CPU_ROOT "/smt/active", FACT_NUMBER },
	{ "cpu", "smt_control", CPU_ROOT "/smt/control", FACT_TEXT },
	{ "frequency", "boost", CPU_ROOT "/cpufreq/boost", FACT_NUMBER },
	{ "frequency", "no_turbo", CPU_ROOT "/intel_pstate/no_turbo",
	  FACT_NUMBER },
	{ "frequency", "intel_pstate", CPU_ROOT "/intel_pstate/status",
	  FACT_TEXT },
	{ "frequency", "amd_pstate", CPU_ROOT "/amd_pstate/status", FACT_TEXT },
	{ "idle", "driver", CPU_ROOT "/cpuidle/current_driver", FACT_TEXT },
	{ "idle", "governor", CPU_ROOT "/cpuidle/current_governor_ro",
	  FACT_TEXT },
	{ "idle", "guest_halt_poll_ns",
	  MODULE_ROOT "/haltpoll/parameters/guest_halt_poll_ns", FACT_NUMBER },
	{ "system", "hostname", "/proc/sys/kernel/hostname", FACT_TEXT },
	{ "virtual", "vendor", "/sys/class/dmi/id/sys_vendor", FACT_TEXT },
	{ "virtual", "product", "/sys/class/dmi/id/product_name", FACT_TEXT },
	{ "kernel", "preemption", "/sys/kernel/debug/sched/preempt",
	  FACT_CHOICE },
	{ "kernel", "realtime", "/sys/kernel/realtime", FACT_NUMBER },
	{ "clock", "source", CLOCK_ROOT "/current_clocksource", FACT_TEXT },
	{ "clock", "available", CLOCK_ROOT "/available_clocksource",
	  FACT_TEXT },
	{ "memory", "huge_pages", THP_ROOT "/enabled", FACT_CHOICE },
	{ "memory", "huge_pages_defrag", THP_ROOT "/defrag", FACT_CHOICE },
	{ "memory", "swappiness", "/proc/sys/vm/swappiness", FACT_NUMBER },
	{ "scheduler", "numa_balancing", "/proc/sys/kernel/numa_balancing",
	  FACT_NUMBER },
	{ "scheduler", "timer_migration", "/proc/sys/kernel/timer_migration",
	  FACT_NUMBER },
	{ "scheduler", "nmi_watchdog", "/proc/sys/kernel/nmi_watchdog",
	  FACT_NUMBER },
	{ "scheduler", "base_slice_ns", "/sys/kernel/debug/sched/base_slice_ns",
	  FACT_NUMBER },
	{ "scheduler", "min_granularity_ns",
	  "/sys/kernel/debug/sched/min_granularity_ns", FACT_NUMBER },
	{ "scheduler", "wakeup_granularity_ns",
	  "/sys/kernel/debug/sched/wakeup_granularity_ns", FACT_NUMBER },
	{ "scheduler", "migration_cost_ns",
	  "/sys/kernel/debug/sched/migration_cost_ns", FACT_NUMBER },
	{ "scheduler", "features", "/sys/kernel/debug/sched/features",
	  FACT_TEXT },
	{ "scheduler", "sched_ext", "/sys/kernel/sched_ext/state", FACT_TEXT },
};
/* clang-format on */

static const struct field memory_fields[] = {
	{ "total_kib", "MemTotal", FACT_NUMBER },
	{ "swap_total_kib", "SwapTotal", FACT_NUMBER },
	{ "huge_page_kib", "Hugepagesize", FACT_NUMBER },
	{ "huge_pages_reserved", "HugePages_Total", FACT_NUMBER },
};

static void put_file(json_t *into, const char *directory, const char *name)
{
	char text[HOST_TEXT_MAX];

	if (host_read(text, sizeof(text), "%s/%s", directory, name))
		json_object_set_new(into, name, json_string(text));
}

static void put_policy(json_t *into, const char *directory, const char *name)
{
	static const char *const files[] = {
		"affected_cpus",    "scaling_driver",
		"scaling_governor", "energy_performance_preference",
		"scaling_min_freq", "scaling_max_freq",
		"cpuinfo_max_freq",
	};
	char policy[HOST_PATH_MAX];
	json_t *description = json_object();
	size_t i;

	snprintf(policy, sizeof(policy), "%s/%.64s", directory, name);
	for (i = 0; i < HOST_COUNT(files); i++)
		put_file(description, policy, files[i]);
	host_put_part(into, name, description);
}

static void put_idle_state(json_t *into, const char *directory,
			   const char *name)
{
	char text[HOST_TEXT_MAX];
	char disabled[8];

	host_read(disabled, sizeof(disabled), "%s/%s/disable", directory, name);
	if (host_read(text, sizeof(text), "%s/%s/name", directory, name) &&
	    strcmp(disabled, "1"))
		json_array_append_new(into, json_string(text));
}

static void put_directories(json_t *into)
{
	json_t *policies = json_object();
	json_t *states = json_array();
	json_t *mitigations = json_object();
	json_t *tunables = json_object();

	host_each(CPU_ROOT "/cpufreq", "policy", policies, put_policy);
	host_each(CPU_ROOT "/cpu0/cpuidle", "state", states, put_idle_state);
	host_each(CPU_ROOT "/vulnerabilities", "", mitigations, put_file);
	host_each("/proc/sys/kernel", "sched_", tunables, put_file);
	host_put_part(into, "frequency_policies", policies);
	host_put_part(into, "idle_states", states);
	host_put_part(into, "mitigations", mitigations);
	host_put_part(into, "scheduler_tunables", tunables);
}

static void put_virtual(json_t *into)
{
	char text[HOST_TEXT_MAX];

	host_hypervisor(text, sizeof(text));
	if (*text)
		host_put(into, "virtual", "hypervisor", json_string(text));
	if (!host_read(text, sizeof(text), "/run/systemd/container")) {
		char full[HOST_PATH_MAX];

		host_path(full, "/.dockerenv");
		if (!access(full, F_OK))
			strcpy(text, "docker");
		host_path(full, "/run/.containerenv");
		if (!access(full, F_OK))
			strcpy(text, "podman");
	}
	if (*text)
		host_put(into, "virtual", "container", json_string(text));
}

static void put_limits(json_t *into)
{
	static const struct {
		const char *key;
		__rlimit_resource_t resource;
	} limits[] = {
		{ "memlock_bytes", RLIMIT_MEMLOCK },
		{ "stack_bytes", RLIMIT_STACK },
		{ "address_space_bytes", RLIMIT_AS },
		{ "core_bytes", RLIMIT_CORE },
		{ "cpu_s", RLIMIT_CPU },
		{ "open_files", RLIMIT_NOFILE },
		{ "processes", RLIMIT_NPROC },
		{ "nice", RLIMIT_NICE },
		{ "rtprio", RLIMIT_RTPRIO },
		{ "rttime_us", RLIMIT_RTTIME },
	};
	struct rlimit limit;
	size_t i;

	for (i = 0; i < HOST_COUNT(limits); i++) {
		if (getrlimit(limits[i].resource, &limit))
			continue;
		host_put(into, "limits", limits[i].key,
			 limit.rlim_cur == RLIM_INFINITY
				 ? json_string("unlimited")
				 : json_integer((json_int_t)limit.rlim_cur));
	}
}

/* Removes the quotes around a value from a shell-like file. */
static char *unquote(char *text)
{
	if (*text != '"')
		return text;
	text++;
	text[strcspn(text, "\"")] = '\0';
	return text;
}

static void put_system(json_t *into)
{
	char text[HOST_TEXT_MAX];

	if (host_field(text, sizeof(text), "/etc/os-release", "PRETTY_NAME",
		       '='))
		host_put(into, "system", "name", json_string(unquote(text)));
	host_put(into, "system", "libc", json_string("glibc"));
	host_put(into, "system", "libc_version",
		 json_string(gnu_get_libc_version()));
	host_put(into, "system", "page_bytes",
		 json_integer(sysconf(_SC_PAGESIZE)));
}

json_t *host_describe(const struct topology *topology)
{
	json_t *description = json_object();
	char id[HOST_ID_LENGTH + 1];
	char caption[HOST_TEXT_MAX];

	host_id(id);
	host_caption(caption, sizeof(caption));
	json_object_set_new(description, "host_id", json_string(id));
	json_object_set_new(description, "caption", json_string(caption));
	host_put_cpu(description);
	host_put_part(description, "topology", host_topology(topology));
	host_put_facts(description, facts, HOST_COUNT(facts));
	host_put_fields(description, "memory", "/proc/meminfo", ':',
			memory_fields, HOST_COUNT(memory_fields));
	put_directories(description);
	put_virtual(description);
	host_put_kernel(description);
	host_put_part(description, "cgroup", host_cgroup());
	put_limits(description);
	put_system(description);
	return description;
}

/*
 * CRC-32 keeps 32 of the 128 bits of the machine-id. This is enough to
 * distinguish hosts. The machine-id must not be published, and 32 bits are too
 * few to recover it.
 */
void host_id(char id[HOST_ID_LENGTH + 1])
{
	char machine[64];
	char model[256];
	char text[512];
	uLong hash;

	if (!host_read(machine, sizeof(machine), "/etc/machine-id"))
		host_read(machine, sizeof(machine), "/var/lib/dbus/machine-id");
	host_cpu_model(model, sizeof(model));
	snprintf(text, sizeof(text), "ringbench host\n%s\n%s\n%d", machine,
		 model, host_cpus_online());
	hash = crc32(0, (const Bytef *)text, (uInt)strlen(text));
	snprintf(id, HOST_ID_LENGTH + 1, "%08lx", hash);
}

/* Removes a word from the text, at every position. */
static void drop_word(char *text, const char *word)
{
	size_t length = strlen(word);
	char *at;

	while ((at = strstr(text, word)))
		memmove(at, at + length, strlen(at + length) + 1);
}

/* Shortens "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz" to "Intel Xeon E5-2680
 * v3". */
static void shorten_model(char *model)
{
	static const char *const noise[] = { "(R)",  "(TM)", "(r)",
					     "(tm)", " CPU", " Processor" };
	char *clock = strstr(model, " @ ");
	size_t i;

	if (clock)
		*clock = '\0';
	for (i = 0; i < HOST_COUNT(noise); i++)
		drop_word(model, noise[i]);
}

void host_caption(char *text, size_t size)
{
	int online = host_cpus_online();
	int allowed = host_cpus_allowed();
	char some[32] = "";
	char model[256];
	char hypervisor[64];

	host_cpu_model(model, sizeof(model));
	shorten_model(model);
	host_hypervisor(hypervisor, sizeof(hypervisor));
	if (allowed != online)
		snprintf(some, sizeof(some), "%d of ", allowed);
	snprintf(text, size, "%s, %s%d %s%s%s", model, some, online,
		 online == 1 ? "CPU" : "CPUs", *hypervisor ? ", " : "",
		 hypervisor);
	text_clean(text);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of the doctor about CPUs: number, frequency, idle states, clock,
 * counters. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "doctor_checks.h"
#include "host.h"
#include "host_files.h"
#include "host_parts.h"

#define CPU_ROOT "/sys/devices/system/cpu"

enum {
	FEW_CPUS = 2, /* two measured threads leave no CPU for other programs */
	MANY_CPUS = 4, /* enough CPUs to isolate some of them */
	DEEP_US = 50, /* a wake-up that takes longer than this comes from a deep
			 idle state */
	NUMBER_MAX = 64, /* characters of a file with one number or word */
};

void doctor_cpus(struct finding *finding)
{
	int online = host_cpus_online();
	int allowed = host_cpus_allowed();

	if (allowed < online)
		doctor_found(finding, "%d of %d CPUs are allowed", allowed,
			     online);
	else
		doctor_found(finding, "%d", allowed);
	snprintf(finding->brief, sizeof(finding->brief), "%d CPU%s", allowed,
		 allowed == 1 ? "" : "s");
	if (allowed < 2)
		doctor_judge(
			finding, DOCTOR_WARN,
			"All threads share one CPU. Most placements are "
			"skipped; the others mainly measure the scheduler.",
			"taskset -cp 0-1 $$; or give the machine or container "
			"more CPUs");
	else if (allowed <= FEW_CPUS)
		doctor_judge(finding, DOCTOR_NOTE,
			     "Two measured threads use all CPUs, so every "
			     "other program interrupts them.",
			     "systemctl list-timers; stop programs that are "
			     "not needed");
	else if (allowed < online)
		doctor_judge(
			finding, DOCTOR_NOTE,
			"Other programs may use the remaining CPUs. They share "
			"caches and the thermal budget with the measured CPUs.",
			"grep Cpus_allowed_list /proc/self/status");
	else
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
}

/* With --root, CPUID would describe the real machine and not the files below
 * the root. */
void doctor_virtual(struct finding *finding)
{
	char name[NUMBER_MAX];

	if (*host_root)
		host_read(name, sizeof(name), "/sys/hypervisor/type");
	else
		host_hypervisor(name, sizeof(name));
	doctor_found(finding, "%s", *name ? name : "none detected");
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (*name)
		doctor_judge(
			finding, DOCTOR_WARN,
			"The hypervisor can pause a CPU at any time, and the "
			"reported cores and caches may not be the real ones. "
			"Trust comparisons of cells that were measured in "
			"common rounds (ab, --by), not the difference of two "
			"runs.",
			"systemd-detect-virt; measure on bare metal");
}

static void count_governor(json_t *into, const char *directory,
			   const char *name)
{
	char text[NUMBER_MAX];
	json_t *count;

	if (!host_read(text, sizeof(text), "%s/%s/scaling_governor", directory,
		       name))
		return;
	count = json_object_get(into, text);
	json_object_set_new(into, text,
			    json_integer(json_integer_value(count) + 1));
}

void doctor_governor(struct finding *finding)
{
	json_t *governors = json_object();
	const char *other = NULL;
	const char *name;
	json_t *count;

	host_each(CPU_ROOT "/cpufreq", "policy", governors, count_governor);
	json_object_foreach(governors, name, count)
	{
		if (strcmp(name, "performance"))
			other = name;
	}
	if (!json_object_size(governors)) {
		doctor_judge(finding, DOCTOR_UNKNOWN,
			     "The kernel has no cpufreq driver. Firmware or "
			     "hypervisor controls the CPU frequency.",
			     "cpupower frequency-info");
	} else if (other) {
		doctor_found(finding, "%s", other);
		snprintf(finding->brief, sizeof(finding->brief),
			 "governor %.24s", finding->found);
		doctor_judge(finding, DOCTOR_WARN,
			     "The CPU frequency depends on the load. Sleeping "
			     "threads wake on a slow CPU; polling threads "
			     "raise the frequency of their CPU.",
			     "sudo cpupower frequency-set -g performance");
	} else {
		doctor_found(finding, "performance");
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	}
	json_decref(governors);
}

void doctor_turbo(struct finding *finding)
{
	static const char reason[] =
		"The turbo frequency depends on the temperature and on the "
		"number of active cores, so it drifts during a run.";
	char text[NUMBER_MAX];
	const char *command;
	bool on;

	if (host_read(text, sizeof(text), CPU_ROOT "/intel_pstate/no_turbo")) {
		on = !strcmp(text, "0");
		command = "echo 1 | sudo tee " CPU_ROOT
			  "/intel_pstate/no_turbo";
	} else if (host_read(text, sizeof(text), CPU_ROOT "/cpufreq/boost")) {
		on = strcmp(text, "0");
		command = "echo 0 | sudo tee " CPU_ROOT "/cpufreq/boost";
	} else {
		return;
	}
	doctor_found(finding, on ? "on" : "off");
	doctor_judge(finding, on ? DOCTOR_NOTE : DOCTOR_OK, on ? reason : NULL,
		     on ? command : NULL);
}

void doctor_smt(struct finding *finding)
{
	char text[NUMBER_MAX];
	bool active;

	if (host_read(text, sizeof(text), CPU_ROOT "/smt/active"))
		active = !strcmp(text, "1");
	else if (host_read(text, sizeof(text),
			   CPU_ROOT "/cpu0/topology/thread_siblings_list"))
		active = strpbrk(text, ",-");
	else
		return;
	doctor_found(finding, active ? "on" : "off");
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (active)
		doctor_judge(finding, DOCTOR_NOTE,
			     "Two of these CPUs can be hardware threads of "
			     "one core. A program on the sibling CPU of a "
			     "measured thread takes up to half of the core.",
			     "echo off | sudo tee " CPU_ROOT "/smt/control");
}

void doctor_isolated(struct finding *finding)
{
	char full[HOST_PATH_MAX];
	char text[NUMBER_MAX];

	host_path(full, CPU_ROOT "/isolated");
	if (host_read(text, sizeof(text), CPU_ROOT "/isolated")) {
		doctor_found(finding, "%s", text);
		doctor_judge(
			finding, DOCTOR_NOTE,
			"The scheduler places no threads on isolated CPUs. "
			"ringbench uses them only if taskset allows it.",
			"taskset -c LIST ringbench run ...");
	} else if (!access(full, F_OK)) {
		doctor_found(finding, "none");
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
		if (host_cpus_online() >= MANY_CPUS)
			doctor_judge(finding, DOCTOR_NOTE,
				     "Interrupts and threads of other programs "
				     "can run on the measured CPUs.",
				     "add isolcpus=2,3 nohz_full=2,3 to the "
				     "kernel's command line");
	}
}

/* Keeps the longest wake-up time of all enabled idle states. */
static void keep_latency(json_t *into, const char *directory, const char *name)
{
	char text[NUMBER_MAX];
	long latency;

	if (host_read(text, sizeof(text), "%s/%s/disable", directory, name) &&
	    strcmp(text, "0"))
		return;
	host_read(text, sizeof(text), "%s/%s/latency", directory, name);
	latency = strtol(text, NULL, 10);
	if (latency > json_integer_value(json_object_get(into, "us")))
		json_object_set_new(into, "us", json_integer(latency));
}

void doctor_idle(struct finding *finding)
{
	char text[NUMBER_MAX];
	json_t *deepest;
	json_int_t us;

	if (!host_read(text, sizeof(text), CPU_ROOT "/cpuidle/current_driver"))
		return;
	deepest = json_object();
	host_each(CPU_ROOT "/cpu0/cpuidle", "state", deepest, keep_latency);
	us = json_integer_value(json_object_get(deepest, "us"));
	json_decref(deepest);
	doctor_found(finding, "%.40s", text);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (!strcmp(text, "haltpoll")) {
		doctor_judge(finding, DOCTOR_NOTE,
			     "An idle CPU polls for some time before it halts. "
			     "Waking a thread is fast while its CPU still "
			     "polls, and slower afterwards.",
			     "cat /sys/module/haltpoll/parameters/"
			     "guest_halt_poll_ns");
	} else if (us >= DEEP_US) {
		doctor_found(finding, "%.40s, wake-up takes up to %lld us",
			     text, (long long)us);
		doctor_judge(finding, DOCTOR_NOTE,
			     "The longer a CPU is idle, the deeper its idle "
			     "state, and the longer a wake-up takes.",
			     "sudo cpupower idle-set -D 10");
	}
}

/* Clocks that a program can read without a system call. */
void doctor_clock(struct finding *finding)
{
	static const char *const fast[] = { "tsc", "arch_sys_counter",
					    "riscv_clocksource", "timebase" };
	static const char *const paravirtual[] = { "kvm-clock", "hyperv",
						   "xen" };
	char text[NUMBER_MAX];
	size_t i;

	if (!host_read(text, sizeof(text),
		       "/sys/devices/system/clocksource/clocksource0/"
		       "current_clocksource"))
		return;
	doctor_found(finding, "%s", text);
	snprintf(finding->brief, sizeof(finding->brief), "clock source %.24s",
		 text);
	doctor_judge(
		finding, DOCTOR_WARN,
		"Reading this clock needs a system call or a device access, "
		"which takes about 1 us. This makes measured waits longer.",
		"add clocksource=tsc to the kernel's command line");
	for (i = 0; i < HOST_COUNT(fast); i++)
		if (!strcmp(text, fast[i]))
			doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	for (i = 0; i < HOST_COUNT(paravirtual); i++)
		if (!strncmp(text, paravirtual[i], strlen(paravirtual[i])))
			doctor_judge(finding, DOCTOR_NOTE,
				     "This is the hypervisor's clock. Reading "
				     "it usually needs no system call. The "
				     "hypervisor adjusts it when the virtual "
				     "machine moves to another host.",
				     "cat /sys/devices/system/clocksource/*/"
				     "available_clocksource");
}

void doctor_judge_counters(struct finding *finding, int error)
{
	char level[NUMBER_MAX];

	if (!error) {
		doctor_found(finding, "available");
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	} else if (error == EACCES || error == EPERM) {
		host_read(level, sizeof(level),
			  "/proc/sys/kernel/perf_event_paranoid");
		doctor_found(finding,
			     "not permitted, perf_event_paranoid is %s",
			     *level ? level : "unknown");
		doctor_judge(finding, DOCTOR_NOTE,
			     "ringbench does not need hardware counters, but "
			     "without them perf cannot explain a result.",
			     "sudo sysctl kernel.perf_event_paranoid=1");
	} else {
		doctor_found(finding, "none: %s", strerror(error));
		doctor_judge(
			finding, DOCTOR_NOTE,
			"ringbench does not need hardware counters, but "
			"without counts of cycles and cache misses a result "
			"is harder to explain. Many virtual machines have no "
			"counters.",
			"perf stat true");
	}
}

void doctor_counters(struct finding *finding)
{
	struct perf_event_attr cycles = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(cycles),
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &cycles, 0, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);

	doctor_judge_counters(finding, fd < 0 ? errno : 0);
	if (fd >= 0)
		close(fd);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor looks at processors: number, speed, sleep, clock, counters. */
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
	FEW_CPUS = 2,	 /* two measured threads leave none for others */
	MANY_CPUS = 4,	 /* so many that some can be set aside */
	DEEP_US = 50,	 /* to wake up from a deep idle state */
	NUMBER_MAX = 64, /* characters of a file with one number or word */
};

void doctor_cpus(struct finding *finding)
{
	int online = host_cpus_online();
	int allowed = host_cpus_allowed();

	if (allowed < online)
		doctor_found(finding, "%d of %d allowed", allowed, online);
	else
		doctor_found(finding, "%d", allowed);
	snprintf(finding->brief, sizeof(finding->brief), "%d CPU%s", allowed,
		 allowed == 1 ? "" : "s");
	if (allowed < 2)
		doctor_judge(finding, DOCTOR_WARN,
			     "All threads share one CPU: most placements are "
			     "left out, and the others measure the scheduler.",
			     "taskset -cp 0-1 $$; or more CPUs for the machine "
			     "or container");
	else if (allowed <= FEW_CPUS)
		doctor_judge(finding, DOCTOR_NOTE,
			     "Two measured threads leave no CPU for the rest "
			     "of the system: whatever else runs, interrupts "
			     "them.",
			     "systemctl list-timers; stop what you can");
	else if (allowed < online)
		doctor_judge(finding, DOCTOR_NOTE,
			     "Others may use the CPUs that are not allowed "
			     "here, and share caches and heat with ours.",
			     "grep Cpus_allowed_list /proc/self/status");
	else
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
}

/* CPUID would tell about this machine, and not about one below a root. */
void doctor_virtual(struct finding *finding)
{
	char name[NUMBER_MAX];

	if (*host_root)
		host_read(name, sizeof(name), "/sys/hypervisor/type");
	else
		host_hypervisor(name, sizeof(name));
	doctor_found(finding, "%s", *name ? name : "no sign of one");
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (*name)
		doctor_judge(finding, DOCTOR_WARN,
			     "The hypervisor takes CPUs away without a word, "
			     "and cores and caches are what it claims. Believe "
			     "what was measured in turns, round by round, and "
			     "not the difference of two runs.",
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
			     "No cpufreq here: firmware or hypervisor chooses "
			     "the frequency.",
			     "cpupower frequency-info");
	} else if (other) {
		doctor_found(finding, "%s", other);
		snprintf(finding->brief, sizeof(finding->brief),
			 "governor %.24s", finding->found);
		doctor_judge(finding, DOCTOR_WARN,
			     "The frequency follows the load: threads that "
			     "sleep are woken on a slow CPU, threads that poll "
			     "make theirs fast.",
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
		"Frequency above the nominal one depends on heat and on how "
		"many cores are awake, so it drifts within a run.";
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
			     "Two CPUs can be one core: whatever runs on the "
			     "sibling of a measured thread takes half of it.",
			     "echo off | sudo tee " CPU_ROOT "/smt/control");
}

void doctor_isolated(struct finding *finding)
{
	char full[HOST_PATH_MAX];
	char text[NUMBER_MAX];

	host_path(full, CPU_ROOT "/isolated");
	if (host_read(text, sizeof(text), CPU_ROOT "/isolated")) {
		doctor_found(finding, "%s", text);
		doctor_judge(finding, DOCTOR_NOTE,
			     "The scheduler puts nobody on these, and us only "
			     "when we are told to.",
			     "taskset -c LIST ringbench run ...");
	} else if (!access(full, F_OK)) {
		doctor_found(finding, "none");
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
		if (host_cpus_online() >= MANY_CPUS)
			doctor_judge(finding, DOCTOR_NOTE,
				     "Interrupts and other threads may use the "
				     "CPUs that we measure.",
				     "isolcpus=2,3 nohz_full=2,3 on the "
				     "kernel's command line");
	}
}

/* Keeps the longest time to wake up from a state that is in use. */
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
			     "An idle CPU polls for a while before it halts: "
			     "waking a thread is cheap right after it went to "
			     "sleep and dear later.",
			     "cat /sys/module/haltpoll/parameters/"
			     "guest_halt_poll_ns");
	} else if (us >= DEEP_US) {
		doctor_found(finding, "%.40s, up to %lld us to wake up", text,
			     (long long)us);
		doctor_judge(finding, DOCTOR_NOTE,
			     "The longer a CPU has slept, the deeper it "
			     "sleeps, and the longer waking a thread takes.",
			     "sudo cpupower idle-set -D 10");
	}
}

/* Clocks that a program reads without asking the kernel. */
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
	doctor_judge(finding, DOCTOR_WARN,
		     "Each look at this clock asks the kernel or a device and "
		     "takes a microsecond or so: waits that are timed become "
		     "longer.",
		     "clocksource=tsc on the kernel's command line");
	for (i = 0; i < HOST_COUNT(fast); i++)
		if (!strcmp(text, fast[i]))
			doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	for (i = 0; i < HOST_COUNT(paravirtual); i++)
		if (!strncmp(text, paravirtual[i], strlen(paravirtual[i])))
			doctor_judge(finding, DOCTOR_NOTE,
				     "The hypervisor's clock: read without the "
				     "kernel as a rule, and set straight when "
				     "the machine moves.",
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
		doctor_found(finding, "forbidden, perf_event_paranoid %s",
			     *level ? level : "unknown");
		doctor_judge(finding, DOCTOR_NOTE,
			     "Nothing here needs them, but perf cannot tell "
			     "why a number is what it is.",
			     "sudo sysctl kernel.perf_event_paranoid=1");
	} else {
		doctor_found(finding, "none: %s", strerror(error));
		doctor_judge(finding, DOCTOR_NOTE,
			     "Nothing here needs them, but cycles and cache "
			     "misses cannot tell why a number is what it is. "
			     "Many virtual machines have none.",
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

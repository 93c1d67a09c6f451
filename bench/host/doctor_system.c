/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor looks at the neighbours, and at what the kernel allows us. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "doctor_checks.h"
#include "host_files.h"
#include "host_parts.h"
#include "host_ticks.h"

enum {
	FILES_MIN = 256,
	PROCESSES_MIN = 256,
	SLACK_DEFAULT_NS = 50000,
};

#define MEMLOCK_MIN (64LL << 20)
/* Shares of time. */
#define STEAL_NOTE 0.001
#define STEAL_WARN 0.01
/* Threads that were ready or running, on the average of a minute. */
#define LOAD_NOTE 0.3
#define LOAD_WARN 0.5

void doctor_steal(struct finding *finding)
{
	int64_t ticks[HOST_TICKS];
	double share = 0;
	double sum = 0;
	int i;

	host_ticks(NULL, ticks);
	if (ticks[TICK_STEAL] < 0)
		return;
	/* Guests' time is counted as the user's, too. */
	for (i = 0; i <= TICK_STEAL; i++)
		sum += (double)ticks[i];
	if (sum > 0)
		share = (double)ticks[TICK_STEAL] / sum;
	doctor_found(finding, "%.3g %% of the CPUs' time", 100 * share);
	snprintf(finding->brief, sizeof(finding->brief), "steal %.2g %%",
		 100 * share);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (share >= STEAL_NOTE)
		doctor_judge(finding,
			     share >= STEAL_WARN ? DOCTOR_WARN : DOCTOR_NOTE,
			     "The hypervisor gave these CPUs to other machines "
			     "while they had work to do. It comes in bursts: "
			     "see what the spinning finds now.",
			     "vmstat 1 5, column st; move to a quieter or "
			     "dedicated host");
}

void doctor_load(struct finding *finding)
{
	double limit = host_cpus_online() / 4.0;
	char text[HOST_TEXT_MAX];
	double load;
	int running;

	host_read(text, sizeof(text), "/proc/loadavg");
	if (sscanf(text, "%lf %*f %*f %d", &load, &running) != 2)
		return;
	limit = limit > LOAD_WARN ? limit : LOAD_WARN;
	doctor_found(finding, "%.2f in the last minute, %d ready now", load,
		     running);
	snprintf(finding->brief, sizeof(finding->brief), "load %.1f", load);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (load >= LOAD_NOTE)
		doctor_judge(finding, load >= limit ? DOCTOR_WARN : DOCTOR_NOTE,
			     "Other threads compete for the CPUs that are "
			     "measured: they preempt, and they empty caches.",
			     "ps -eo pcpu,pid,comm --sort=-pcpu | head; wait "
			     "a minute");
}

void doctor_quota(struct finding *finding)
{
	json_t *group = host_cgroup();
	json_t *quota = json_object_get(group, "quota_cpus");
	double cpus = json_number_value(quota);
	json_t *version = json_object_get(group, "version");

	if (version) {
		doctor_found(finding, "none");
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	}
	if (quota)
		doctor_found(finding, "%.3g CPUs, control groups version %d",
			     cpus, (int)json_integer_value(version));
	snprintf(finding->brief, sizeof(finding->brief), "CPU quota %.3g",
		 cpus);
	if (quota && cpus < host_cpus_allowed())
		doctor_judge(finding, DOCTOR_WARN,
			     "Threads that use more are stopped for the rest "
			     "of each period, mostly 100 ms: polling is "
			     "punished, blocking is not.",
			     "docker run --cpus=0; or systemctl set-property "
			     "UNIT CPUQuota=");
	json_decref(group);
}

void doctor_huge_pages(struct finding *finding)
{
	char text[HOST_TEXT_MAX];
	json_t *chosen;

	if (!host_read(text, sizeof(text),
		       "/sys/kernel/mm/transparent_hugepage/enabled"))
		return;
	chosen = host_value(text, FACT_CHOICE);
	if (!chosen)
		return;
	doctor_found(finding, "%s", json_string_value(chosen));
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (!strcmp(json_string_value(chosen), "always"))
		doctor_judge(finding, DOCTOR_NOTE,
			     "Whether memory lies in huge pages depends on "
			     "what is free, so processes differ, and a kernel "
			     "thread moves it around.",
			     "echo madvise | sudo tee /sys/kernel/mm/"
			     "transparent_hugepage/enabled");
	json_decref(chosen);
}

/* The first limit that can get in the way, or NULL. */
static const char *tight_limit(__rlimit_resource_t resource, rlim_t least,
			       const char *name)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= least)
		return NULL;
	return name;
}

/* Whether memory could be swapped out, and cannot be locked. */
static const char *swappable(void)
{
	char text[HOST_TEXT_MAX];

	if (!host_field(text, sizeof(text), "/proc/meminfo", "SwapTotal",
			':') ||
	    strtoll(text, NULL, 10) == 0)
		return NULL;
	return tight_limit(RLIMIT_MEMLOCK, MEMLOCK_MIN,
			   "locked memory, with swap in use");
}

void doctor_limits(struct finding *finding)
{
	const char *const tight[] = {
		tight_limit(RLIMIT_NOFILE, FILES_MIN, "open files"),
		tight_limit(RLIMIT_NPROC, PROCESSES_MIN, "processes"),
		tight_limit(RLIMIT_CPU, RLIM_INFINITY, "CPU time"),
		tight_limit(RLIMIT_AS, RLIM_INFINITY, "address space"),
		swappable(),
	};
	size_t length = 0;
	size_t i;

	for (i = 0; i < HOST_COUNT(tight); i++)
		if (tight[i])
			length += (size_t)snprintf(
				finding->found + length,
				sizeof(finding->found) - length, "%s%s",
				length ? "; " : "tight: ", tight[i]);
	if (!length)
		doctor_found(finding, "wide enough");
	doctor_judge(finding, length ? DOCTOR_NOTE : DOCTOR_OK,
		     length ? "A run with many threads or rows may fail half-"
			      "way, or wait for a disk in a window."
			    : NULL,
		     length ? "ulimit -a; raise it with ulimit, or in /etc/"
			      "security/limits.conf"
			    : NULL);
}

static void count_mitigation(json_t *into, const char *directory,
			     const char *name)
{
	char text[HOST_TEXT_MAX];

	if (!host_read(text, sizeof(text), "%s/%s", directory, name))
		return;
	json_object_set_new(into, name, json_true());
	if (!strncmp(text, "Mitigation", strlen("Mitigation")))
		json_array_append_new(json_object_get(into, "on"),
				      json_string(name));
}

void doctor_mitigations(struct finding *finding)
{
	json_t *seen = json_pack("{s:[]}", "on");
	size_t on;

	host_each("/sys/devices/system/cpu/vulnerabilities", "", seen,
		  count_mitigation);
	on = json_array_size(json_object_get(seen, "on"));
	if (json_object_size(seen) > 1) {
		doctor_found(finding, "%zu on", on);
		doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	}
	if (on)
		doctor_judge(finding, DOCTOR_NOTE,
			     "They make each entry into the kernel dearer, so "
			     "sleeping and blocking, but not polling. Machines "
			     "differ in them.",
			     "grep . /sys/devices/system/cpu/vulnerabilities/"
			     "*");
	json_decref(seen);
}

void doctor_slack(struct finding *finding)
{
	int ns = prctl(PR_GET_TIMERSLACK);

	if (ns < 0)
		return;
	doctor_found(finding, "%g us", ns / 1e3);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (ns > SLACK_DEFAULT_NS)
		doctor_judge(finding, DOCTOR_NOTE,
			     "Sleeps and timeouts may end so much later than "
			     "asked for; 50 us are usual.",
			     "echo 50000 > /proc/$$/timerslack_ns");
}

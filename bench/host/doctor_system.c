/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of the doctor about other programs, other virtual machines, and the
 * limits of this process. */
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
/* Limits for the share of stolen time. */
#define STEAL_NOTE 0.001
#define STEAL_WARN 0.01
/* Limits for the load: number of ready or running threads, averaged over one
 * minute. */
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
	/* Guest time is not added, because the kernel has already added it to
	 * user time. */
	for (i = 0; i <= TICK_STEAL; i++)
		sum += (double)ticks[i];
	if (sum > 0)
		share = (double)ticks[TICK_STEAL] / sum;
	doctor_found(finding, "%.3g %% of the time of all CPUs", 100 * share);
	snprintf(finding->brief, sizeof(finding->brief), "steal %.2g %%",
		 100 * share);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (share >= STEAL_NOTE)
		doctor_judge(
			finding,
			share >= STEAL_WARN ? DOCTOR_WARN : DOCTOR_NOTE,
			"The hypervisor ran other virtual machines while these "
			"CPUs had work to do. Steal comes in bursts; see "
			"\"steal while spinning\" for the current value.",
			"vmstat 1 5 shows steal in column st; use a quieter or "
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
	doctor_found(finding, "%.2f in the last minute, %d threads ready now",
		     load, running);
	snprintf(finding->brief, sizeof(finding->brief), "load %.1f", load);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (load >= LOAD_NOTE)
		doctor_judge(finding, load >= limit ? DOCTOR_WARN : DOCTOR_NOTE,
			     "Other programs compete for the measured CPUs. "
			     "They preempt measured threads and evict their "
			     "data from the caches.",
			     "ps -eo pcpu,pid,comm --sort=-pcpu | head; then "
			     "wait one minute");
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
			     "Threads that use up the quota are stopped until "
			     "the next period (usually 100 ms). This slows "
			     "polling wait policies more than blocking ones.",
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
			     "The use of huge pages depends on free memory, so "
			     "it differs between processes. A kernel thread "
			     "also moves pages during a run.",
			     "echo madvise | sudo tee /sys/kernel/mm/"
			     "transparent_hugepage/enabled");
	json_decref(chosen);
}

/* The name of the limit if it is lower than `least`, otherwise NULL. */
static const char *tight_limit(__rlimit_resource_t resource, rlim_t least,
			       const char *name)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= least)
		return NULL;
	return name;
}

/* The name of the memory lock limit if memory can be swapped out and the limit
 * is low; otherwise NULL. */
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
				length ? "; " : "low: ", tight[i]);
	if (!length)
		doctor_found(finding, "sufficient");
	doctor_judge(finding, length ? DOCTOR_NOTE : DOCTOR_OK,
		     length ? "A run with many threads may fail, or a thread "
			      "may wait for the disk during the window."
			    : NULL,
		     length ? "ulimit -a; raise the limit with ulimit or in "
			      "/etc/security/limits.conf"
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
		doctor_judge(
			finding, DOCTOR_NOTE,
			"Mitigations of CPU vulnerabilities make system calls "
			"slower. This affects sleeping and blocking, but not "
			"polling. Machines use different mitigations.",
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
			     "Sleeps and timeouts can end later than requested "
			     "by this time. The usual value is 50 us.",
			     "echo 50000 > /proc/$$/timerslack_ns");
}

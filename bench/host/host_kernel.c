/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel: its version, and the options that affect scheduling and
 * wake-ups. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <zlib.h>

#include "host_files.h"
#include "host_parts.h"

/* Prefixes of kernel options that affect scheduling and wake-ups. */
static const char *const kernel_options[] = {
	"amd_pstate",
	"clocksource",
	"cpufreq",
	"cpuidle",
	"default_hugepagesz",
	"haltpoll",
	"highres",
	"hugepages",
	"idle=",
	"intel_idle",
	"intel_pstate",
	"irqaffinity",
	"isolcpus",
	"kthread_cpus",
	"l1tf",
	"maxcpus",
	"mds=",
	"mitigations",
	"nmi_watchdog",
	"no-kvm",
	"no_timer_check",
	"nohz",
	"nopti",
	"nosmp",
	"nosmt",
	"nospec",
	"nowatchdog",
	"nr_cpus",
	"numa",
	"preempt",
	"processor.",
	"psi=",
	"pti=",
	"rcu",
	"retbleed",
	"sched",
	"skew_tick",
	"spec",
	"srso",
	"threadirqs",
	"transparent_hugepage",
	"tsc",
	"tsx",
	"workqueue",
};

static const char *const config_options[] = {
	"CONFIG_HZ=",
	"CONFIG_HIGH_RES_TIMERS=",
	"CONFIG_NO_HZ",
	"CONFIG_PREEMPT",
};

static bool begins_with_any(const char *text, const char *const *beginnings,
			    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strncmp(text, beginnings[i], strlen(beginnings[i])))
			return true;
	return false;
}

/* Words after "--" are options of init, not of the kernel. */
static void put_kernel_options(json_t *into)
{
	char text[HOST_TEXT_MAX];
	char *rest = text;
	char *option;
	json_t *found = json_array();

	if (host_read(text, sizeof(text), "/proc/cmdline"))
		while ((option = strsep(&rest, " ")) && strcmp(option, "--"))
			if (begins_with_any(option, kernel_options,
					    HOST_COUNT(kernel_options)))
				json_array_append_new(found,
						      json_string(option));
	host_put_part(into, "kernel_options", found);
}

/* zlib reads both the compressed file in /proc and the plain file in /boot. */
static gzFile open_config(const char *release)
{
	char boot[HOST_PATH_MAX];
	char full[HOST_PATH_MAX];
	gzFile file;

	host_path(full, "/proc/config.gz");
	file = gzopen(full, "re");
	if (file)
		return file;
	snprintf(boot, sizeof(boot), "/boot/config-%s", release);
	host_path(full, boot);
	return gzopen(full, "re");
}

static void put_kernel_config(json_t *into, const char *release)
{
	json_t *found = json_object();
	gzFile file = open_config(release);
	char line[HOST_TEXT_MAX];

	while (file && gzgets(file, line, sizeof(line))) {
		bool wanted = begins_with_any(line, config_options,
					      HOST_COUNT(config_options));
		char *rest = line;
		const char *name = strsep(&rest, "=");

		if (wanted && rest)
			json_object_set_new(found, name,
					    json_string(strsep(&rest, "\n")));
	}
	if (file)
		gzclose(file);
	host_put_part(into, "kernel_config", found);
}

void host_put_kernel(json_t *into)
{
	struct utsname name;

	put_kernel_options(into);
	if (uname(&name))
		return;
	host_put(into, "kernel", "system", json_string(name.sysname));
	host_put(into, "kernel", "release", json_string(name.release));
	host_put(into, "kernel", "version", json_string(name.version));
	host_put(into, "kernel", "machine", json_string(name.machine));
	put_kernel_config(into, name.release);
}

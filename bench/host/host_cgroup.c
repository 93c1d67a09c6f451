/* SPDX-License-Identifier: BSD-2-Clause */
/* Control groups, version 1 and 2: the CPU time that a container may use. */
#include <stdio.h>
#include <string.h>

#include "host_files.h"
#include "host_parts.h"

static const char mounts[] = "/sys/fs/cgroup";

struct cgroup {
	int version; /* 0: no control group found */
	char mount[256];
	char path[512];
};

/* Whether a list such as "cpu,cpuacct" contains the controller. */
static bool lists(const char *controllers, const char *controller)
{
	size_t length = strlen(controller);
	const char *at;

	for (at = controllers; *at; at += strcspn(at, ",")) {
		at += strspn(at, ",");
		if (!strncmp(at, controller, length) &&
		    (!at[length] || at[length] == ','))
			return true;
	}
	return false;
}

/* Systems with both versions mount version 2 in a subfolder. */
static void find_unified(struct cgroup *cgroup, const char *path)
{
	char text[HOST_TEXT_MAX];
	bool alone = host_read(text, sizeof(text), "%s/cgroup.controllers",
			       mounts);

	cgroup->version = 2;
	snprintf(cgroup->mount, sizeof(cgroup->mount), "%s%s", mounts,
		 alone ? "" : "/unified");
	snprintf(cgroup->path, sizeof(cgroup->path), "%s", path);
}

/*
 * A line of /proc/self/cgroup is "id:controllers:path". The line of version 2
 * has the id 0 and no controllers. A controller belongs either to control
 * groups version 1 or to version 2.
 */
static void find_line(struct cgroup *cgroup, const char *controller)
{
	char text[HOST_TEXT_MAX];
	char *rest = text;
	char *line;

	memset(cgroup, 0, sizeof(*cgroup));
	host_read(text, sizeof(text), "/proc/self/cgroup");
	while ((line = strsep(&rest, "\n"))) {
		const char *id = strsep(&line, ":");
		const char *controllers = strsep(&line, ":");

		if (!line)
			continue;
		if (lists(controllers, controller)) {
			cgroup->version = 1;
			snprintf(cgroup->mount, sizeof(cgroup->mount),
				 "%s/%.128s", mounts, controllers);
			snprintf(cgroup->path, sizeof(cgroup->path), "%s",
				 line);
			return;
		}
		if (!strcmp(id, "0") && !*controllers)
			find_unified(cgroup, line);
	}
}

static void find_cgroup(struct cgroup *cgroup, const char *controller)
{
	find_line(cgroup, controller);
	if (!strcmp(cgroup->path, "/"))
		*cgroup->path = '\0'; /* the root has an empty path; "/" would
					 visit it twice */
}

/*
 * Goes to the parent group. Returns false after the root. In a container the
 * path may be the path outside the container; then the files are missing below
 * the root and exist only at the root of the mount.
 */
static bool go_up(struct cgroup *cgroup)
{
	char *slash = strrchr(cgroup->path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

static bool read_group(char *text, size_t size, const struct cgroup *cgroup,
		       const char *file)
{
	return host_read(text, size, "%s%s/%s", cgroup->mount, cgroup->path,
			 file);
}

/* The quota of one group, as a number of CPUs; 0: no quota. */
static double read_quota(const struct cgroup *cgroup)
{
	char text[HOST_TEXT_MAX];
	double quota = 0;
	double period = 0;

	if (cgroup->version == 2) {
		read_group(text, sizeof(text), cgroup, "cpu.max");
		sscanf(text, "%lf %lf", &quota, &period);
	} else {
		read_group(text, sizeof(text), cgroup, "cpu.cfs_quota_us");
		sscanf(text, "%lf", &quota);
		read_group(text, sizeof(text), cgroup, "cpu.cfs_period_us");
		sscanf(text, "%lf", &period);
	}
	return quota > 0 && period > 0 ? quota / period : 0;
}

/* The smallest quota from the group up to the root applies. */
static void put_quota(json_t *into)
{
	struct cgroup cgroup;
	double tightest = 0;
	double quota;

	find_cgroup(&cgroup, "cpu");
	if (!cgroup.version)
		return;
	json_object_set_new(into, "version", json_integer(cgroup.version));
	do {
		quota = read_quota(&cgroup);
		if (quota > 0 && (tightest <= 0 || quota < tightest))
			tightest = quota;
	} while (go_up(&cgroup));
	if (tightest > 0)
		json_object_set_new(into, "quota_cpus", json_real(tightest));
}

static void put_cpuset(json_t *into)
{
	static const char *const files[] = { "cpuset.cpus.effective",
					     "cpuset.effective_cpus",
					     "cpuset.cpus" };
	char text[HOST_TEXT_MAX];
	struct cgroup cgroup;
	size_t i;

	find_cgroup(&cgroup, "cpuset");
	if (!cgroup.version)
		return;
	do {
		for (i = 0; i < HOST_COUNT(files); i++) {
			if (!read_group(text, sizeof(text), &cgroup, files[i]))
				continue;
			json_object_set_new(into, "cpuset", json_string(text));
			return;
		}
	} while (go_up(&cgroup));
}

json_t *host_cgroup(void)
{
	json_t *description = json_object();

	put_quota(description);
	put_cpuset(description);
	return description;
}

static void add_field(json_t *into, const char *key,
		      const struct cgroup *cgroup, const char *name,
		      json_int_t unit)
{
	char path[HOST_PATH_MAX];
	char text[64];
	json_t *number;
	json_int_t sum = json_integer_value(json_object_get(into, key));

	snprintf(path, sizeof(path), "%s%s/cpu.stat", cgroup->mount,
		 cgroup->path);
	if (!host_field(text, sizeof(text), path, name, ' '))
		return;
	number = host_value(text, FACT_NUMBER);
	sum += json_integer_value(number) * unit;
	json_decref(number);
	json_object_set_new(into, key, json_integer(sum));
}

/* Each group up to the root can stop this process, so their counts are
 * added. */
json_t *host_cgroup_throttled(void)
{
	json_t *throttled = json_object();
	struct cgroup cgroup;

	find_cgroup(&cgroup, "cpu");
	if (!cgroup.version)
		return throttled;
	do {
		add_field(throttled, "throttled", &cgroup, "nr_throttled", 1);
		/* Version 2 counts microseconds, version 1 nanoseconds. */
		add_field(throttled, "throttled_ns", &cgroup, "throttled_usec",
			  1000);
		add_field(throttled, "throttled_ns", &cgroup, "throttled_time",
			  1);
	} while (go_up(&cgroup));
	return throttled;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The current state of the machine, recorded before and after a run. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "host_files.h"
#include "host_parts.h"
#include "host_ticks.h"

static void put_time(json_t *into)
{
	time_t now = time(NULL);
	char text[sizeof("2026-01-31T23:59:59Z")];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json_object_set_new(into, "time", json_string(text));
}

static void put_load(json_t *into)
{
	char text[HOST_TEXT_MAX];
	double minutes_1, minutes_5, minutes_15, uptime_s;
	int threads;

	if (host_read(text, sizeof(text), "/proc/loadavg") &&
	    sscanf(text, "%lf %lf %lf %*d/%d", &minutes_1, &minutes_5,
		   &minutes_15, &threads) == 4) {
		host_put(into, "load", "minutes_1", json_real(minutes_1));
		host_put(into, "load", "minutes_5", json_real(minutes_5));
		host_put(into, "load", "minutes_15", json_real(minutes_15));
		host_put(into, "load", "threads", json_integer(threads));
	}
	if (host_read(text, sizeof(text), "/proc/uptime") &&
	    sscanf(text, "%lf", &uptime_s) == 1)
		json_object_set_new(into, "uptime_s", json_real(uptime_s));
}

/* CPU time since boot, summed over all CPUs. Old kernels have fewer columns. */
static void put_ticks(json_t *into)
{
	int64_t ticks[HOST_TICKS];

	if (!host_ticks(NULL, ticks))
		return;
	for (int i = 0; i < HOST_TICKS && ticks[i] >= 0; i++)
		host_put(into, "cpu_ticks", host_tick_names[i],
			 json_integer(ticks[i]));
	json_object_set_new(into, "ticks_per_s",
			    json_integer(sysconf(_SC_CLK_TCK)));
}

static void put_frequency(json_t *into, const char *directory, const char *name)
{
	char text[64];

	if (host_read(text, sizeof(text), "%s/%s/cpufreq/scaling_cur_freq",
		      directory, name))
		host_put(into, "frequency_khz", name,
			 host_value(text, FACT_NUMBER));
}

/* Number of thermal throttling events since boot, summed over all cores. */
static void add_throttles(json_t *into, const char *directory, const char *name)
{
	static const char key[] = "thermal_throttles";
	json_int_t sum = json_integer_value(json_object_get(into, key));
	json_t *count;
	char text[64];

	if (!host_read(text, sizeof(text),
		       "%s/%s/thermal_throttle/core_throttle_count", directory,
		       name))
		return;
	count = host_value(text, FACT_NUMBER);
	json_object_set_new(into, key,
			    json_integer(sum + json_integer_value(count)));
	json_decref(count);
}

/* Percentage of the time in which at least one task waited for a CPU. */
static void put_pressure(json_t *into)
{
	char text[HOST_TEXT_MAX];
	double seconds_10, seconds_60;
	long long total_us;

	if (!host_field(text, sizeof(text), "/proc/pressure/cpu", "some",
			' ') ||
	    sscanf(text, "avg10=%lf avg60=%lf avg300=%*f total=%lld",
		   &seconds_10, &seconds_60, &total_us) != 3)
		return;
	host_put(into, "cpu_pressure", "seconds_10_percent",
		 json_real(seconds_10));
	host_put(into, "cpu_pressure", "seconds_60_percent",
		 json_real(seconds_60));
	host_put(into, "cpu_pressure", "total_us", json_integer(total_us));
}

json_t *host_state(void)
{
	static const struct field load_fields[] = {
		{ "running", "procs_running", FACT_NUMBER },
		{ "blocked", "procs_blocked", FACT_NUMBER },
	};
	static const struct field memory_fields[] = {
		{ "available_kib", "MemAvailable", FACT_NUMBER },
		{ "swap_free_kib", "SwapFree", FACT_NUMBER },
	};
	static const char cpus[] = "/sys/devices/system/cpu";
	json_t *state = json_object();

	put_time(state);
	put_load(state);
	host_put_fields(state, "load", "/proc/stat", ' ', load_fields,
			HOST_COUNT(load_fields));
	put_ticks(state);
	put_pressure(state);
	host_put_fields(state, "memory", "/proc/meminfo", ':', memory_fields,
			HOST_COUNT(memory_fields));
	host_each(cpus, "cpu", state, put_frequency);
	host_each(cpus, "cpu", state, add_throttles);
	host_put_part(state, "cgroup", host_cgroup_throttled());
	return state;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The results of the spinning threads: findings, charts and JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ringbench_clock.h"
#include "doctor_checks.h"
#include "doctor_spin.h"
#include "host_files.h"

enum {
	CHARTS_MAX = 8,
	BAR_MAX = 48,
	BAR_STEP = 8, /* a bar is longer by this number of characters for ten
			 times as many gaps */
};

/* Limits for the share of lost time and for the longest gap. */
#define LOST_NOTE    0.001
#define LOST_WARN    0.01
#define LONGEST_NOTE RINGBENCH_NS_PER_MS
#define LONGEST_WARN (10 * RINGBENCH_NS_PER_MS)

/* "4.02 ms" */
static const char *format_time(int64_t ns, char text[24])
{
	if (ns >= RINGBENCH_NS_PER_MS)
		snprintf(text, 24, "%.3g ms", (double)ns / RINGBENCH_NS_PER_MS);
	else
		snprintf(text, 24, "%.3g us", (double)ns / RINGBENCH_NS_PER_US);
	return text;
}

static void judge_gaps(const struct spin *spin, struct finding *finding)
{
	int64_t longest = 0;
	double share = 0;
	char time[24];
	int i;

	for (i = 0; i < spin->count; i++) {
		share = fmax(share, gaps_share(&spin->gaps[i]));
		if (spin->gaps[i].longest_ns > longest)
			longest = spin->gaps[i].longest_ns;
	}
	doctor_found(finding, "up to %.2g %% of a CPU lost, longest gap %s",
		     100 * share, format_time(longest, time));
	snprintf(finding->brief, sizeof(finding->brief), "gaps of %s", time);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (share >= LOST_NOTE || longest >= LONGEST_NOTE)
		doctor_judge(finding,
			     share >= LOST_WARN || longest >= LONGEST_WARN
				     ? DOCTOR_WARN
				     : DOCTOR_NOTE,
			     "A test thread that only reads the clock was "
			     "interrupted by other threads, interrupts or the "
			     "hypervisor. Measured threads are interrupted in "
			     "the same way.",
			     "stop other programs; check /proc/interrupts; "
			     "measure later");
}

static void judge_steal(const struct spin *spin, struct finding *finding)
{
	double share = spin->steal_share;

	if (share < 0)
		return;
	doctor_found(finding, "%.2g %% of the CPUs' time", 100 * share);
	snprintf(finding->brief, sizeof(finding->brief), "steal %.2g %%",
		 100 * share);
	doctor_judge(finding, DOCTOR_OK, NULL, NULL);
	if (share >= LOST_NOTE)
		doctor_judge(
			finding, share >= LOST_WARN ? DOCTOR_WARN : DOCTOR_NOTE,
			"The hypervisor ran other virtual machines on these "
			"CPUs. The kernel counts steal in ticks of 10 ms; "
			"shorter interruptions appear only as gaps.",
			"measure later, or on a quieter host");
}

void spin_judge(const struct spin *spin, struct doctor *doctor)
{
	judge_gaps(spin, doctor_add(doctor, "spinning"));
	judge_steal(spin, doctor_add(doctor, "steal while spinning"));
}

static void print_bars(const struct gaps *gaps, FILE *to)
{
	int length;
	char low[24];
	size_t i;

	for (i = 0; i < GAP_BUCKETS; i++) {
		if (!gaps->counts[i])
			continue;
		length = 1 + (int)(BAR_STEP * log10((double)gaps->counts[i]));
		if (length > BAR_MAX)
			length = BAR_MAX;
		fprintf(to, "%9s %9llu  ", format_time(gap_lows_ns[i], low),
			(unsigned long long)gaps->counts[i]);
		while (length--)
			fputc('#', to);
		fputc('\n', to);
	}
}

static void print_chart(int cpu, const struct gaps *gaps, FILE *to)
{
	char longest[24];

	fprintf(to, "CPU %d: lost %.3g %%, longest gap %s", cpu,
		100 * gaps_share(gaps), format_time(gaps->longest_ns, longest));
	if (gaps->runqueue_ns >= 0 && gaps->elapsed_ns > 0)
		fprintf(to, "; other threads ran %.2g %%",
			100 * (double)gaps->runqueue_ns /
				(double)gaps->elapsed_ns);
	fputc('\n', to);
	print_bars(gaps, to);
}

/* The CPU that lost the largest share of time, among the CPUs that were not
 * printed yet. */
static int next_worst(const struct spin *spin, const bool *shown)
{
	int worst = -1;
	int i;

	for (i = 0; i < spin->count; i++)
		if (!shown[i] &&
		    (worst < 0 || gaps_share(&spin->gaps[i]) >
					  gaps_share(&spin->gaps[worst])))
			worst = i;
	return worst;
}

void spin_print(const struct spin *spin, FILE *to)
{
	bool *shown = calloc((size_t)spin->count + 1, sizeof(*shown));
	int i, cpu;

	if (!shown)
		abort();
	fprintf(to,
		"\n"
		"Gaps between two reads of the clock; one thread per CPU "
		"read it for %g s\n"
		"(each line: shortest gap, number of gaps; 8 more # mean ten "
		"times as many gaps)\n",
		(double)spin->duration_ns / RINGBENCH_NS_PER_S);
	for (i = 0; i < CHARTS_MAX && (cpu = next_worst(spin, shown)) >= 0;
	     i++) {
		shown[cpu] = true;
		print_chart(spin->cpus[cpu], &spin->gaps[cpu], to);
	}
	if (spin->count > CHARTS_MAX)
		fprintf(to,
			"%d more CPUs lost less time; --json prints all of "
			"them\n",
			spin->count - CHARTS_MAX);
	free(shown);
}

static json_t *gaps_json(int cpu, const struct gaps *gaps)
{
	json_t *buckets = json_array();
	json_t *entry;
	size_t i;

	for (i = 0; i < GAP_BUCKETS; i++)
		json_array_append_new(
			buckets, json_pack("{s:I, s:I}", "from_ns",
					   (json_int_t)gap_lows_ns[i], "count",
					   (json_int_t)gaps->counts[i]));
	entry = json_pack("{s:i, s:I, s:I, s:I, s:f, s:I, s:o}", "cpu", cpu,
			  "usual_ns", (json_int_t)gaps->usual_ns, "limit_ns",
			  (json_int_t)gaps->limit_ns, "elapsed_ns",
			  (json_int_t)gaps->elapsed_ns, "lost_share",
			  gaps_share(gaps), "longest_ns",
			  (json_int_t)gaps->longest_ns, "gaps", buckets);
	if (gaps->runqueue_ns >= 0)
		json_object_set_new(
			entry, "runqueue_ns",
			json_integer((json_int_t)gaps->runqueue_ns));
	return entry;
}

json_t *spin_json(const struct spin *spin)
{
	json_t *cpus = json_array();
	json_t *json;
	int i;

	for (i = 0; i < spin->count; i++)
		json_array_append_new(cpus,
				      gaps_json(spin->cpus[i], &spin->gaps[i]));
	json = json_pack("{s:f, s:o}", "seconds",
			 (double)spin->duration_ns / RINGBENCH_NS_PER_S, "cpus",
			 cpus);
	if (spin->steal_share >= 0)
		json_object_set_new(json, "steal_share",
				    json_real(spin->steal_share));
	return json;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "wishes.h"

/* The schedule has a resolution of 1 ns, so there is at most one message in
 * each ns. */
#define RATE_MAX INT64_C(1000000000)

static const char *const percentiles[] = { "p50", "p90", "p99", "p999" };
/* The values of --order, in the order of enum queue_order. */
static const char *const orders[] = { "any", "per-producer", "fifo" };

void wishes_init(struct wishes *wishes)
{
	*wishes = (struct wishes){
		.producers = 1,
		.consumers = 1,
		.percentile = "p99",
	};
}

static int bad(struct fault *fault, const char *name, const char *text,
	       const char *write)
{
	return fault_set(fault, EXIT_USAGE,
			 "--%s \"%.60s\" is not possible; write %s", name, text,
			 write);
}

static int set_rate(struct wishes *wishes, const char *text,
		    struct fault *fault)
{
	if (text_parse_rate(text, &wishes->rate) == 0 && wishes->rate >= 1 &&
	    wishes->rate <= RATE_MAX)
		return 0;
	wishes->rate = 0;
	return bad(fault, "rate", text,
		   "messages a second from 1 to 1G, such as 50k/s");
}

static int set_cpu(struct wishes *wishes, const char *text, struct fault *fault)
{
	char *end;
	double percent = strtod(text, &end);

	if (*text < '0' || *text > '9' || strcmp(end, "%") != 0 ||
	    !(percent > 0) || percent > 100.0 * PRODUCERS_MAX)
		return bad(fault, "cpu", text,
			   "a share of one CPU in percent, such as 5%");
	wishes->cpu = percent / 100;
	return 0;
}

static int set_latency(struct wishes *wishes, const char *text,
		       struct fault *fault)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;

	for (size_t i = 0; i < sizeof(percentiles) / sizeof(*percentiles); i++)
		if (strlen(percentiles[i]) == length &&
		    strncmp(percentiles[i], text, length) == 0 &&
		    text_parse_duration(colon + 1, &wishes->latency_ns) == 0 &&
		    wishes->latency_ns > 0) {
			wishes->percentile = percentiles[i];
			return 0;
		}
	wishes->latency_ns = 0;
	return bad(fault, "latency", text,
		   "p50, p90, p99 or p999, a colon and a time, such as "
		   "p99:20us");
}

static int set_order(struct wishes *wishes, const char *text,
		     struct fault *fault)
{
	for (int i = ORDER_ANY; i <= ORDER_FIFO; i++)
		if (strcmp(orders[i], text) == 0) {
			wishes->order = (enum queue_order)i;
			return 0;
		}
	return bad(fault, "order", text, "fifo, per-producer or any");
}

static int set_answer(const char *name, const char *text, bool *yes,
		      struct fault *fault)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return bad(fault, name, text, "yes or no");
	*yes = *text == 'y';
	return 0;
}

static int set_threads(const char *name, const char *text, int64_t *count,
		       struct fault *fault)
{
	if (text_parse_integer(text, 1, PRODUCERS_MAX, count) != 0)
		return bad(fault, name, text, "a number from 1 to 64");
	return 0;
}

/* Notes that the wish was given. The same wish twice is a contradiction. */
static int note_given(struct wishes *wishes, const char *name,
		      struct fault *fault)
{
	static const char *const names[] = { "producers", "consumers", "rate",
					     "cpu",	  "latency",   "order",
					     "blocking",  "bounded" };
	unsigned bit = 1;

	for (size_t i = 0; strcmp(names[i], name) != 0; i++)
		bit <<= 1;
	if (wishes->given & bit)
		return fault_set(fault, EXIT_USAGE,
				 "--%s is given twice; recommend takes one "
				 "value, so remove the other one",
				 name);
	wishes->given |= bit;
	return 0;
}

int wishes_set(struct wishes *wishes, const char *name, const char *text,
	       struct fault *fault)
{
	bool yes = false;

	if (note_given(wishes, name, fault) != 0)
		return -1;
	if (strcmp(name, "producers") == 0)
		return set_threads(name, text, &wishes->producers, fault);
	if (strcmp(name, "consumers") == 0)
		return set_threads(name, text, &wishes->consumers, fault);
	if (strcmp(name, "rate") == 0)
		return set_rate(wishes, text, fault);
	if (strcmp(name, "cpu") == 0)
		return set_cpu(wishes, text, fault);
	if (strcmp(name, "latency") == 0)
		return set_latency(wishes, text, fault);
	if (strcmp(name, "order") == 0)
		return set_order(wishes, text, fault);
	if (set_answer(name, text, &yes, fault) != 0)
		return -1;
	if (strcmp(name, "blocking") == 0)
		wishes->non_blocking = !yes;
	else
		wishes->bounded = yes;
	return 0;
}

int wishes_check(const struct wishes *wishes, struct fault *fault)
{
	if (!wishes->rate)
		return fault_set(fault, EXIT_USAGE,
				 "recommend needs the load; write --rate, in "
				 "messages a second, such as --rate 50k/s");
	if (wishes->cpu > (double)wishes->consumers)
		return fault_set(fault, EXIT_USAGE,
				 "--cpu %g%% is more than %lld consumer%s can "
				 "use; remove --cpu, or choose a smaller share",
				 100 * wishes->cpu,
				 (long long)wishes->consumers,
				 wishes->consumers == 1 ? "" : "s");
	return 0;
}

void wishes_format(const struct wishes *wishes, char *text, unsigned size)
{
	char rate[TEXT_NUMBER_MAX], time[TEXT_NUMBER_MAX];
	size_t used;

	text_format_rate(wishes->rate, rate);
	text_format_duration(wishes->latency_ns, time);
	snprintf(text, size, "%lld producer%s, %lld consumer%s, messages at %s",
		 (long long)wishes->producers,
		 wishes->producers == 1 ? "" : "s",
		 (long long)wishes->consumers,
		 wishes->consumers == 1 ? "" : "s", rate);
	used = strlen(text);
	if (wishes->latency_ns)
		snprintf(text + used, size - used, ", latency %s at most %s",
			 wishes->percentile, time);
	used = strlen(text);
	if (wishes->cpu > 0)
		snprintf(text + used, size - used,
			 ", consumers use at most %g %% of a CPU",
			 100 * wishes->cpu);
	used = strlen(text);
	if (wishes->order != ORDER_ANY)
		snprintf(text + used, size - used, ", order %s",
			 orders[wishes->order]);
	used = strlen(text);
	snprintf(text + used, size - used, "%s%s",
		 wishes->non_blocking ? ", not blocking" : "",
		 wishes->bounded ? ", bounded" : "");
}

/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "candidates.h"
#include "registry.h"
#include "ringbench_clock.h"
#include "signed_rank.h"
#include "text.h"
#include "trial.h"

/* Shortest window, so that the start of the threads does not matter. */
#define WINDOW_MIN_NS (100 * RINGBENCH_NS_PER_MS)
/* Factor for the number of messages, because the number of arrivals in a window
 * varies. */
#define MARGIN 1.25

/* The wait policies to compare. */
#define WAITS	    "block,spin,yield,sleep:50us,sleep:1ms,adaptive:20us"
#define WAITS_COUNT 6

/*
 * Queues that are measured first: the rings of this project and the queues that
 * most programs already have. The others follow in the order of their names.
 */
static const char *const first[] = { "mutex", "spsc_ring", "mpmc_ring" };

/* Messages that a window needs for the percentile; see docs/methodology.md. */
static double messages_for(const char *percentile)
{
	double share = strtod(percentile + 1, NULL);

	while (share >= 1)
		share /= 10; /* "p999" is 0.999 */
	return 10 / (1 - share);
}

static int64_t window_ns(const struct wishes *wishes)
{
	double seconds = MARGIN * messages_for(wishes->percentile) /
			 (double)wishes->rate;

	/* Whole milliseconds. The factors are not exact, so 125 ms may be
	 * slightly more. */
	return (int64_t)fmax(ceil(seconds * 1000 - 1e-6) * RINGBENCH_NS_PER_MS,
			     (double)WINDOW_MIN_NS);
}

static bool is_first(const char *id)
{
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		if (strcmp(first[i], id) == 0)
			return true;
	return false;
}

static bool may_serve(const struct backend *backend,
		      const struct wishes *wishes)
{
	return backend && !(backend->flags & BACKEND_NOT_A_QUEUE) &&
	       strcmp(backend->id, "skeleton") != 0 &&
	       (wishes->producers == 1 ||
		backend->flags & BACKEND_MULTI_PRODUCER) &&
	       (wishes->consumers == 1 ||
		backend->flags & BACKEND_MULTI_CONSUMER) &&
	       candidates_obstacle(backend, wishes) == OBSTACLE_NONE;
}

static int add_queue(struct plan *plan, const char *id,
		     const struct wishes *wishes,
		     const struct topology *topology, struct fault *fault)
{
	char line[512], window[TEXT_NUMBER_MAX];

	text_format_duration(window_ns(wishes), window);
	snprintf(line, sizeof(line),
		 "--scenario stream --backend %.60s --wait " WAITS
		 " --producers %lld --consumers %lld --rate %lld "
		 "--placement near --duration %s",
		 id, (long long)wishes->producers, (long long)wishes->consumers,
		 (long long)wishes->rate, window);
	return plan_parse_line(plan, line, topology, fault);
}

/* Rounds that a test needs to separate one of the cells from the others. */
static int64_t rounds_for(size_t cells)
{
	size_t needed = pairs_needed(0.05 / (double)(cells > 1 ? cells : 1));

	return needed > TRIAL_ROUNDS_MIN ? (int64_t)needed : TRIAL_ROUNDS_MIN;
}

static void leave_out(struct unmeasured *unmeasured, const char *id)
{
	size_t used = strlen(unmeasured->names);

	if (unmeasured->count++ < TRIAL_NAMED_MAX)
		snprintf(unmeasured->names + used,
			 sizeof(unmeasured->names) - used, "%s%.40s",
			 used ? ", " : "", id);
}

/* Adds the queue if enough rounds of the plan then still fit. */
static int try_queue(struct plan *plan, const char *id,
		     const struct wishes *wishes, double budget_s,
		     const struct topology *topology,
		     struct unmeasured *unmeasured, struct fault *fault)
{
	size_t cells = plan->count + WAITS_COUNT; /* at most */
	double one = plan_seconds(plan, 1) /
		     (double)(plan->count ? plan->count : 1);

	if (plan->count &&
	    (double)rounds_for(cells) * (double)cells * one > budget_s) {
		leave_out(unmeasured, id);
		return 0;
	}
	return add_queue(plan, id, wishes, topology, fault);
}

static int refuse_budget(const struct plan *plan, const struct wishes *wishes,
			 struct fault *fault)
{
	int64_t rounds = rounds_for(plan->count);
	double seconds = plan_seconds(plan, rounds);
	bool lowest = strcmp(wishes->percentile, "p50") == 0;

	return fault_set(
		fault, EXIT_USAGE,
		"%s at this rate needs %.3g s for each observation, so %lld "
		"rounds take %.0f s; choose %s--budget %.0fs",
		wishes->percentile,
		(double)window_ns(wishes) / RINGBENCH_NS_PER_S,
		(long long)rounds, seconds,
		lowest ? ""
		       : "a lower percentile such as --latency p50:TIME, or ",
		ceil(seconds));
}

int trial_plan(struct plan *plan, const struct wishes *wishes,
	       int64_t budget_ns, const struct topology *topology,
	       struct unmeasured *unmeasured, struct fault *fault)
{
	double budget_s = (double)budget_ns / RINGBENCH_NS_PER_S;
	struct backend_choice choice;
	int error = 0;

	*unmeasured = (struct unmeasured){ .count = 0 };
	if (window_ns(wishes) > budget_ns)
		return fault_set(fault, EXIT_USAGE,
				 "%s at this rate needs %.3g s for each "
				 "observation; choose a lower percentile such "
				 "as --latency p50:TIME, or a longer --budget",
				 wishes->percentile,
				 (double)window_ns(wishes) /
					 RINGBENCH_NS_PER_S);
	plan_init(plan, "recommend");
	plan->retry = 0; /* the budget has no time for further attempts */
	for (size_t i = 0; i < sizeof(first) / sizeof(*first) && !error; i++)
		if (registry_find_choice(first[i], &choice) &&
		    may_serve(choice.backend, wishes))
			error = try_queue(plan, first[i], wishes, budget_s,
					  topology, unmeasured, fault);
	for (size_t i = 0; registry_choice(i, &choice) && !error; i++)
		if (!is_first(choice.id) && may_serve(choice.backend, wishes))
			error = try_queue(plan, choice.id, wishes, budget_s,
					  topology, unmeasured, fault);
	if (error)
		return error;
	if (plan->count == 0 && plan->skipped_count)
		return fault_set(fault, EXIT_USAGE,
				 "no queue can be measured with this load: %s",
				 plan->skipped[0].reason);
	if (plan->count == 0)
		return fault_set(fault, EXIT_USAGE,
				 "no queue of this build meets --order, "
				 "--blocking and --bounded for these threads; "
				 "see `ringbench list backends`");
	plan->rounds = (int64_t)(budget_s / plan_seconds(plan, 1));
	if (plan->rounds < rounds_for(plan->count)) {
		struct wishes easier = *wishes;

		if (wishes->latency_ns ||
		    strcmp(wishes->percentile, "p50") == 0)
			return refuse_budget(plan, wishes, fault);
		easier.percentile = "p50";
		plan_free(plan);
		return trial_plan(plan, &easier, budget_ns, topology,
				  unmeasured, fault);
	}
	if (plan->rounds > TRIAL_ROUNDS_MAX)
		plan->rounds = TRIAL_ROUNDS_MAX;
	return 0;
}

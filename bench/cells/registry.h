/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All backends and scenarios. The tables are made at build time from the
 * files in bench/backends/ and bench/scenarios/; there is no list to edit.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "backend.h"
#include "scenario.h"

/* A backend that is another program; bench/backends/NAME.external. */
struct external {
	const char *id;
	const char *summary;
	const char *command; /* words separated by blanks */
	/* What it can do: " wait poll spin; placement any;", a parameter and
	 * its values; parameters that are not in it are not restricted. */
	const char *only;
};

/* A backend that this build lacks, and the package that it needs. */
struct left_out {
	const char *id;
	const char *package;
};

/*
 * A value of --backend. Exactly one of `backend`, `external` and `needs` is
 * set. In a scenario without a queue none of them is set, and `id` names what
 * replaces the queue.
 */
struct backend_choice {
	const char *id;
	const char *summary;
	const struct backend *backend;
	const struct external *external;
	/* the missing package, if this build lacks the backend */
	const char *needs;
};

extern const struct backend *const registry_backends[];
extern const struct external registry_externals[];
extern const struct left_out registry_left_out[]; /* ends with no id */
extern const struct scenario *const registry_scenarios[];
extern const size_t registry_backend_count;
extern const size_t registry_external_count;
extern const size_t registry_scenario_count;

/*
 * The available backends by position, built-in backends first. False: past the
 * end.
 */
bool registry_choice(size_t position, struct backend_choice *choice);
/* Finds a backend by name, also one that this build lacks (`needs` is set). */
bool registry_find_choice(const char *id, struct backend_choice *choice);
/*
 * Whether a known backend of this name measures the harness cost or a bound and
 * is not a queue.
 */
bool registry_is_not_a_queue(const char *id);
const struct scenario *registry_find_scenario(const char *id);

/*
 * A parameter or metric that two scenarios declare differently, as a sentence;
 * NULL: none.
 */
const char *registry_conflict(void);

#endif
